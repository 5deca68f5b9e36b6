import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { importCompose, isComposeFile } from '../../documents/compose/import.ts';
import { readDocumentBytes } from '../../documents/read.ts';
import { saveDocument } from '../../documents/save.ts';
import { ArchipelError } from '../../model/error.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../figures.ts';
import { createTerminal } from '../terminal.ts';

export function addImport(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('import')
    .description('make a document of a docker-compose file; nothing is pulled, built or run')
    .argument('<file>', 'docker-compose.yml')
    .option('--out <file>', 'document to write (default: beside the file, named after it)')
    .action((file: string, options: { out?: string }) => act(() => importFile(file, options.out)));
}

async function importFile(file: string, out: string | undefined): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const source = resolve(file);
  if (!isComposeFile(source))
    throw new ArchipelError('document-unreadable', `${source} is no YAML by its name`, 'Name a docker-compose.yml.');
  const bytes = await readDocumentBytes(source);
  const { document, notes } = importCompose(bytes.toString('utf8'), basename(source));
  const target = resolve(out ?? join(dirname(source), basename(source).replace(/\.ya?ml$/i, '.archipel.json')));
  const exists = await access(target).then(
    () => true,
    () => false,
  );
  if (exists) throw new ArchipelError('document-conflict', `${target} exists already`, 'Name another file with --out.');
  await saveDocument({ path: target, document, expectedRevision: null });
  terminal.line(
    `${terminal.style('green', 'imported')} ${target}: ${plural(document.nodes.length, 'node')}, ${plural(document.edges.length, 'edge')}`,
  );
  for (const { service, message } of notes) terminal.line(`  ${terminal.style('bold', service)}  ${message}`);
  return exitCodes.ok;
}
