import type { RunResult } from '../api/types.ts';
import { brokerFigures } from '../model/broker-figures.ts';
import { measured } from './measures.ts';

export interface BrokerTable {
  titles: readonly string[];
  rows: readonly string[][];
}

/** Brokers side by side, a figure in each row; null without any. */
export function brokerTable({ brokers = [] }: Partial<Pick<RunResult, 'brokers'>>): BrokerTable | null {
  if (brokers.length === 0) return null;
  return {
    titles: ['Broker', ...brokers.map(({ broker }) => broker)],
    rows: brokerFigures.map((definition) => [
      definition.title,
      ...brokers.map(({ figures }) => measured(figures[definition.id] ?? null, definition)),
    ]),
  };
}
