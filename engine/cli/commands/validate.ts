import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../figures.ts';
import { printHints } from '../hint-lines.ts';
import { loadDocument } from '../load-document.ts';
import { createTerminal } from '../terminal.ts';

export function addValidate(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('validate')
    .description('check a document and name everything that is wrong with it; starts nothing')
    .argument('<file>', 'document to check')
    .option('--hints', 'say besides what is weak in it, why, and which experiment shows it')
    .action((file: string, { hints }: { hints?: boolean }) => act(() => validate(file, hints === true)));
}

async function validate(file: string, withHints: boolean): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const document = await loadDocument(file);
  const { name, nodes, edges, scenarios, experiments } = document;
  const parts = [
    plural(nodes.length, 'node'),
    plural(edges.length, 'edge'),
    plural(scenarios.length, 'scenario'),
    plural(experiments.length, 'experiment'),
  ];
  terminal.line(`${terminal.style('green', 'valid')} ${name}: ${parts.join(', ')}`);
  if (withHints) printHints(terminal, document);
  return exitCodes.ok;
}
