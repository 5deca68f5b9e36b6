import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SLICE_MS, type TrafficFrame } from '../process-kit/protocol.ts';
import { createHistogram, percentileMs, record } from './histogram.ts';
import { createRecording, type Recording } from './recording.ts';
import { createScriptedClient, type Outcome } from './scripted-client.fixture.ts';
import { trafficCounts } from './summary.ts';

const START_MS = 1_700_000_000_000;
const routes = ['GET /orders', 'GET /users'];

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ type: fc.constant('ok' as const), latencyMs: fc.double({ min: 0.01, max: 900, noNaN: true }) }),
  fc.record({
    type: fc.constant('failed' as const),
    failure: fc.constantFrom('refused@shop', 'timeout@shop', 'handler-error@orders'),
    afterMs: fc.double({ min: 0, max: 900, noNaN: true }),
  }),
  fc.constant({ type: 'dropped' as const }),
);

interface Told {
  client: string;
  frame: TrafficFrame;
  atMs: number;
}

/** Clients that start some milliseconds apart, and what they told every 100 ms. */
const traffic = fc
  .array(
    fc.record({
      lateMs: fc.integer({ min: 0, max: 250 }),
      outcomes: fc.array(outcomes, { minLength: 1, maxLength: 20 }),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((clients) => {
    const scripted = clients.map(({ lateMs, outcomes: script }, index) =>
      createScriptedClient({
        client: `client-${index}`,
        startedAtMs: START_MS + lateMs,
        ratePerSec: 40,
        routes,
        outcome: ({ atMs }) => script[Math.round((atMs - START_MS - lateMs) / 25) % script.length] ?? null,
      }),
    );
    const told: Told[] = [];
    for (let atMs = START_MS + 100; atMs <= START_MS + 1500; atMs += 100) {
      for (const client of scripted) told.push({ client: client.source.client, frame: client.frameAt(atMs), atMs });
    }
    return { sources: scripted.map(({ source }) => source), told };
  });

function replay(recording: Recording, told: readonly Told[]): Recording {
  for (const { client, frame, atMs } of told) recording.add(client, frame, atMs);
  return recording;
}

const picture = (recording: Recording) => ({
  counts: trafficCounts(recording),
  byRoute: routes.map((route) => recording.tally({ route })),
  latency: recording.latency(),
  middle: recording.tally({ range: { fromMs: START_MS + 300, toMs: START_MS + 900 } }),
  lagMs: recording.decisionLagMs({ fromMs: START_MS, toMs: START_MS + 2000 }),
});

describe('merging frames', () => {
  it('gives the same recording in whatever order frames arrive, and when some arrive twice', () => {
    fc.assert(
      fc.property(
        traffic,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        ({ sources, told }, random) => {
          const inOrder = replay(createRecording(sources), told);
          const shuffled = [...told, ...told.slice(0, 5)]
            .map((one) => ({ one, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
          expect(picture(replay(createRecording(sources), shuffled))).toEqual(picture(inOrder));
        },
      ),
      { numRuns: 40, seed: 11 },
    );
  });

  it('gives the percentiles that all samples in one histogram have', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (latencies) => {
          const all = createHistogram();
          for (const latencyMs of latencies) record(all, latencyMs);
          const clients = [0, 1].map((parity) => {
            const own = latencies.filter((_, index) => index % 2 === parity);
            const client = createScriptedClient({
              client: `client-${parity}`,
              startedAtMs: START_MS + parity * 37,
              ratePerSec: 100,
              routes,
              outcome: ({ atMs }) => ({
                type: 'ok',
                latencyMs: own[Math.round((atMs - START_MS - parity * 37) / 10)] as number,
              }),
            });
            client.stop(START_MS + parity * 37 + own.length * 10);
            return client;
          });
          const recording = createRecording(clients.map(({ source }) => source));
          for (const client of clients) {
            for (const atMs of [500, 1000, 8000])
              recording.add(client.source.client, client.frameAt(START_MS + atMs), START_MS + atMs);
          }
          expect(recording.latency()).toEqual(all);
          for (const percentile of [1, 50, 95, 99, 99.9, 100]) {
            expect(percentileMs(recording.latency(), percentile)).toBe(percentileMs(all, percentile));
          }
        },
      ),
      { numRuns: 30, seed: 12 },
    );
  });

  it('passes over frames of another traffic and of another client', () => {
    const client = createScriptedClient({
      startedAtMs: START_MS,
      ratePerSec: 100,
      routes,
      outcome: () => ({ type: 'ok', latencyMs: 1 }),
    });
    const recording = createRecording([client.source]);
    const frame = client.frameAt(START_MS + 1000);
    expect(recording.add('visitors', { ...frame, trafficId: 'traffic-0' }, START_MS + 1000)).toBe(false);
    expect(recording.add('somebody', frame, START_MS + 1000)).toBe(false);
    expect(recording.tally().issued).toBe(0);
    expect(recording.add('visitors', frame, START_MS + 1000)).toBe(true);
    expect(recording.add('visitors', frame, START_MS + 1100)).toBe(false);
    expect(recording.tally().issued).toBe(101);
  });
});

describe('ranges', () => {
  const client = createScriptedClient({
    startedAtMs: START_MS + 30.5,
    ratePerSec: 100,
    routes,
    outcome: ({ atMs, route }) =>
      atMs < START_MS + 1030
        ? { type: 'ok', latencyMs: 5 }
        : { type: 'failed', failure: route === 0 ? 'refused@shop' : 'timeout@shop', afterMs: 50 },
  });
  const recording = createRecording([client.source]);
  client.stop(START_MS + 2030.5);
  recording.add('visitors', client.frameAt(START_MS + 3000), START_MS + 3000);

  it('take in whole slices only, so that no request outside the range is counted', () => {
    // Slices begin at 30.5, 130.5, …: only those from 130.5 to 430.5 lie between 100 and 500.
    const tally = recording.tally({ range: { fromMs: START_MS + 100, toMs: START_MS + 500 } });
    expect(tally.issued).toBe(30);
    expect(recording.rates({ range: { fromMs: START_MS + 100, toMs: START_MS + 500 } }).issuedPerSec).toBe(100);
  });

  it('count failures by route and reason', () => {
    const range = { fromMs: START_MS + 1100, toMs: START_MS + 2031 };
    expect(recording.tally({ range, route: 'GET /orders' }).failed).toEqual({ 'refused@shop': 45 });
    expect(recording.tally({ range, route: 'GET /users' }).failed).toEqual({ 'timeout@shop': 45 });
    expect(recording.tally({ range, route: 'GET /nothing' }).issued).toBe(0);
  });

  it('before the traffic and without any request are empty, and rates do not divide by nothing', () => {
    const range = { fromMs: START_MS - 1000, toMs: START_MS };
    expect(recording.rates({ range })).toEqual({
      plannedPerSec: 0,
      arrivalsPerSec: 0,
      issuedPerSec: 0,
      okPerSec: 0,
      failedPerSec: 0,
    });
    expect(percentileMs(recording.latency({ range }), 50)).toBeNull();
  });

  it('tell how long the slowest request of a slice took to be decided', () => {
    const slow = createScriptedClient({
      startedAtMs: START_MS,
      ratePerSec: 100,
      routes,
      outcome: ({ atMs }) => ({ type: 'ok', latencyMs: atMs < START_MS + 500 ? 5 : 750 }),
    });
    const lagging = createRecording([slow.source]);
    for (let atMs = START_MS + SLICE_MS; atMs <= START_MS + 3000; atMs += SLICE_MS)
      lagging.add('visitors', slow.frameAt(atMs), atMs);
    expect(lagging.decisionLagMs({ fromMs: START_MS, toMs: START_MS + 500 })).toBeLessThanOrEqual(SLICE_MS);
    const lagMs = lagging.decisionLagMs({ fromMs: START_MS + 500, toMs: START_MS + 1500 });
    expect(lagMs).toBeGreaterThanOrEqual(700);
    expect(lagMs).toBeLessThanOrEqual(850);
  });
});

describe('live figures', () => {
  it('are of the newest second that the clients have told of, and fade when the traffic is over', () => {
    const client = createScriptedClient({
      startedAtMs: START_MS,
      ratePerSec: 200,
      routes,
      outcome: () => ({ type: 'ok', latencyMs: 4 }),
    });
    const recording = createRecording([client.source]);
    for (let atMs = START_MS + 100; atMs <= START_MS + 2000; atMs += 100)
      recording.add('visitors', client.frameAt(atMs), atMs);
    const { ratePerSec, okPerSec, failedPerSec, latencyMs } = recording.window(1000, START_MS + 2050);
    expect({ ratePerSec, okPerSec, failedPerSec }).toEqual({ ratePerSec: 200, okPerSec: 200, failedPerSec: 0 });
    expect(latencyMs.p99).toBeCloseTo(4, 1);
    expect(recording.window(1000, START_MS + 9000)).toMatchObject({
      ratePerSec: 0,
      latencyMs: { p50: null, max: null },
    });
  });
});

describe('a long traffic', () => {
  const run = (retainMs: number, keep: boolean): Recording => {
    const client = createScriptedClient({
      startedAtMs: START_MS,
      ratePerSec: 100,
      routes,
      outcome: () => ({ type: 'ok', latencyMs: 3 }),
    });
    const recording = createRecording([client.source], { retainMs });
    if (keep) recording.keepAll();
    for (let atMs = START_MS + 100; atMs <= START_MS + 4000; atMs += 100)
      recording.add('visitors', client.frameAt(atMs), atMs);
    return recording;
  };

  it('keeps its sums complete when old slices are let go', () => {
    const short = run(1000, false);
    expect(short.tally({ range: { fromMs: START_MS, toMs: START_MS + 1000 } }).issued).toBe(0);
    expect(short.tally()).toEqual(run(60_000, false).tally());
    expect(short.latency()).toEqual(run(60_000, false).latency());
    expect(short.tally({ range: { fromMs: START_MS + 3000, toMs: START_MS + 4000 } }).issued).toBe(100);
  });

  it('keeps all slices when it is asked to', () => {
    expect(run(1000, true).tally({ range: { fromMs: START_MS, toMs: START_MS + 1000 } }).issued).toBe(100);
  });
});

describe('a client that ends in mid-run', () => {
  it('leaves what it had in flight in flight, and is named', () => {
    const client = createScriptedClient({ startedAtMs: START_MS, ratePerSec: 100, routes, outcome: () => null });
    const recording = createRecording([client.source]);
    recording.add('visitors', client.frameAt(START_MS + 500), START_MS + 500);
    expect(recording.done()).toBe(false);
    recording.clientEnded('visitors');
    expect(recording.done()).toBe(true);
    expect(recording.lostClients()).toEqual(['visitors']);
    expect(trafficCounts(recording)).toMatchObject({ issued: 51, ok: 0, inFlight: 51 });
  });

  it('is no loss when its traffic was over', () => {
    const client = createScriptedClient({
      startedAtMs: START_MS,
      ratePerSec: 100,
      routes,
      outcome: () => ({ type: 'ok', latencyMs: 1 }),
    });
    const recording = createRecording([client.source]);
    client.stop(START_MS + 500);
    recording.add('visitors', client.frameAt(START_MS + 600), START_MS + 600);
    recording.clientEnded('visitors');
    expect(recording.lostClients()).toEqual([]);
    expect(recording.done()).toBe(true);
  });
});
