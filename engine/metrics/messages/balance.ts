import type { MessageCounts, MessageResult } from '../../api/types.ts';
import { countsOf } from './broker-figures.ts';
import type { Balance } from './ledger.ts';

/** What messages can become, in words and in the order of the equation. */
const terms = [
  ['done', 'done'],
  ['deadLettered', 'dead-lettered'],
  ['expired', 'expired'],
  ['dropped', 'dropped'],
  ['inBroker', 'in the broker'],
  ['inFlight', 'in flight'],
  ['lost', 'lost'],
] as const satisfies readonly (readonly [keyof MessageCounts, string])[];

/** What is now, and does not grow only. */
const states: readonly (keyof MessageCounts)[] = ['inBroker', 'inFlight', 'lost', 'publishing'];

/** Open when a run began: they may end in it. */
const openIn = ({ inBroker, inFlight, lost }: MessageCounts): number => inBroker + inFlight + lost;

const sameSubscription =
  (a: Balance) =>
  (b: Balance): boolean =>
    a.broker === b.broker && a.destination === b.destination && a.subscription === b.subscription;

/** What became of the messages of a run: those that were published in it, and those that were open when it began. */
export const messageResults = (before: readonly Balance[], now: readonly Balance[]): MessageResult[] =>
  now.map((balance) => {
    const { broker, destination, subscription, pattern } = balance;
    const counts = countsOf(balance);
    const earlier = before.find(sameSubscription(balance));
    if (earlier)
      for (const [name, value] of Object.entries(countsOf(earlier)) as [keyof MessageCounts, number][])
        if (!states.includes(name)) counts[name] -= value;
    const openBefore = earlier ? openIn(earlier) : 0;
    return {
      ...{ broker, destination, subscription, pattern, counts, openBefore },
      ...equationOf({ destination, subscription, counts, openBefore }),
    };
  });

/** Whether the messages are the sum of what became of them, and the equation with its numbers. */
function equationOf({
  destination,
  subscription,
  counts,
  openBefore,
}: Pick<MessageResult, 'destination' | 'subscription' | 'counts' | 'openBefore'>): {
  holds: boolean;
  equation: string;
} {
  const sum = terms.reduce((all, [field]) => all + counts[field], 0);
  const named = terms.filter(([field]) => counts[field] !== 0 || field === 'done');
  const right = named.map(([field, words]) => `${words} ${counts[field]}`).join(' + ');
  const left = `published ${counts.published}${openBefore > 0 ? ` + open before ${openBefore}` : ''}`;
  const holds = sum === counts.published + openBefore;
  const of = subscription === '' ? destination : `${destination} for ${subscription}`;
  return { holds, equation: `${of}: ${left} ${holds ? '=' : '≠'} ${right}` };
}
