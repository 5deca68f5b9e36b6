import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../api/types.ts';
import { type Experiment, experimentSchema } from '../model/experiment.ts';
import { runExperiment } from './runner.ts';
import {
  createScriptedWorld,
  killExperiment,
  type Script,
  type ScriptedWorld,
  shop,
} from './scripted-world.fixture.ts';

type Written = Partial<Record<keyof Experiment, unknown>>;

const fault = { type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 2000 };

async function run(
  changes: Written,
  script: Script = {},
  abort = new AbortController(),
): Promise<{ result: ExperimentResult; world: ScriptedWorld; events: string }> {
  const experiment = experimentSchema.parse({ ...killExperiment(), ...changes });
  const world = createScriptedWorld({ ...shop, scenarios: [...shop.scenarios, night] }, script);
  const document = { ...shop, scenarios: [...shop.scenarios, night] };
  const result = await runExperiment({ document, experiment, world, signal: abort.signal });
  expect(world.faultsOn()).toBe(0);
  expect(world.calls.at(-1)).toBe('stop topology');
  return { result, world, events: result.journal.map(({ event }) => event).join('\n') };
}

const day = shop.scenarios[0] as (typeof shop.scenarios)[number];
const night = {
  ...day,
  name: 'night',
  traffic: day.traffic.map((source) => ({ ...source, ratePerSec: 200 })),
} as typeof day;

const stepAt = ({ steps }: ExperimentResult, place: string) => {
  const step = steps.find((one) => one.place === place);
  if (!step) throw new Error(`no step ${place}`);
  return step;
};

