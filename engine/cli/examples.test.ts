import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AbFindings, ExperimentResult } from '../api/types.ts';
import { catalogue } from '../catalogue.ts';
import { openDocument } from '../documents/open.ts';
import { examplesDirectory, listTemplates } from '../documents/templates.ts';
import { commandDefinition } from '../kinds/command/definition.ts';
import { findProgram } from '../kinds/command/find-program.ts';
import type { KindDefinition } from '../model/definition.ts';
import type { ArchipelNode } from '../model/document.ts';
import { conclusive, INCONCLUSIVE, MOST_RUNS, runCli } from './cli.fixture.ts';
import { absenceOf } from './examples-absent.fixture.ts';

/** How often each is run: `ARCHIPEL_REPEAT=3 npx vitest run engine/cli/examples.test.ts`. */
const repeats = Number(process.env.ARCHIPEL_REPEAT ?? 1);
/** `ARCHIPEL_ABSENT=1` runs each without what it shows as well: it must fail then. Without it, only one is. */
const isAbsentTried = (of: string): boolean =>
  process.env.ARCHIPEL_ABSENT === '1' || of === 'load-balancer-sinkhole/one-replica-fails-fast';

const templates = await Promise.all(
  (await listTemplates()).map(async ({ name, path }) => ({
    name,
    path,
    document: (await openDocument(path)).document,
  })),
);
const experiments = templates.flatMap(({ name, path, document }) =>
  document.experiments.map(
    (experiment) => [`${name}/${experiment.name}`, { name, path, document, experiment }] as const,
  ),
);

/** Why programs of the nodes cannot run on this machine, e.g. an interpreter that is not installed. */
const programsMissingFor = (nodes: readonly ArchipelNode[]): string[] =>
  nodes.flatMap(({ kind, config }) => {
    if (kind !== commandDefinition.kind) return [];
    const { command, alternatives } = commandDefinition.config.parse(config);
    try {
      findProgram([command, ...alternatives], { directory: examplesDirectory(), env: process.env });
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });

/** Horizontal room that a card needs on the canvas, and vertical room by what is on it, as the window draws it. */
const CARD_WIDTH = 260;
const CARD_HEIGHT = 170;
const heightOf = ({ kind, config }: ArchipelNode): number => {
  const definition: KindDefinition | undefined = catalogue.kinds.find((candidate) => candidate.kind === kind);
  const keeping = definition?.destinations?.(config)?.filter(({ pattern }) => pattern !== 'exchange').length ?? 0;
  // What runs on demand has three lines of figures more.
  const onDemand = definition?.measures?.some(({ id }) => id === 'environments') ? 75 : 0;
  // A broker has a line for each of its first three queues or topics, and one for the others.
  return onDemand + CARD_HEIGHT + (keeping > 0 ? 50 : 0) + 42 * Math.min(3, keeping) + (keeping > 3 ? 15 : 0);
};

describe.each(templates.map(({ name, document }) => [name, document] as const))('%s', (_, document) => {
  it('is laid out without overlaps, callers left of those they call', () => {
    const { nodes, edges } = document;
    const positionOf = (id: string) =>
      nodes.find((node) => node.id === id)?.position ?? { x: Number.NaN, y: Number.NaN };
    for (const { source, target } of edges)
      expect(positionOf(target).x - positionOf(source).x).toBeGreaterThanOrEqual(CARD_WIDTH);
    for (const a of nodes)
      for (const b of nodes)
        if (a !== b)
          expect(
            Math.abs(a.position.x - b.position.x) >= CARD_WIDTH ||
              a.position.y + heightOf(a) <= b.position.y ||
              b.position.y + heightOf(b) <= a.position.y,
            `${a.name} beside ${b.name}`,
          ).toBe(true);
  });

  it('has an experiment', () => expect(document.experiments.length).toBeGreaterThan(0));
});

const RUN_MS = 60_000;

describe.each(experiments)('%s', (title, { name, path, document, experiment }) => {
  it('demonstrates its statement', { timeout: MOST_RUNS * repeats * RUN_MS }, async ({ skip }) => {
    const missing = programsMissingFor(document.nodes);
    skip(missing.length > 0, missing.join('; '));
    for (let run = 0; run < repeats; run += 1) {
      const measure = () => runCli('experiment', path, '--name', experiment.name, '--json', '-');
      const { exitCode, stdout, stderr } = await conclusive(measure);
      expect(exitCode, stderr).toBe(0);
      const { verdict, probes, faults, conservation, recoveryMs } = JSON.parse(stdout) as ExperimentResult;
      expect(verdict).toBe('passed');
      expect(probes.filter(({ holds }) => !holds)).toEqual([]);
      expect(faults.map(({ proofOfEffect, proofOfRemoval }) => [proofOfEffect?.holds, proofOfRemoval?.holds])).toEqual(
        faults.map(() => [true, true]),
      );
      expect(conservation.holds).toBe(true);
      expect(recoveryMs).toBeLessThanOrEqual(experiment.recoveryWithinMs);
    }
  });

  it('fails where what it shows is not there', { timeout: MOST_RUNS * RUN_MS }, async ({ skip }) => {
    skip(!isAbsentTried(title), 'it is tried with ARCHIPEL_ABSENT=1, since it takes as long as the experiment');
    const missing = programsMissingFor(document.nodes);
    skip(missing.length > 0, missing.join('; '));
    const changed = structuredClone(document);
    absenceOf(name, experiment.name)(changed, experiment.name);
    // What is relative to the document stays where it is.
    for (const { kind, config } of changed.nodes)
      if (kind === commandDefinition.kind)
        config.workingDirectory = resolve(examplesDirectory(), String(config.workingDirectory ?? ''));
    const directory = await mkdtemp(join(tmpdir(), 'archipel-absent-'));
    try {
      const file = join(directory, 'absent.archipel.json');
      await writeFile(file, JSON.stringify(changed));
      // A copy has other code than what is trusted as shipped.
      const measure = () => runCli('experiment', file, '--trust', '--name', experiment.name, '--json', '-');
      const { exitCode, stdout, stderr } = await conclusive(measure);
      expect(exitCode, stderr).toBe(1);
      const { verdict, reasons } = JSON.parse(stdout) as ExperimentResult;
      expect(verdict, reasons.join('\n')).toBe('failed');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

const comparisons = (await readdir(examplesDirectory())).filter((name) => name.endsWith('.comparison.json'));

describe.each(comparisons)('%s', (file) => {
  it('shows what it expects', { timeout: repeats * 480_000 }, async ({ skip }) => {
    for (let run = 0; run < repeats; run += 1) {
      const compare = () => runCli('ab', join(examplesDirectory(), file), '--json', '-');
      let { exitCode, stdout, stderr } = await compare();
      // Of so many runs one is easily disturbed, and then says so.
      if (exitCode === INCONCLUSIVE) ({ exitCode, stdout, stderr } = await compare());
      skip(exitCode === INCONCLUSIVE, 'inconclusive: the machine was too busy');
      expect(exitCode, stderr).toBe(0);
      const { verdict, expected } = JSON.parse(stdout) as AbFindings;
      expect(expected.filter(({ outcome }) => outcome !== 'shown')).toEqual([]);
      expect(verdict).toBe('passed');
    }
  });
});
