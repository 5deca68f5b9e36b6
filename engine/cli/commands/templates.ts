import type { Command } from 'commander';
import { listTemplates } from '../../documents/templates.ts';
import { exitCodes } from '../exit-codes.ts';
import { createTerminal } from '../terminal.ts';

export function addTemplates(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('templates')
    .description('list the documents that come with Archipel')
    .action(() => act(templates));
}

async function templates(): Promise<number> {
  const terminal = createTerminal(process.stdout);
  for (const { name, title, description, path } of await listTemplates()) {
    terminal.line(`${terminal.style('bold', name)}  ${title}`);
    if (description) terminal.line(`  ${description}`);
    terminal.line(`  ${terminal.style('dim', path)}`);
  }
  return exitCodes.ok;
}