describe('the steps of a method', () => {
  it('run side by side in the branches of a parallel, each branch one after the other', async () => {
    const { result, world } = await run({
      method: [
        {
          type: 'parallel',
          branches: [
            [fault],
            [
              { type: 'wait', durationMs: 500 },
              { type: 'scale', node: 'shop', replicas: 2, durationMs: 1000 },
            ],
          ],
        },
      ],
    });
    expect(result.verdict).toBe('passed');
    const [kill, wait, scale] = [
      stepAt(result, 'method[0].branches[0][0]'),
      stepAt(result, 'method[0].branches[1][0]'),
      stepAt(result, 'method[0].branches[1][1]'),
    ];
    expect(scale.startedAtMs).toBe(wait.endedAtMs);
    expect(scale.startedAtMs).toBeLessThan(kill.endedAtMs as number);
    expect(world.calls.filter((call) => /inject|clear kill|scale/.test(call))).toEqual([
      'inject kill',
      'scale shop to 2',
      'scale shop to 1',
      'clear kill-1',
    ]);
  });

  it('in the background let the next one begin at once, and the method ends when they have', async () => {
    const { result } = await run({
      method: [
        { ...fault, background: true },
        { type: 'wait', durationMs: 300 },
      ],
    });
    expect(result.verdict).toBe('passed');
    const [kill, wait] = [stepAt(result, 'method[0]'), stepAt(result, 'method[1]')];
    expect(wait.endedAtMs).toBeLessThan(kill.endedAtMs as number);
    expect(result.impact?.window.fromMs).toBe(kill.begunAtMs);
  });

  it('pause before and after, as long as they say', async () => {
    const { result } = await run({
      method: [
        { ...fault, pauses: { beforeMs: 700, afterMs: 900 } },
        { type: 'wait', durationMs: 100 },
      ],
    });
    const [kill, wait] = [stepAt(result, 'method[0]'), stepAt(result, 'method[1]')];
    expect(wait.startedAtMs - (kill.startedAtMs as number)).toBeGreaterThan(2000 + 900);
  });

  it('wait for each other by name, until the other has begun or ended', async () => {
    const waitFor = (until: string) => ({ type: 'wait-for', step: 'the kill', until, name: until });
    const { result } = await run({
      method: [
        { type: 'parallel', branches: [[waitFor('begun')], [waitFor('ended')], [{ ...fault, name: 'the kill' }]] },
      ],
    });
    const kill = result.steps.find(({ name }) => name === 'the kill');
    const [begun, ended] = ['begun', 'ended'].map((wanted) => result.steps.find(({ name }) => name === wanted));
    expect(begun?.endedAtMs).toBeGreaterThanOrEqual(kill?.begunAtMs as number);
    expect(begun?.endedAtMs).toBeLessThan(kill?.endedAtMs as number);
    expect(ended?.endedAtMs).toBeGreaterThanOrEqual(kill?.endedAtMs as number);
    expect(result.verdict).toBe('passed');
  });

  it('wait until a probe holds, and prove nothing when it does not in time', async () => {
    const up = { name: 'up', measure: { type: 'process', node: 'shop' }, tolerance: { equals: 'ready' } };
    const held = await run({ method: [fault, { type: 'wait-until', probe: up }] });
    expect(held.result.verdict).toBe('passed');
    const gone = { ...up, tolerance: { equals: 'gone' } };
    const { result } = await run({ method: [fault, { type: 'wait-until', probe: gone, timeoutMs: 1000 }] });
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons).toEqual([
      'The step method[1] failed: "up" did not hold within 1000 ms: "ready", must be "gone".',
    ]);
  });

  it('measure a log over the newest time, and tell the lines that they found', async () => {
    const complaint = { name: 'complains', measure: { type: 'log', node: 'shop', pattern: 'shop is d.wn' } };
    const logs: Script['logs'] = ({ brokenAtMs }) =>
      brokenAtMs === null ? [] : [{ atMs: brokenAtMs + 300, text: 'the shop is down' }];
    const { result } = await run(
      {
        method: [
          { ...fault, background: true },
          { type: 'wait-until', probe: { ...complaint, tolerance: { equals: 1 } }, timeoutMs: 1500 },
          { type: 'probe', probe: { ...complaint, tolerance: { equals: 1 } } },
          { type: 'wait', durationMs: 1500 },
          { type: 'probe', probe: { ...complaint, name: 'silent', tolerance: { equals: 0 } }, windowMs: 1000 },
        ],
      },
      { logs },
    );
    expect(stepAt(result, 'method[1]').error).toBeNull();
    const [found, silent] = ['complains', 'silent'].map((name) => result.probes.find((one) => one.name === name));
    expect(found).toMatchObject({ holds: true, inconclusive: null, value: 1 });
    expect(found?.evidence.lines).toEqual([expect.objectContaining({ nodeId: 'shop', text: 'the shop is down' })]);
    expect(silent).toMatchObject({ holds: true, inconclusive: null, value: 0 });
    expect(silent?.evidence.lines).toBeUndefined();
  });

  it('end with the one beside them that had no effect', async () => {
    const { result, world } = await run(
      { method: [{ type: 'parallel', branches: [[{ type: 'wait', durationMs: 60_000 }], [fault]] }] },
      { effect: { holds: false } },
    );
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons[0]).toMatch(/kill-1\) had no proven effect/);
    expect(world.now() - result.startedAtMs).toBeLessThan(20_000);
  });

  it('measure a probe where they stand', async () => {
    const probe = { name: 'down', measure: { type: 'http', node: 'shop' }, tolerance: { equals: 200 } };
    const { result } = await run({
      method: [
        { ...fault, background: true },
        { type: 'wait', durationMs: 500 },
        { type: 'probe', probe },
      ],
    });
    const measured = result.probes.find(({ phase }) => phase === 'method');
    expect(measured).toMatchObject({ name: 'down', holds: false, observed: 'nothing: connection refused', samples: 1 });
    expect(result.verdict).toBe('failed');
  });
});

describe('a change without a duration', () => {
  it('of a config stays until the end of the method, is taken back as it was, and is measured on', async () => {
    const { result, world } = await run({
      method: [
        { type: 'edit', target: { node: 'shop' }, config: { slots: 1 } },
        { type: 'wait', durationMs: 2000 },
      ],
      during: [{ name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.99 } }],
    });
    expect(world.calls.filter((call) => call.startsWith('configure'))).toEqual([
      'configure shop {"replicas":1,"slots":1}',
      'configure shop {"replicas":1}',
    ]);
    expect(result.verdict).toBe('passed');
    expect(result.probes.filter(({ phase }) => phase === 'during')).toMatchObject([{ fault: 'edit-1', holds: true }]);
  });

  it('that cannot be made proves nothing', async () => {
    const { result } = await run(
      { method: [{ type: 'edit', target: { node: 'shop' }, config: { slots: 1 } }] },
      { configure: 'throws' },
    );
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons[0]).toBe('The change edit-1 failed: The change broke.');
  });

  it('of the traffic sends another scenario, counts it with the rest, and goes back to the first', async () => {
    const { result, world } = await run({
      method: [
        { type: 'traffic', action: 'change', scenario: 'night' },
        { type: 'wait', durationMs: 3000 },
      ],
      during: [{ name: 'twice as much', measure: { type: 'throughput' }, tolerance: { min: 180, max: 220 } }],
    });
    expect(result.verdict).toBe('passed');
    expect(world.calls.filter((call) => call.startsWith('start traffic'))).toHaveLength(3);
    expect(result.conservation.holds).toBe(true);
    expect(result.traffic.issued).toBeGreaterThan(1000);
  });
});

