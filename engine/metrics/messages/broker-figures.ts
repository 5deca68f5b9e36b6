import type { MessageCounts, QueueStatus } from '../../api/types.ts';
import type { Balance } from './ledger.ts';

/** What a broker says of one destination. */
interface Seen {
  name: string;
  depth: number;
  unacked: number | null;
  lag: number;
  oldestAtMs: number | null | undefined;
}

/** In the names of `brokerMeasures`. */
export interface BrokerCounts {
  counters: Record<string, number>;
  gauges: Record<string, number[]>;
}

/** A message that several groups get is published once, and done by each. */
const publishedIn = (balances: readonly Balance[]): number => {
  const most = new Map<string, number>();
  for (const { destination, published } of balances)
    most.set(destination, Math.max(most.get(destination) ?? 0, published));
  return [...most.values()].reduce((sum, count) => sum + count, 0);
};

const through = ({ done, deadLettered, expired, dropped }: MessageCounts): number =>
  done + deadLettered + expired + dropped;

/** Null where the node is no broker. What it does not answer is left out. */
export function brokerCounts(
  balances: readonly Balance[],
  seen: readonly Seen[] | null,
  nowMs: number,
): BrokerCounts | null {
  if (balances.length === 0 && seen === null) return null;
  const sum = (count: (balance: Balance) => number): number => balances.reduce((all, each) => all + count(each), 0);
  const oldest = (seen ?? []).flatMap(({ oldestAtMs }) => oldestAtMs ?? []);
  return {
    counters: {
      published: publishedIn(balances),
      through: sum(through),
      done: sum(({ done }) => done),
      redelivered: sum(({ redelivered }) => redelivered),
      duplicated: sum(({ duplicated }) => duplicated),
      replayed: sum(({ replayed }) => replayed),
      recognised: sum(({ recognised }) => recognised),
      reordered: sum(({ reordered }) => reordered),
      failedAttempts: sum(({ failedAttempts }) => failedAttempts),
      deadLettered: sum(({ deadLettered }) => deadLettered),
      expired: sum(({ expired }) => expired),
      dropped: sum(({ dropped }) => dropped),
    },
    gauges: {
      lost: [sum(({ lost }) => lost)],
      ...(seen && {
        depth: seen.map(({ depth }) => depth),
        ...(seen.every(({ unacked }) => unacked !== null) && { unacked: seen.map(({ unacked }) => unacked ?? 0) }),
        lag: seen.map(({ lag }) => lag),
        ...(seen.every(({ oldestAtMs }) => oldestAtMs !== undefined) && {
          oldestMs: [oldest.length > 0 ? Math.max(0, nowMs - Math.min(...oldest)) : 0],
        }),
      }),
    },
  };
}

/** `grownBy` says how much a counter grew in the last second. */
export function queueStatuses(
  balances: readonly Balance[],
  seen: readonly Seen[] | null,
  nowMs: number,
  grownBy: (name: string, total: number) => number,
): QueueStatus[] {
  return balances.map((balance) => {
    const { destination, subscription, pattern, published } = balance;
    const found = seen?.find(({ name }) => name === destination);
    const counts = countsOf(balance);
    const key = `${destination} ${subscription}`;
    return {
      ...{ destination, subscription, pattern, counts },
      depth: found?.depth ?? null,
      unacked: found?.unacked ?? null,
      lag: found?.lag ?? null,
      oldestMs: ageOf(found, nowMs),
      inPerSec: grownBy(`${key} in`, published),
      outPerSec: grownBy(`${key} out`, through(counts)),
    };
  });
}

/** Of the oldest that waits: 0 where none does, null where nobody knows. */
function ageOf(seen: Seen | undefined, nowMs: number): number | null {
  if (seen?.oldestAtMs === undefined) return null;
  return seen.oldestAtMs === null ? 0 : Math.max(0, nowMs - seen.oldestAtMs);
}

export const countsOf = ({
  broker: _,
  destination: _d,
  pattern: _p,
  subscription: _s,
  ...counts
}: Balance): MessageCounts => counts;
