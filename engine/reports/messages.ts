import type { MessageCounts, RunResult } from '../api/types.ts';
import { count } from './figures.ts';

const columns = [
  ['published', 'Published'],
  ['done', 'Done'],
  ['deadLettered', 'Dead-lettered'],
  ['expired', 'Expired'],
  ['dropped', 'Dropped'],
  ['inBroker', 'In the broker'],
  ['inFlight', 'In flight'],
  ['lost', 'Lost'],
  ['redelivered', 'Redelivered'],
  ['duplicated', 'Duplicated'],
  ['replayed', 'Replayed'],
  ['reordered', 'Reordered'],
] as const satisfies readonly (readonly [keyof MessageCounts, string])[];

export interface MessageTable {
  titles: readonly string[];
  rows: readonly string[][];
}

/** What became of the messages of each queue, group and subscriber. Columns in which there is nothing are left out; null without messages. */
export function messageTable({ messages = [] }: Partial<Pick<RunResult, 'messages'>>): MessageTable | null {
  const some = messages.filter(({ counts, openBefore }) => counts.published + openBefore > 0);
  if (some.length === 0) return null;
  const told = columns.filter(
    ([field]) =>
      field === 'published' ||
      field === 'done' ||
      field === 'lost' ||
      some.some(({ counts }) => (counts[field] ?? 0) !== 0),
  );
  return {
    titles: ['Messages of', 'For', ...told.map(([, title]) => title)],
    rows: some.map(({ broker, destination, subscription, counts }) => [
      `${broker}: ${destination}`,
      subscription === '' ? 'any consumer' : subscription,
      ...told.map(([field]) => count(counts[field] ?? 0)),
    ]),
  };
}
