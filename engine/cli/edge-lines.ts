import type { RunResult } from '../api/types.ts';
import { edgeMeasures } from '../model/edge-measures.ts';
import { count } from './figures.ts';
import { table } from './table.ts';

/** What policies did on the edges that have any: attempts per request, and how often each of them acted. */
export function edgeLines({ edges }: RunResult): string[] {
  const policed = Object.entries(edges).filter(([, { measures }]) => measures.amplification != null);
  if (policed.length === 0) return [];
  const acted = (measures: Record<string, number | null>): string =>
    edgeMeasures
      .filter(({ id, source }) => source.type === 'total' && id !== 'attempts' && (measures[id] ?? 0) > 0)
      .map(({ id, title }) => `${title.toLowerCase()} ${count(measures[id] ?? 0)}`)
      .join(', ');
  return table(
    ['edge', 'requests', 'errors', 'attempts', 'per request', 'policies'],
    policed.map(([id, { requests, errors, measures }]) => [
      id,
      count(requests),
      count(errors),
      count(measures.attempts ?? 0),
      (measures.amplification ?? 0).toFixed(2),
      acted(measures),
    ]),
    [0, 5],
  );
}
