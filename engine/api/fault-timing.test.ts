import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { median, type Timed, timedFaults, timeFault, timingDocument } from './fault-timing.fixture.ts';

/* On within 100 ms of its time and off within 100 ms of its end, at the victim. `npm run bench -- fault-timing` has them all. */

const LIMIT_MS = 100;
const ROUNDS = 5;

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
  await engine.startTopology(timingDocument);
}, 60_000);
afterAll(() => engine.close());

const mechanisms: [fault: string, mechanism: string][] = [
  ['latency', 'link'],
  ['http-error', 'HTTP-aware link'],
  // Windows cannot stop a process.
  ...(process.platform === 'win32' ? [] : ([['pause', 'signal']] as [string, string][])),
  ['handler-error', 'process kit'],
];

test.each(mechanisms)('"%s" (%s) is on and off within 100 ms, by the median of several times', async (fault) => {
  const timed = timedFaults.find((known) => known.fault === fault) as (typeof timedFaults)[number];
  const all: Timed[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    all.push(await timeFault(engine, timed, round % 2 === 0 ? 'by plan' : 'by hand'));
  const onMs = all.map((one) => one.onMs);
  const offMs = all.map((one) => one.offMs as number);
  expect([median(onMs) <= LIMIT_MS, onMs]).toEqual([true, onMs]);
  expect([median(offMs) <= LIMIT_MS, offMs]).toEqual([true, offMs]);
});
