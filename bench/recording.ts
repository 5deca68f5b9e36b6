import { build } from 'hdr-histogram-js';
import {
  createHistogram,
  type Histogram,
  merge,
  mergeSparse,
  percentileMs,
  record,
  toSparse,
} from '../engine/metrics/histogram.ts';
import { createRandom } from '../engine/traffic/random.ts';
import { median } from './figures.ts';

const ROUNDS = 21;
const VALUES = 200_000;
const PERCENTILES = [1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99];

/** Latencies as services have them: log-normal, 3 ms in the middle, from some 50 µs to some 200 ms. */
function latencies(seed: number, count: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return 3 * Math.exp(normal);
  });
}

const nanosecondsEach = (work: () => void): number => {
  const from = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - from) / VALUES;
};

/** hdr-histogram-js as it is used for latencies: microseconds up to an hour, and as exact as ours must be, 2 digits. */
const createTheirs = () =>
  build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 2,
    useWebAssembly: false,
  });

/** Both record the same values, one after the other in changing order. */
function cost() {
  const values = latencies(1, VALUES);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const histogram = createHistogram();
    const hdr = createTheirs();
    const recordOurs = (): void => {
      ours.push(
        nanosecondsEach(() => {
          for (let i = 0; i < VALUES; i += 1) record(histogram, values[i] as number);
        }),
      );
    };
    const recordTheirs = (): void => {
      theirs.push(
        nanosecondsEach(() => {
          for (let i = 0; i < VALUES; i += 1) hdr.recordValue(Math.round((values[i] as number) * 1000));
        }),
      );
    };
    for (const turn of round % 2 === 0 ? [recordOurs, recordTheirs] : [recordTheirs, recordOurs]) turn();
    if (histogram.total !== VALUES || hdr.totalCount !== VALUES) throw new Error('a value was not recorded');
  }
  // The first round warms the compiler up.
  const ratios = ours.map((own, round) => own / (theirs[round] as number)).slice(1);
  return { ratio: median(ratios), ours: median(ours.slice(1)), theirs: median(theirs.slice(1)) };
}

/** Percentiles of recorded values against those of the values themselves; the worst of many shapes and sizes. */
function worstErrorPercent(): number {
  let worst = 0;
  for (let seed = 1; seed <= 40; seed += 1) {
    const values = latencies(seed, 50_000).map((value) => value * 10 ** ((seed % 5) - 2));
    const histogram = createHistogram();
    for (const value of values) record(histogram, value);
    values.sort();
    for (const percentile of PERCENTILES) {
      const exact = values[Math.max(1, Math.ceil((percentile / 100) * values.length)) - 1] as number;
      // Below a tenth of a millisecond it is the microsecond that rounds, not the histogram.
      if (exact >= 0.1) worst = Math.max(worst, Math.abs((percentileMs(histogram, percentile) ?? 0) / exact - 1) * 100);
    }
  }
  return worst;
}

/** Buckets in which histograms that were recorded in parts and merged differ from one that recorded everything. */
function differencesAfterMerge(): number {
  const values = latencies(7, VALUES);
  const whole = createHistogram();
  const parts = Array.from({ length: 16 }, createHistogram);
  values.forEach((value, index) => {
    record(whole, value);
    record(parts[index % 16] as Histogram, value);
  });
  const merged = createHistogram();
  parts.forEach((part, index) => {
    // As both happens: within a process, and over the wire.
    if (index % 2 === 0) merge(merged, part);
    else mergeSparse(merged, JSON.parse(JSON.stringify(toSparse(part))));
  });
  let differences = merged.total === whole.total && merged.maxUs === whole.maxUs ? 0 : 1;
  whole.counts.forEach((count, bucket) => {
    if (merged.counts[bucket] !== count) differences += 1;
  });
  return differences;
}

/** What recording a latency costs, and how exact it is. */
export default async function recording() {
  const { ratio, ours, theirs } = cost();
  const error = worstErrorPercent();
  const differences = differencesAfterMerge();
  return {
    name: 'recording',
    results: [
      {
        metric: 'recording a latency, Archipel / hdr-histogram-js',
        value: Number(ratio.toFixed(3)),
        limit: 0.25,
        comparison: '<=' as const,
        holds: ratio <= 0.25,
        detail: `median of ${ROUNDS} rounds of ${VALUES} values: ${ours.toFixed(1)} ns against ${theirs.toFixed(1)} ns`,
      },
      {
        metric: 'worst error of a percentile (%)',
        value: Number(error.toFixed(3)),
        limit: 1,
        comparison: '<=' as const,
        holds: error <= 1,
        detail: `${PERCENTILES.join(', ')} of 40 samples of 50,000 values, from 0.1 ms to some ten seconds`,
      },
      {
        metric: 'buckets that differ when 16 parts are merged, in memory and as JSON',
        value: differences,
        limit: 0,
        comparison: '<=' as const,
        holds: differences === 0,
        detail: `${VALUES} values`,
      },
    ],
  };
}

if (import.meta.main) console.log(JSON.stringify(await recording(), null, 2));
