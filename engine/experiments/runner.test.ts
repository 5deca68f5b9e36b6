import { describe, expect, it } from 'vitest';
import type { ExperimentResult, ExperimentStatus } from '../api/types.ts';
import { ArchipelError } from '../model/error.ts';
import type { Experiment } from '../model/experiment.ts';
import { runExperiment } from './runner.ts';
import {
  createScriptedWorld,
  isBroken,
  killExperiment,
  killed,
  type Script,
  type ScriptedWorld,
  START_MS,
  shop,
} from './scripted-world.fixture.ts';

interface Run {
  result: ExperimentResult;
  world: ScriptedWorld;
  statuses: ExperimentStatus[];
}

async function run(
  script: Script = {},
  experiment: Experiment = killExperiment(),
  signal = new AbortController().signal,
): Promise<Run> {
  const world = createScriptedWorld(shop, script);
  const statuses: ExperimentStatus[] = [];
  const onStatus = (status: ExperimentStatus): void => void statuses.push(status);
  const result = await runExperiment({ document: shop, experiment, world, signal, onStatus });
  expect(world.faultsOn()).toBe(0);
  expect(world.calls[world.calls.length - 1]).toBe('stop topology');
  return { result, world, statuses };
}

const events = ({ journal }: ExperimentResult): string => journal.map(({ event }) => event).join('\n');
const probe = ({ probes }: ExperimentResult, name: string, phase: string) =>
  probes.find((one) => one.name === name && one.phase === phase);

describe('an experiment whose statement is reproduced', () => {
  it('passes, with every phase in order and every probe measured', async () => {
    // The system is back after 300 ms, in the middle of a slice: 380 ms is when the first whole slice begins.
    const { result, world, statuses } = await run();
    expect(result.reasons).toEqual(['All 4 probes hold, and the steady state held again after 380 ms.']);
    expect(result.verdict).toBe('passed');
    expect(world.calls).toEqual([
      'start topology',
      'start traffic with seed 42',
      'inject kill',
      'clear kill-1',
      'stop traffic',
      'clear all faults',
      'stop topology',
    ]);
    const phases = statuses.map(({ phase }) => phase);
    expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual([
      'starting',
      'warm-up',
      'steady-state',
      'method',
      'recovery',
      'done',
    ]);
    expect(statuses[statuses.length - 1]?.verdict).toBe('passed');
    expect(probe(result, 'all served', 'before')).toMatchObject({ value: 1, samples: 300, holds: true });
    expect(probe(result, 'no orders', 'during')).toMatchObject({
      value: 0,
      holds: true,
      fault: 'kill-1',
      margin: 0.01,
    });
    expect(probe(result, 'all served', 'after')).toMatchObject({ value: 1, holds: true });
    expect(result.conservation.holds).toBe(true);
    expect(result.traffic.reasons.refused).toBeGreaterThan(300);
  });

  it('measures the fault from the proof of its effect to the beginning of its removal', async () => {
    const { result } = await run();
    const window = probe(result, 'no users', 'during')?.window;
    const removal = result.journal.find(({ event }) => event === 'fault kill (kill-1): removing');
    expect(window?.fromMs).toBe(result.faults[0]?.proofOfEffect?.atMs);
    expect(removal?.atMs).toBe((window?.fromMs ?? 0) + 3000);
    expect(window?.toMs).toBeGreaterThan((removal?.atMs ?? 0) - 300);
    expect(window?.toMs).toBeLessThanOrEqual(removal?.atMs ?? 0);
  });

  it('counts the lease of the fault from the proof of its effect, however long that took', async () => {
    const { result } = await run();
    const [fault] = result.faults;
    const [step] = killExperiment().method;
    const durationMs = step?.type === 'fault' ? step.durationMs : Number.NaN;
    expect((fault?.expiresAtMs ?? 0) - (fault?.proofOfEffect?.atMs ?? 0)).toBe(durationMs + 10_000);
  });

  it('gives the same result when it is run again', async () => {
    expect((await run()).result).toEqual((await run()).result);
  });

  it('does not let the fault touch the requests of the steady state, however slow they are', async () => {
    const { result } = await run({ outcome: killed(900) });
    expect(probe(result, 'all served', 'before')).toMatchObject({ value: 1, samples: 300 });
    expect(result.traffic.reasons.reset).toBeGreaterThan(0);
    expect(result.verdict).toBe('passed');
  });

  it('leaves out requests that the end of the fault saved', async () => {
    // Frozen: a request hangs until its timeout of one second, or is answered when the process goes on.
    const { result } = await run({
      outcome(request, system) {
        if (!isBroken(request, system)) return { type: 'ok', latencyMs: 5 };
        const goesOnMs = (system.mendedAtMs ?? Number.POSITIVE_INFINITY) - request.atMs;
        if (goesOnMs < 1000) return { type: 'ok', latencyMs: goesOnMs + 1 };
        return system.nowMs - request.atMs >= 1000
          ? { type: 'failed', failure: 'timeout@visitors-shop', afterMs: 1000 }
          : null;
      },
      mendingMs: 0,
    });
    expect(probe(result, 'no orders', 'during')).toMatchObject({ value: 0, holds: true });
    expect(result.verdict).toBe('passed');
    const { fromMs, toMs } = probe(result, 'no orders', 'during')?.window ?? { fromMs: 0, toMs: 0 };
    expect(toMs - fromMs).toBeGreaterThan(1700);
    expect(toMs - fromMs).toBeLessThan(2100);
  });

  it('judges every fault of the method', async () => {
    const fault = killExperiment().method[0] as Experiment['method'][number];
    const { result } = await run({}, killExperiment({ method: [fault, { type: 'wait', durationMs: 2000 }, fault] }));
    expect(result.verdict).toBe('passed');
    expect(result.probes.filter(({ phase }) => phase === 'during').map((one) => one.fault)).toEqual([
      'kill-1',
      'kill-1',
      'kill-2',
      'kill-2',
    ]);
  });

  it('takes the seed that it is given', async () => {
    const world = createScriptedWorld(shop, {});
    await runExperiment({
      document: shop,
      experiment: killExperiment(),
      seed: 7,
      world,
      signal: new AbortController().signal,
    });
    expect(world.calls).toContain('start traffic with seed 7');
  });
});

