import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../api/types.ts';
import { openDocument } from '../documents/open.ts';
import { examplesDirectory, listTemplates } from '../documents/templates.ts';
import { commandDefinition } from '../kinds/command/definition.ts';
import { findProgram } from '../kinds/command/find-program.ts';
import type { ArchipelNode } from '../model/document.ts';
import { runCli } from './cli.fixture.ts';

const templates = await listTemplates();

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

/** Horizontal and vertical room that a card needs on the canvas. */
const CARD_WIDTH = 260;
const CARD_HEIGHT = 140;

describe.each(templates.map(({ name, path }) => [name, path] as const))('%s', (_, path) => {
  it('is laid out without overlaps, callers left of those they call', async () => {
    const { nodes, edges } = (await openDocument(path)).document;
    const positionOf = (id: string) =>
      nodes.find((node) => node.id === id)?.position ?? { x: Number.NaN, y: Number.NaN };
    for (const { source, target } of edges)
      expect(positionOf(target).x - positionOf(source).x).toBeGreaterThanOrEqual(CARD_WIDTH);
    for (const a of nodes)
      for (const b of nodes)
        if (a !== b)
          expect(
            Math.abs(a.position.x - b.position.x) >= CARD_WIDTH || Math.abs(a.position.y - b.position.y) >= CARD_HEIGHT,
          ).toBe(true);
  });

  it('demonstrates its statement', { timeout: 90_000 }, async ({ skip }) => {
    const { experiments, nodes } = (await openDocument(path)).document;
    const missing = programsMissingFor(nodes);
    skip(missing.length > 0, missing.join('; '));
    expect(experiments.length).toBeGreaterThan(0);
    for (const { name } of experiments) {
      const { exitCode, stdout, stderr } = await runCli('experiment', path, '--name', name, '--json', '-');
      expect(exitCode, stderr).toBe(0);
      const { verdict, probes, faults, conservation, recoveryMs } = JSON.parse(stdout) as ExperimentResult;
      expect(verdict).toBe('passed');
      expect(probes.filter(({ holds }) => !holds)).toEqual([]);
      expect(faults.map(({ proofOfEffect, proofOfRemoval }) => [proofOfEffect?.holds, proofOfRemoval?.holds])).toEqual(
        faults.map(() => [true, true]),
      );
      expect(conservation.holds).toBe(true);
      expect(recoveryMs).toBeLessThan(5000);
    }
  });
});
