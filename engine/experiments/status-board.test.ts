import { describe, expect, it } from 'vitest';
import type { ExperimentStatus } from '../api/types.ts';
import { type Experiment, experimentSchema } from '../model/experiment.ts';
import { runExperiment } from './runner.ts';
import { createScriptedWorld, killExperiment, shop } from './scripted-world.fixture.ts';

type Seen = ExperimentStatus & { atMs: number };

async function watch(changes: Partial<Record<keyof Experiment, unknown>> = {}): Promise<Seen[]> {
  const experiment = experimentSchema.parse({ ...killExperiment(), ...changes });
  const world = createScriptedWorld(shop, {});
  const seen: Seen[] = [];
  await runExperiment({
    document: shop,
    experiment,
    world,
    signal: new AbortController().signal,
    onStatus: (status) => void seen.push(structuredClone({ ...status, atMs: world.now() })),
  });
  return seen;
}

const asks = (name: string) => ({
  name,
  measure: { type: 'http', node: 'shop' },
  tolerance: { equals: 200 },
  everyMs: 500,
});

describe('who watches an experiment sees', () => {
  it('what the probes of its phase measure now, and of the fault that is on', async () => {
    const seen = await watch();
    const before = seen.filter(({ phase, probes }) => phase === 'steady-state' && probes.length > 0);
    expect(before.length).toBeGreaterThanOrEqual(5);
    expect(before.at(-1)?.probes).toMatchObject([{ name: 'all served', phase: 'before', value: 1, holds: true }]);
    const during = seen.filter(({ probes }) => probes[0]?.phase === 'during').at(-1);
    expect(during?.probes).toMatchObject([
      { name: 'no orders', fault: 'kill-1', value: 0, holds: true, inconclusive: null },
      { name: 'no users', fault: 'kill-1' },
    ]);
    expect(during?.lastProbe).toEqual(during?.probes[0]);
    const after = seen.filter(({ phase, probes }) => phase === 'recovery' && probes.length > 0);
    expect(after.at(-1)?.probes).toMatchObject([{ name: 'all served', phase: 'after', value: 1 }]);
    // Just after the removal the newest time holds requests that failed.
    expect(after[0]?.probes[0]?.value).toBeLessThan(1);
  });

  it('every step that is active, side by side, until it has ended', async () => {
    const seen = await watch({
      method: [
        {
          type: 'parallel',
          branches: [
            [{ type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 2000 }],
            [{ type: 'wait', name: 'breathe', durationMs: 500 }],
          ],
        },
        { type: 'wait', name: 'calm', durationMs: 500 },
      ],
      rollbacks: [{ type: 'wait', name: 'settle', durationMs: 500 }],
    });
    const steps = seen.map(({ step }) => step).filter((step, index, all) => step !== all[index - 1]);
    expect(steps).toEqual([
      null,
      'fault kill',
      'fault kill, breathe',
      'fault kill',
      null,
      'calm',
      null,
      'settle',
      null,
    ]);
    const both = seen.find(({ step }) => step === 'fault kill, breathe');
    const active = both?.steps.filter(({ endedAtMs }) => endedAtMs === null).map(({ place }) => place);
    expect(active).toEqual(['method[0]', 'method[0].branches[0][0]', 'method[0].branches[1][0]']);
    expect(seen.at(-1)?.steps.map(({ place }) => place)).toContain('rollbacks[0]');
    expect(seen.at(-1)?.steps.every(({ endedAtMs }) => endedAtMs !== null)).toBe(true);
  });

  it('what a step waits for, as it was measured last', async () => {
    const seen = await watch({
      method: [
        { type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 1000 },
        { type: 'wait-until', probe: asks('it answers again'), timeoutMs: 5000 },
      ],
    });
    const waiting = seen.filter(({ lastProbe }) => lastProbe?.name === 'it answers again');
    expect(waiting[0]).toMatchObject({ step: 'waiting until it answers again' });
    expect(waiting.at(-1)?.lastProbe).toMatchObject({ observed: '200', holds: true });
  });

  it('a probe that looks, as its newest look has it', async () => {
    const seen = await watch({ during: [asks('it answers')] });
    const during = seen.filter(({ probes }) => probes[0]?.phase === 'during');
    expect(during.at(-1)?.probes).toMatchObject([
      { holds: false, observed: 'nothing: connection refused', samples: 1 },
    ]);
    const times = during.flatMap(({ probes }) => probes[0]?.window.toMs ?? []);
    expect(new Set(times).size).toBeGreaterThan(3);
  });

  it('how long the phase and the whole still take, also when a phase takes longer than planned', async () => {
    const seen = await watch({
      method: [
        { type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 1000 },
        // Planned as a tenth of its time, and never true.
        { type: 'wait-until', probe: { ...asks('never'), tolerance: { equals: 404 } }, timeoutMs: 4000 },
      ],
    });
    const method = seen.filter(({ phase }) => phase === 'method');
    const [first, last] = [method[0] as Seen, method.at(-1) as Seen];
    expect(first.phaseEndsAtMs - first.phaseStartedAtMs).toBe(1000 + 500 + 400);
    expect(last.atMs).toBeGreaterThan(last.phaseEndsAtMs);
    const restMs = first.expectedEndAtMs - first.phaseEndsAtMs;
    expect(restMs).toBe(1000 + 3000);
    expect(last.expectedEndAtMs).toBe(last.atMs + restMs);
    expect(seen.every(({ expectedEndAtMs, atMs }) => expectedEndAtMs >= atMs)).toBe(true);
  });
});