describe('an experiment whose statement is not reproduced', () => {
  it('fails when a route is served during the fault', async () => {
    const { result } = await run({
      outcome: (request, system) => (request.route === 1 ? { type: 'ok', latencyMs: 5 } : killed()(request, system)),
    });
    expect(result.verdict).toBe('failed');
    expect(result.reasons).toEqual([
      expect.stringMatching(/^during kill-1: "no users" measured 1, must be at most 0.01 \(\d+ samples\)\.$/),
    ]);
  });

  it('fails when the steady state does not come back in time, and shows what was wrong', async () => {
    const { result } = await run({
      outcome: (request, system) =>
        system.brokenAtMs !== null && request.atMs >= system.brokenAtMs
          ? { type: 'failed', failure: 'handler-error@shop', afterMs: 1 }
          : { type: 'ok', latencyMs: 5 },
    });
    expect(result.verdict).toBe('failed');
    expect(result.recoveryMs).toBeNull();
    expect(result.reasons).toContain('The steady state did not hold again within 4000 ms after the last fault.');
    expect(probe(result, 'all served', 'after')).toMatchObject({ value: 0, holds: false });
  });

  it('fails when the steady state comes back too late', async () => {
    const { result } = await run({ mendingMs: 5000 });
    expect(result.verdict).toBe('failed');
    expect(result.recoveryMs).toBeNull();
  });

  it('counts the recovery from the end of the relapse', async () => {
    const { result } = await run({
      outcome(request, system) {
        const sinceMs = system.mendedAtMs === null ? -1 : request.atMs - system.mendedAtMs;
        if (sinceMs > 1500 && sinceMs < 2500) return { type: 'failed', failure: 'handler-error@shop', afterMs: 1 };
        return killed()(request, system);
      },
    });
    expect(result.verdict).toBe('passed');
    expect(result.recoveryMs).toBeGreaterThan(2700);
    expect(result.recoveryMs).toBeLessThan(3000);
  });
});

