import { expect, test } from 'vitest';
import type { MessageResult } from '../../api/types.ts';
import { createHistogram, record, toSparse } from '../histogram.ts';
import { createBrokerPeaks } from './broker-peaks.ts';
import { type BrokerTotals, brokerResults } from './broker-results.ts';

const times = (...all: number[]) => {
  const histogram = createHistogram();
  for (const ms of all) record(histogram, ms);
  return toSparse(histogram);
};
const none = { done: 0, deadLettered: 0, expired: 0, dropped: 0, inBroker: 0, inFlight: 0, lost: 0, publishing: 0 };
const counts = {
  ...{
    ...none,
    published: 0,
    notPublished: 0,
    redelivered: 0,
    duplicated: 0,
    replayed: 0,
    recognised: 0,
    reordered: 0,
  },
  failedAttempts: 0,
};
const messages = (subscription: string, own: Partial<MessageResult['counts']>): MessageResult => ({
  ...{ broker: 'kafka', destination: 'events', subscription, pattern: 'log', openBefore: 0, holds: true, equation: '' },
  counts: { ...counts, ...own },
});
const totals = (own: Partial<BrokerTotals>): BrokerTotals => ({
  ...{ kind: 'broker-kafka', cpuUs: 0, publish: {}, through: {}, mostOpen: 0, peakRssBytes: 0 },
  ...own,
});

test('a broker is told as it was in the run: once published for all groups, done by each, times of its edges together', () => {
  const [result, ...others] = brokerResults(
    [messages('billing', { published: 10, done: 10, duplicated: 2 }), messages('mailing', { published: 10, done: 9 })],
    { kafka: totals({ cpuUs: 1_000_000, publish: { 'shop-kafka': times(900, 900, 900) } }) },
    {
      kafka: totals({
        cpuUs: 1_050_000,
        publish: { 'shop-kafka': times(900, 900, 900, 4, 4), 'late-kafka': times(4, 4) },
        through: { 'kafka-billing': times(20), 'kafka-mailing': times(20, 20) },
        ...{ mostOpen: 7, peakRssBytes: 5 },
      }),
      unused: totals({}),
    },
  );
  expect(others).toEqual([]);
  expect(result).toMatchObject({
    ...{ broker: 'kafka', kind: 'broker-kafka' },
    figures: { published: 10, done: 19, duplicated: 2, lost: 0, mostOpen: 7, peakRssBytes: 5, cpuPerMessage: 5 },
  });
  expect(result?.figures.publishP99).toBeCloseTo(4, 0);
  expect(result?.figures.throughP50).toBeCloseTo(20, -1);
});

test('the worst is that since it was last forgotten', () => {
  const peaks = createBrokerPeaks();
  peaks.take('kafka', 9, 100);
  peaks.take('kafka', 3, 200);
  expect(peaks.of('kafka')).toEqual({ mostOpen: 9, peakRssBytes: 200 });
  peaks.restart();
  expect(peaks.of('kafka')).toEqual({ mostOpen: 0, peakRssBytes: 0 });
});
