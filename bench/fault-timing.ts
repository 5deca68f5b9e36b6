import { createEngine } from '../engine/api/create-engine.ts';
import { median, type Timed, timedFaults, timeFault, timingDocument } from '../engine/api/fault-timing.fixture.ts';
import { faults } from '../engine/faults/index.ts';
import type { FaultDefinition } from '../engine/model/definition.ts';

const ROUNDS = 5;
const LIMIT_MS = 100;
const timings = ['by plan', 'by hand'] as const;

const isLimited = (fault: string): boolean =>
  (faults as unknown as readonly FaultDefinition[]).some(
    (known) => known.fault === fault && known.limits[process.platform] !== undefined,
  );

/**
 * How long after its time a fault is on, and after its end off, at its victim: a request every 5 ms tells. By plan: a
 * schedule says when, and the lease when it is over. By hand: from the call that puts it on, which includes what is
 * measured before it, and from the call that takes it off. The rounds of all faults are taken in turns.
 */
export default async function faultTiming() {
  const engine = await createEngine();
  const measured = new Map<string, Timed[]>();
  const keyOf = (fault: string, timing: string): string => `${fault} ${timing}`;
  const wanted = timedFaults.filter(({ fault }) => !isLimited(fault));
  try {
    await engine.startTopology(timingDocument);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const timed of wanted)
        for (const timing of timings) {
          const key = keyOf(timed.fault, timing);
          measured.set(key, [...(measured.get(key) ?? []), await timeFault(engine, timed, timing)]);
        }
  } finally {
    await engine.close();
  }

  const results = wanted.map(({ fault, mechanism, momentary, afterwards }) => {
    const of = (timing: string, which: 'onMs' | 'offMs'): number =>
      median((measured.get(keyOf(fault, timing)) ?? []).map((one) => one[which] ?? 0));
    const on = timings.map((timing) => of(timing, 'onMs'));
    const off = timings.map((timing) => of(timing, 'offMs'));
    const inWords = ([plan = 0, hand = 0]: number[]): string =>
      `${plan.toFixed(1)} ms by plan, ${hand.toFixed(1)} ms by hand`;
    const counted = momentary || afterwards ? on : [...on, ...off];
    const value = Number(Math.max(...counted).toFixed(1));
    return {
      metric: `${fault} (${mechanism}): on${counted === on ? '' : ' and off'} at its victim (ms)`,
      value,
      limit: LIMIT_MS,
      comparison: '<=' as const,
      holds: value <= LIMIT_MS,
      detail: `worst of the medians of ${ROUNDS} rounds; on ${inWords(on)}${momentary ? '' : `; off ${inWords(off)}`}${afterwards ? `, in which ${afterwards}` : ''}`,
    };
  });
  return { name: 'fault-timing', results };
}

if (import.meta.main) console.log(JSON.stringify(await faultTiming(), null, 2));
