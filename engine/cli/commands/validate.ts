import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../figures.ts';
import { loadDocument } from '../load-document.ts';
import { createTerminal } from '../terminal.ts';

export function addValidate(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('validate')
    .description('check a document and name everything that is wrong with it; starts nothing')
    .argument('<file>', 'document to check')
    .action((file: string) => act(() => validate(file)));
}

async function validate(file: string): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const { name, nodes, edges, scenarios, experiments } = await loadDocument(file);
  const parts = [
    plural(nodes.length, 'node'),
    plural(edges.length, 'edge'),
    plural(scenarios.length, 'scenario'),
    plural(experiments.length, 'experiment'),
  ];
  terminal.line(`${terminal.style('green', 'valid')} ${name}: ${parts.join(', ')}`);
  return exitCodes.ok;
}
