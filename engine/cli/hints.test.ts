import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentOf } from '../api/fixtures.ts';
import type { ExperimentResult } from '../api/types.ts';
import { catalogue } from '../catalogue.ts';
import { cases } from '../model/hints/documents.fixture.ts';
import { provable } from '../model/hints/hint.ts';
import { hintsOf, proofDocument } from '../model/hints/index.ts';
import { conclusive, MOST_RUNS, runCli } from './cli.fixture.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-hints-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const weak = (rule: string) => documentOf(cases[rule]?.weak ?? {});

it('archipel validate --hints says what is weak, why, and what shows it', async () => {
  const file = join(directory, 'weak.archipel.json');
  await writeFile(file, JSON.stringify(weak('retries-without-budget')));
  const { exitCode, stdout } = await runCli('validate', '--hints', file);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/hint Retries without a budget: shop, stock, shop-stock/);
  expect(stdout).toMatch(/asks up to 4 times for each request/);
  expect(stdout).toMatch(/→ Give the retries a budget/);
  expect(stdout).toMatch(/experiment: While stock cannot be reached/);
  expect((await runCli('validate', file)).stdout).not.toContain('hint');
});

it.each(['no-health-checks', 'cache-without-single-flight'])(
  'the experiment of the hint %s shows the damage on real processes',
  { timeout: MOST_RUNS * 60_000 },
  async (rule) => {
    const document = weak(rule);
    const hint = hintsOf(document, catalogue).find((found) => found.rule === rule);
    const proof = hint && provable(hint);
    if (!proof) throw new Error(`no proof of ${rule}`);
    const file = join(directory, `${rule}.archipel.json`);
    await writeFile(file, JSON.stringify(proofDocument(document, proof)));
    const { exitCode, stdout, stderr } = await conclusive(() => runCli('experiment', file, '--json', '-'));
    expect(exitCode, stderr).toBe(0);
    const { verdict, reasons } = JSON.parse(stdout) as ExperimentResult;
    expect(verdict, reasons.join('\n')).toBe('passed');
  },
);
