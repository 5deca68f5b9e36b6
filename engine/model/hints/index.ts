import type { Catalogue } from '../definition.ts';
import type { ArchipelDocument } from '../document.ts';
import { parseDocument } from '../parse.ts';
import type { Hint, HintRule, Proof } from './hint.ts';
import { cacheStampede } from './rules/cache-stampede.ts';
import { deepChain } from './rules/deep-chain.ts';
import { longTimeout } from './rules/long-timeout.ts';
import { noHealthChecks } from './rules/no-health-checks.ts';
import { oversizedQueue } from './rules/oversized-queue.ts';
import { retriesWithoutBudget } from './rules/retries-without-budget.ts';
import { sharedDatabase } from './rules/shared-database.ts';
import { singlePointOfFailure } from './rules/single-point-of-failure.ts';
import { smallPool } from './rules/small-pool.ts';
import { sightOf } from './sight.ts';

/** Every rule, in the order in which its hints are shown. A new one is a file beside these and its line here. */
export const hintRules: readonly HintRule[] = [
  longTimeout,
  retriesWithoutBudget,
  cacheStampede,
  smallPool,
  oversizedQueue,
  noHealthChecks,
  singlePointOfFailure,
  sharedDatabase,
  deepChain,
];

/** The weaknesses of a document as far as it tells; none while it has problems. Pure. */
export function hintsOf(document: ArchipelDocument, catalogue: Catalogue): Hint[] {
  const parsed = parseDocument(document, catalogue);
  if (!parsed.ok) return [];
  const sight = sightOf(parsed.document, catalogue);
  return hintRules.flatMap(({ rule, title, find }) =>
    find(sight).map((found) => ({
      ...found,
      ...{ rule, title, id: [rule, ...found.nodes, ...found.edges].join(' ') },
    })),
  );
}

/** The document with nothing but this experiment, and the traffic for it. */
export const proofDocument = (document: ArchipelDocument, { experiment, scenario }: Proof): ArchipelDocument => ({
  ...document,
  scenarios: [...document.scenarios, scenario],
  experiments: [experiment],
  sweeps: [],
});