describe('an experiment that proves nothing', () => {
  const inconclusive = async (script: Script, reason: RegExp, experiment?: Experiment): Promise<Run> => {
    const done = await run(script, experiment);
    expect(done.result.reasons.join(' ')).toMatch(reason);
    expect(done.result.verdict).toBe('inconclusive');
    return done;
  };

  it('injects nothing where the steady state does not hold before', async () => {
    const { result, world } = await inconclusive(
      {
        outcome: ({ atMs }) =>
          Math.round(atMs / 10) % 20 === 0
            ? { type: 'failed', failure: 'handler-error@shop', afterMs: 1 }
            : { type: 'ok', latencyMs: 5 },
      },
      /steady state did not hold before: "all served" measured 0.95, must be at least 0.99/,
    );
    expect(world.calls).not.toContain('inject kill');
    expect(events(result)).toMatch(/no steady state, so no fault/);
  });

  it('needs a proof of effect, and takes the fault off at once without one', async () => {
    const { result, world } = await inconclusive({ effect: { holds: false } }, /kill-1\) had no proven effect/);
    expect(world.calls).toContain('clear kill-1');
    expect(result.probes.every(({ phase }) => phase === 'before')).toBe(true);
    await inconclusive({ effect: 'failed' }, /could not act: there is no such process/);
  });

  it('needs a proof of removal', async () => {
    await inconclusive({ removal: { holds: false } }, /not proven to be off/);
    await inconclusive({ removal: 'none' }, /no proof of its removal/);
  });

  it('needs the fault to stay on for its time', async () => {
    await inconclusive({ leaseEndsAfterMs: 1500 }, /came off before its time \(lease\)/);
  });

  it('needs enough samples', async () => {
    const probes = [{ name: 'fast', measure: { type: 'latency' as const, percentile: 99 }, tolerance: { max: 100 } }];
    const hypothesis = { title: 'fast', probes };
    await inconclusive({}, /has 300 of the 1000 samples/, killExperiment({ steadyStateHypothesis: hypothesis }));
  });

  it('needs a client that sends what is planned while nothing is wrong', async () => {
    const dropping: Script['outcome'] = (request) =>
      Math.round(request.atMs / 10) % 20 === 0 ? { type: 'dropped' } : { type: 'ok', latencyMs: 5 };
    const { world } = await inconclusive(
      { outcome: dropping },
      /had to drop 15 of 300 arrivals before anything was wrong/,
    );
    expect(world.calls).not.toContain('inject kill');
    await inconclusive({ ratePerSec: 90 }, /sent 90.0 of 100 requests per second/);
  });

  it('needs a machine that has time', async () => {
    await inconclusive(
      { hostBusy: () => 'it stood still for 700 ms' },
      /too busy to measure: it stood still for 700 ms/,
    );
    await inconclusive(
      { hostBusy: ({ fromMs }) => (fromMs > START_MS + 8000 ? 'it slept' : null) },
      /too busy to measure: it slept/,
    );
  });

  it('needs a measurement that adds up', async () => {
    const { world } = await inconclusive(
      { tamper: (frame) => ({ ...frame, ok: frame.ok + 1 }) },
      /does not add up: issued \d+ ≠/,
    );
    expect(world.calls).not.toContain('inject kill');
  });

  it('needs its client to live', async () => {
    await inconclusive({ at: { ms: 7000, run: (world) => world.client.end() } }, /client visitors ended in mid-run/);
  });
});

describe('an experiment that does not come to its end', () => {
  const abortAt = (ms: number, reason?: unknown): Promise<Run> => {
    const abort = new AbortController();
    return run({ at: { ms, run: () => abort.abort(reason) } }, killExperiment(), abort.signal);
  };

  it('takes its fault off when it is stopped while one is on, and keeps its journal', async () => {
    const { result, world, statuses } = await abortAt(
      6000,
      new ArchipelError('wrong-state', 'It was stopped by the user.', 'Start it again.'),
    );
    expect(result.verdict).toBe('aborted');
    expect(result.reasons).toEqual(['It was stopped by the user.']);
    expect(world.calls.slice(2)).toEqual([
      'inject kill',
      'clear kill-1',
      'clear all faults',
      'stop traffic',
      'stop topology',
    ]);
    expect(result.faults[0]).toMatchObject({ state: 'off', endedBy: 'cleared' });
    expect(events(result)).toMatch(
      /effect proven[\s\S]*aborted: It was stopped by the user\.[\s\S]*removal proven[\s\S]*verdict: aborted/,
    );
    expect(result.traffic.issued).toBeGreaterThan(400);
    expect(statuses[statuses.length - 1]).toMatchObject({ phase: 'done', verdict: 'aborted' });
  });

  it('is aborted in every phase, and before the first', async () => {
    for (const ms of [100, 1000, 3000, 9000])
      expect((await abortAt(ms)).result.reasons).toEqual(['It was stopped before its end.']);
    const abort = new AbortController();
    abort.abort();
    const { result, world } = await run({}, killExperiment(), abort.signal);
    expect(result.verdict).toBe('aborted');
    expect(world.calls).toEqual(['clear all faults', 'stop topology']);
  });

  it('is aborted when the engine fails, and says why', async () => {
    const { result } = await run({ startTopology: 'throws' });
    expect(result).toMatchObject({
      verdict: 'aborted',
      reasons: ['The engine failed in mid-run: The database broke. Look at the log.'],
      probes: [],
    });
    expect((await run({ effect: 'throws' })).result.reasons[0]).toMatch(/The injector broke/);
  });

  it('says so when a fault could not be taken off', async () => {
    const abort = new AbortController();
    const { result } = await run(
      { removal: 'throws', at: { ms: 6000, run: () => abort.abort() } },
      killExperiment(),
      abort.signal,
    );
    expect(result.reasons).toEqual([
      'It was stopped before its end.',
      'Could not take a fault off: The removal broke.',
    ]);
  });
});

it('an experiment without its scenario is refused before anything starts', async () => {
  const world = createScriptedWorld(shop, {});
  const experiment = killExperiment({ scenario: 'night' });
  await expect(
    runExperiment({ document: shop, experiment, world, signal: new AbortController().signal }),
  ).rejects.toThrow(/"night"/);
  expect(world.calls).toEqual([]);
});
