import type { DocumentError } from '../definition.ts';
import { jsonPath } from '../json-path.ts';
import { nearest } from '../nearest.ts';
import { type Outline, object } from './outline.ts';

/** Prices must be those of nodes and kinds that there are: a misspelt one would change nothing. */
export function checkPrices(value: unknown, { nodes, catalogue }: Outline): DocumentError[] {
  const prices = object(object(value).prices);
  const ids = nodes.flatMap(({ id }) => id ?? []);
  const kinds = catalogue.kinds.map(({ kind }) => kind);
  const unknown = (part: 'nodes' | 'hourly', known: readonly string[], what: string): DocumentError[] =>
    Object.keys(object(prices[part]))
      .filter((name) => !known.includes(name))
      .map((name) => {
        const meant = nearest(name, known);
        return {
          path: jsonPath(['prices', part, name], '$'),
          message: `there is no ${what} "${name}" that could have a price`,
          nextStep: meant ? `Did you mean "${meant}"?` : `Name one of ${known.map((each) => `"${each}"`).join(', ')}.`,
        };
      });
  return [...unknown('nodes', ids, 'node'), ...unknown('hourly', kinds, 'kind')];
}
