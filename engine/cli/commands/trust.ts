import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createTrust } from '../../documents/trust.ts';
import type { CodePart } from '../../model/code.ts';
import { ArchipelError } from '../../model/error.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../figures.ts';
import { loadDraft } from '../load-document.ts';
import { createTerminal, type Terminal } from '../terminal.ts';

interface TrustOptions {
  list?: boolean;
  revoke?: boolean;
}

export function addTrust(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('trust')
    .description('show the code that a document holds, and let it run from now on; a later change to it asks again')
    .argument('[file]', 'document to trust')
    .option('--list', 'list the files that you trust')
    .option('--revoke', 'trust the file no longer')
    .action((file: string | undefined, options: TrustOptions) =>
      act(async () => {
        if (options.list) return list();
        if (file === undefined)
          throw new ArchipelError('not-found', 'no document was named', 'Name the document to trust, or use --list.');
        return options.revoke ? revoke(file) : trustFile(file);
      }),
    );
}

async function trustFile(file: string): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const document = await loadDraft(file);
  const trust = createTrust();
  const { trusted, code } = await trust.ofFile(file, document);
  if (code.length === 0) {
    terminal.line(`${file} holds no code; it needs no trust.`);
    return exitCodes.ok;
  }
  printCode(terminal, code);
  if (trusted) terminal.line(`${file} is trusted already.`);
  else {
    await trust.trust({ path: resolve(file), document });
    terminal.line(`${terminal.style('green', 'trusted')} ${file}: this code may run on your machine from now on.`);
  }
  return exitCodes.ok;
}

function printCode(terminal: Terminal, code: readonly CodePart[]): void {
  for (const { nodeId, path, text } of code) {
    terminal.line(`${terminal.style('bold', nodeId)} ${terminal.style('dim', path)}`);
    for (const line of text.split('\n')) terminal.line(`    ${line}`);
  }
}

async function list(): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const files = await createTrust().list();
  if (files.length === 0) terminal.line('No file is trusted, beside the examples that came with Archipel.');
  for (const { path, atMs } of files) terminal.line(`${new Date(atMs).toISOString().slice(0, 16)}  ${path}`);
  return exitCodes.ok;
}

async function revoke(file: string): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const count = await createTrust().revoke(file);
  terminal.line(
    count === 0 ? `${file} was not trusted.` : `${file} is trusted no longer (${plural(count, 'version')} of it were).`,
  );
  return exitCodes.ok;
}
