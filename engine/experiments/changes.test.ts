import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../api/types.ts';
import type { Experiment, MethodStep } from '../model/experiment.ts';
import { runExperiment } from './runner.ts';
import { createScriptedWorld, killExperiment, type Script, START_MS, shop } from './scripted-world.fixture.ts';

const served: Experiment['during'] = [{ name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.99 } }];
const nobodyServed: Experiment['during'] = [
  { name: 'nobody is served', measure: { type: 'success-ratio' }, tolerance: { max: 0.01 } },
];

async function run(step: MethodStep, during: Experiment['during'], script: Script = {}) {
  const world = createScriptedWorld(shop, script);
  const experiment = killExperiment({ method: [step], during });
  const signal = new AbortController().signal;
  return { world, result: await runExperiment({ document: shop, experiment, world, signal }) };
}

const windowOf = ({ probes }: ExperimentResult) => probes.find(({ phase }) => phase === 'during')?.window;
const events = ({ journal }: ExperimentResult): string[] => journal.map(({ event }) => event);

describe('a step that scales', () => {
  const step: MethodStep = { type: 'scale', node: 'shop', replicas: 3, durationMs: 2000 };

  it('is probed from when the replicas take requests, and is taken back after its time', async () => {
    const { result, world } = await run(step, served);
    expect(result.verdict).toBe('passed');
    expect(world.calls.filter((call) => call.startsWith('scale'))).toEqual(['scale shop to 3', 'scale shop to 1']);
    expect(result.probes.find(({ phase }) => phase === 'during')?.fault).toBe('scale-1');
    expect(events(result)).toContain('shop has 3 replicas that take requests, 1 before');
    // Starting, warm-up, steady state and the scaling itself lie before it.
    expect(windowOf(result)?.fromMs).toBeGreaterThanOrEqual(START_MS + 400 + 1000 + 3000 + 200);
  });

  it('that fails proves nothing', async () => {
    const { result } = await run(step, served, { scale: 'throws' });
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons).toEqual(['The change scale-1 failed: The scaling broke.']);
  });
});

describe('a step that deploys', () => {
  const step: MethodStep = { type: 'deploy', node: 'shop', version: 'v2', durationMs: 3000 };

  it('is probed from its first process on, and is rolled back after its time', async () => {
    const { result, world } = await run(step, nobodyServed);
    expect(result.reasons).toEqual([expect.stringContaining('All 3 probes hold')]);
    expect(result.verdict).toBe('passed');
    expect(world.calls).toContain('roll back shop');
    expect(events(result)).toContain('shop v2 is rolled back (it was bad) in 100 ms');
    expect(result.recoveryMs).toBeGreaterThan(0);
  });

  it('that was rolled back by itself is probed to the end of its time all the same', async () => {
    const half: Experiment['during'] = [
      { name: 'two thirds served', measure: { type: 'success-ratio' }, tolerance: { min: 0.6, max: 0.72 } },
    ];
    const { result, world } = await run(step, half, { deploy: { rollsBackAfterMs: 1000 } });
    expect(result.verdict).toBe('passed');
    expect(world.calls).not.toContain('roll back shop');
    expect(result.recoveryMs).toBeLessThan(200);
  });

  it('that never comes to its first process proves nothing', async () => {
    const { result } = await run(step, served, { deploy: { neverRollsOut: true } });
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons).toEqual(['The change deploy-1 failed: nothing was built.']);
  });
});

it('a time that is only observed is probed, and the steady state must hold after it', async () => {
  const { result } = await run({ type: 'observe', title: 'a usual hour', durationMs: 2000 }, served);
  expect(result.verdict).toBe('passed');
  const window = windowOf(result);
  expect((window?.toMs ?? 0) - (window?.fromMs ?? 0)).toBeGreaterThan(1500);
  expect(events(result)).toContain('observing: a usual hour');
});

it('what is of a change cannot be measured where nothing was changed', async () => {
  const { result } = await run({ type: 'observe', title: 'nothing', durationMs: 2000 }, [
    { name: 'blast radius', measure: { type: 'blast-radius', node: 'shop' }, tolerance: { max: 1 } },
    { name: 'time to scale', measure: { type: 'time-to-scale', node: 'shop' }, tolerance: { max: 1000 } },
  ]);
  expect(result.verdict).toBe('inconclusive');
});
