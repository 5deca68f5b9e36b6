import { TRPCError } from '@trpc/server';
import type { DocumentError } from '../model/definition.ts';
import { type ArchipelError, toArchipelError } from '../model/error.ts';
import { plural } from './figures.ts';
import type { Terminal } from './terminal.ts';

/** The engine's own error, also when it came through the contract. */
export const engineError = (error: unknown): ArchipelError =>
  toArchipelError(error instanceof TRPCError ? (error.cause ?? error) : error);

export function printError(terminal: Terminal, error: ArchipelError): void {
  terminal.line(`${terminal.style('red', 'error')} ${error.message}`);
  if (error.errors.length > 0) printProblems(terminal, error.errors);
  terminal.line(`  → ${error.nextStep}`);
  if (error.code === 'internal' && error.cause instanceof Error)
    terminal.line(terminal.style('dim', error.cause.stack ?? ''));
}

function printProblems(terminal: Terminal, problems: readonly DocumentError[]): void {
  for (const { path, message, nextStep } of problems) {
    terminal.line(`  ${terminal.style('bold', path)} ${message}`);
    terminal.line(`    → ${nextStep}`);
  }
}

export const problemCount = (problems: readonly DocumentError[]): string => plural(problems.length, 'problem');
