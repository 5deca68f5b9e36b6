import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrafficFrame, TrafficSlice } from '../process-kit/protocol.ts';
import { checkConservation } from './conservation.ts';
import { createRecording, type Recording } from './recording.ts';
import { createScriptedClient, type Outcome } from './scripted-client.fixture.ts';

const START_MS = 1_700_000_000_000;
const script: (Outcome | null)[] = [
  { type: 'ok', latencyMs: 3 },
  { type: 'ok', latencyMs: 12 },
  { type: 'failed', failure: 'refused@shop', afterMs: 1 },
  { type: 'failed', failure: 'timeout@shop', afterMs: 40 },
  { type: 'dropped' },
  null,
];

const client = createScriptedClient({
  startedAtMs: START_MS,
  ratePerSec: 100,
  routes: ['GET /orders', 'GET /users'],
  outcome: ({ atMs }) => script[Math.round((atMs - START_MS) / 10) % script.length] ?? null,
});
client.stop(START_MS + 600);
const honest = client.frameAt(START_MS + 1000);

function recordingOf(frame: TrafficFrame): Recording {
  const recording = createRecording([client.source]);
  recording.add('visitors', frame, START_MS + 1000);
  return recording;
}

describe('the conservation check', () => {
  it('prints the equation with its numbers', () => {
    expect(checkConservation(recordingOf(honest))).toEqual({
      holds: true,
      equation: 'issued 50 = ok 20 + refused 10 + timeout 10 + in flight 10',
      problems: [],
    });
  });

  it('holds for a traffic that has told of nothing', () => {
    expect(checkConservation(createRecording([client.source]))).toMatchObject({
      holds: true,
      equation: 'issued 0 = ok 0 + in flight 0',
    });
  });

  it('detects any single counter that is wrong, and says where', () => {
    const counters = ['scheduled', 'issued', 'ok', 'failed', 'dropped', 'inFlight', 'waiting'] as const;
    const sliceCounters = ['issued', 'ok', 'dropped', 'failed', 'latency'] as const;
    const corruption = fc.oneof(
      fc.record({ in: fc.constant('frame' as const), counter: fc.constantFrom(...counters) }),
      fc.record({
        in: fc.constant('slice' as const),
        counter: fc.constantFrom(...sliceCounters),
        slice: fc.nat(honest.slices.length - 1),
      }),
    );
    fc.assert(
      fc.property(corruption, fc.integer({ min: 1, max: 1000 }), (where, by) => {
        const frame = structuredClone(honest);
        if (where.in === 'frame') frame[where.counter] += by;
        else corrupt(frame.slices[where.slice] as TrafficSlice, where.counter, by);
        const { holds, equation, problems } = checkConservation(recordingOf(frame));
        expect(holds).toBe(false);
        expect(problems.length).toBeGreaterThan(0);
        expect(equation).toContain(problems[0]);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('does not let two clients make up for each other', () => {
    const second = { ...client.source, client: 'robots' };
    const recording = createRecording([client.source, second]);
    recording.add('visitors', { ...honest, issued: honest.issued + 1 }, START_MS + 1000);
    recording.add('robots', { ...honest, issued: honest.issued - 1 }, START_MS + 1000);
    expect(checkConservation(recording)).toMatchObject({
      holds: false,
      equation: expect.stringMatching(/^issued 100 = .*; visitors: issued 51 ≠ .*; robots: issued 49 ≠ /),
    });
  });

  it('holds for what a client told before it ended in mid-run, and says what is unknown', () => {
    const recording = recordingOf(honest);
    recording.clientEnded('visitors');
    const { holds, equation } = checkConservation(recording);
    expect(holds).toBe(true);
    expect(equation).toContain('in flight 10; visitors ended in mid-run: counted up to its last frame');
  });
});

function corrupt(slice: TrafficSlice, counter: 'issued' | 'ok' | 'dropped' | 'failed' | 'latency', by: number): void {
  if (counter === 'failed') slice.failed['reset@shop'] = (slice.failed['reset@shop'] ?? 0) + by;
  else if (counter === 'latency') slice.latency = [...slice.latency, 5, by];
  else slice[counter] += by;
}
