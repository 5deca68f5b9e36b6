import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { isExperimentFile, readExperimentFile, withExperiment } from '../../documents/experiment-file.ts';
import { openDocument } from '../../documents/open.ts';
import { parseJson, readDocumentBytes } from '../../documents/read.ts';
import { saveDocument } from '../../documents/save.ts';
import { exportExperiment } from '../../experiments/chaostoolkit/export.ts';
import type { HttpTarget } from '../../experiments/chaostoolkit/http-probe.ts';
import { importExperiment } from '../../experiments/chaostoolkit/import.ts';
import { ArchipelError } from '../../model/error.ts';
import { exitCodes } from '../exit-codes.ts';
import { openJsonOutput } from '../json-output.ts';
import { loadDraft, pick } from '../load-document.ts';
import { createTerminal } from '../terminal.ts';

type Act = (work: () => Promise<number>, otherwise?: number) => Promise<void>;

/** Experiments in and out of documents: as files of their own, or in the words of Chaos Toolkit. */
export function addExperimentExchange(experiment: Command, act: Act): void {
  experiment
    .command('import')
    .description('take an experiment into a document: one of Chaos Toolkit, or an *.experiment.json')
    .argument('<file>', 'experiment of Chaos Toolkit (JSON), or *.experiment.json')
    .requiredOption('--into <document>', 'document that takes it in; one with its name is replaced')
    .option('--scenario <name>', 'what is sent (default: as it says, or the first of the document)')
    .option(
      '--host <host=node>',
      'which node, or edge with "edge:" before its id, a host of URLs is; may be given again (default: the node of that name)',
      collectHost,
      {},
    )
    .action((file: string, options: ImportOptions) => act(() => importInto(file, options)));
  experiment
    .command('export')
    .description('write an experiment of a document to a file of its own')
    .argument('<document>')
    .option('--name <name>', 'experiment to write (default: the first)')
    .option('--format <format>', '"archipel" or "chaostoolkit"', 'archipel')
    .option('--out <file>', 'where to; "-" is standard output', '-')
    .action((document: string, options: { name?: string; format: string; out: string }) =>
      act(() => exportFrom(document, options)),
    );
}

interface ImportOptions {
  into: string;
  scenario?: string;
  host: Record<string, HttpTarget>;
}

function collectHost(text: string, before: Record<string, HttpTarget>): Record<string, HttpTarget> {
  const [, host, edge, id] = /^([^=]+)=(edge:)?([^=]+)$/.exec(text) ?? [];
  if (host === undefined || id === undefined)
    throw new InvalidArgumentError('It is a host and a node, such as orders.example.com=orders.');
  return { ...before, [host]: edge === undefined ? { node: id } : { edge: id } };
}

async function importInto(file: string, options: ImportOptions): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const { document, path, revision } = await openDocument(options.into);
  const scenario = options.scenario ?? document.scenarios[0]?.name ?? null;
  const { experiment, reports } = isExperimentFile(file)
    ? { experiment: (await readExperimentFile(file)).experiment, reports: [] }
    : importExperiment(parseJson(resolve(file), await readDocumentBytes(file)), {
        scenario,
        nodes: document.nodes.map(({ id }) => id),
        targets: options.host,
      });
  const taken = options.scenario === undefined ? experiment : { ...experiment, scenario: options.scenario };
  const changed = withExperiment(document, taken, file);
  await saveDocument({ path, document: changed, expectedRevision: revision });
  terminal.line(`"${changed.experiments.at(-1)?.name}" is in ${path}.`);
  for (const report of reports) terminal.line(`  ${report}`);
  return exitCodes.ok;
}

async function exportFrom(file: string, options: { name?: string; format: string; out: string }): Promise<number> {
  const { name, format, out } = options;
  if (format !== 'archipel' && format !== 'chaostoolkit')
    throw new ArchipelError('not-found', `there is no format "${format}"`, 'Use "archipel" or "chaostoolkit".');
  const experiment = pick((await loadDraft(file)).experiments, name, 'experiment');
  const output = await openJsonOutput(out, '--out');
  await output.write(format === 'archipel' ? { format: 1, ...experiment } : exportExperiment(experiment));
  return exitCodes.ok;
}