describe('rollbacks', () => {
  const rollbacks = [
    { type: 'scale', node: 'shop', replicas: 1 },
    { type: 'edit', target: { node: 'shop' }, config: { slots: 4 } },
  ];

  it('run after the method and before the recovery is looked for', async () => {
    const { result, world } = await run({ rollbacks });
    expect(result.verdict).toBe('passed');
    expect(result.rollbacks).toMatchObject([
      { type: 'scale', error: null },
      { type: 'edit', error: null },
    ]);
    const [clear, scale] = ['clear kill-1', 'scale shop to 1'].map((call) => world.calls.indexOf(call));
    expect(clear).toBeLessThan(scale as number);
  });

  it('run after an abort, too, once everything is taken back', async () => {
    const abort = new AbortController();
    const { result, world, events } = await run({ rollbacks }, { at: { ms: 6000, run: () => abort.abort() } }, abort);
    expect(result.verdict).toBe('aborted');
    expect(result.rollbacks).toMatchObject([{ error: null }, { error: null }]);
    expect(world.calls.slice(-5)).toEqual([
      'scale shop to 1',
      'configure shop {"replicas":1,"slots":4}',
      'clear all faults',
      'stop traffic',
      'stop topology',
    ]);
    expect(events).toMatch(/removal proven[\s\S]*phase: rollback[\s\S]*verdict: aborted/);
  });

  it('that fail are told, and keep no other from running', async () => {
    const { result } = await run({ rollbacks: [...rollbacks].reverse() }, { configure: 'throws' });
    expect(result.rollbacks).toMatchObject([
      { type: 'edit', error: 'The change edit-1 failed: The change broke.' },
      { type: 'scale', error: null },
    ]);
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons).toEqual(['The rollback 1 (edit) failed: The change edit-1 failed: The change broke.']);
  });

  it('have nothing to do where the topology did not start', async () => {
    const { result } = await run({ rollbacks }, { startTopology: 'throws' });
    expect(result).toMatchObject({ verdict: 'aborted', rollbacks: [] });
  });
});

describe('a stop condition', () => {
  const condition = (tolerance: object, windowMs = 1000) => [
    { probe: { name: 'enough are served', measure: { type: 'success-ratio' }, tolerance }, windowMs },
  ];

  it('ends the experiment at once when its probe surely does not hold, with the fault off', async () => {
    const long = { ...fault, durationMs: 60_000 };
    const { result, world } = await run({ method: [long], stopConditions: condition({ min: 0.5 }) });
    expect(result).toMatchObject({ verdict: 'aborted', stoppedBy: 'enough are served' });
    expect(result.reasons[0]).toMatch(
      /^The stop condition "enough are served" is met: measured 0\.\d+, must be at least 0\.5\.$/,
    );
    expect(result.faults[0]).toMatchObject({ state: 'off', endedBy: 'cleared' });
    const heldMs = (result.faults[0]?.endedAtMs ?? 0) - (result.faults[0]?.startedAtMs ?? 0);
    expect(heldMs).toBeLessThan(4000);
    expect(world.calls).toContain('clear kill-1');
  });

  it('that looks ends it, too', async () => {
    const probe = {
      name: 'alive',
      measure: { type: 'process', node: 'shop', read: 'alive' },
      tolerance: { equals: true },
    };
    const { result } = await run({ stopConditions: [{ probe }] });
    expect(result).toMatchObject({ verdict: 'aborted', stoppedBy: 'alive' });

    const quiet = { name: 'quiet', measure: { type: 'log', node: 'shop', pattern: 'FATAL' }, tolerance: { max: 0 } };
    const logs: Script['logs'] = ({ brokenAtMs }) => (brokenAtMs === null ? [] : [{ atMs: brokenAtMs, text: 'FATAL' }]);
    const loud = await run({ stopConditions: [{ probe: quiet }] }, { logs });
    expect(loud.result).toMatchObject({ verdict: 'aborted', stoppedBy: 'quiet' });
  });

  it('that is not met changes nothing', async () => {
    const { result } = await run({ stopConditions: condition({ min: 0 }) });
    expect(result).toMatchObject({ verdict: 'passed', stoppedBy: null });
  });
});
