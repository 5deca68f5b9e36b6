import type { BrokerResult, MessageCounts, MessageResult } from '../../api/types.ts';
import {
  createHistogram,
  grownSince,
  type Histogram,
  mergeSparse,
  percentileMs,
  type SparseHistogram,
} from '../histogram.ts';

/** What a broker and the edges to it and from it have done so far. */
export interface BrokerTotals {
  kind: string;
  cpuUs: number;
  /** By edge that publishes: how long the confirmations took. */
  publish: Record<string, SparseHistogram>;
  /** By edge that delivers: how long after their publishing a consumer was through with messages. */
  through: Record<string, SparseHistogram>;
  /** Not cumulative: the worst of the run. */
  mostOpen: number;
  peakRssBytes: number;
}

/** Each broker that messages went to in the run. One that several groups got is published once. */
export const brokerResults = (
  messages: readonly MessageResult[],
  before: Readonly<Record<string, BrokerTotals>>,
  now: Readonly<Record<string, BrokerTotals>>,
): BrokerResult[] =>
  Object.entries(now).flatMap(([broker, totals]) => {
    const own = messages.filter((each) => each.broker === broker);
    const published = publishedIn(own);
    if (published === 0) return [];
    const earlier = before[broker];
    const publish = grown(earlier?.publish, totals.publish);
    const through = grown(earlier?.through, totals.through);
    const sum = (field: keyof MessageCounts): number => own.reduce((all, { counts }) => all + counts[field], 0);
    const { kind, mostOpen, peakRssBytes } = totals;
    return [
      {
        ...{ broker, kind },
        figures: {
          published,
          publishP50: percentileMs(publish, 50),
          publishP99: percentileMs(publish, 99),
          throughP50: percentileMs(through, 50),
          throughP99: percentileMs(through, 99),
          mostOpen,
          ...{ done: sum('done'), redelivered: sum('redelivered'), duplicated: sum('duplicated') },
          ...{ reordered: sum('reordered'), deadLettered: sum('deadLettered'), lost: sum('lost') },
          cpuPerMessage: Math.max(0, totals.cpuUs - (earlier?.cpuUs ?? 0)) / 1000 / published,
          // A broker of somebody else has no processes here.
          peakRssBytes: peakRssBytes > 0 ? peakRssBytes : null,
        },
      },
    ];
  });

function publishedIn(messages: readonly MessageResult[]): number {
  const most = new Map<string, number>();
  for (const { destination, counts } of messages)
    most.set(destination, Math.max(most.get(destination) ?? 0, counts.published));
  return [...most.values()].reduce((sum, count) => sum + count, 0);
}

function grown(before: BrokerTotals['publish'] | undefined, now: BrokerTotals['publish']): Histogram {
  const all = createHistogram();
  for (const [edge, each] of Object.entries(now)) mergeSparse(all, grownSince(before?.[edge], each));
  return all;
}
