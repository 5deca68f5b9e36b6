import type { AbSide } from '../api/types.ts';
import type { KindDefinition } from '../model/definition.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { replicaCount } from '../model/replica-count.ts';

/** What is written by those who program a node, not by those who run it. */
const CODE = ['routes', 'modules', 'schema', 'setupSql', 'seed', 'versions'];

/** What a document is, whatever traffic comes: how much runs, how far a request may go, and how much is to be looked after. */
export function structureOf(
  document: ArchipelDocument,
  kinds: readonly KindDefinition[],
): Pick<AbSide, 'processes' | 'hops' | 'settings'> {
  const { nodes, edges } = document;
  const clients = nodes.filter(({ kind }) => kind === 'client');
  const others = nodes.filter((node) => !clients.includes(node));
  return {
    processes: others.reduce(
      (sum, { kind, config }) =>
        sum +
        replicaCount(
          kinds.find((known) => known.kind === kind),
          config,
        ),
      0,
    ),
    hops: Math.max(0, ...clients.map(({ id }) => longestFrom(id, edges, new Set()))),
    settings:
      others.reduce((sum, { config }) => sum + settingsIn(config, CODE), 0) +
      // Each caller knows the address of its callee, too.
      edges.reduce((sum, { config }) => sum + 1 + settingsIn(config, []), 0),
  };
}

/** Edges one after the other on the longest way from a node; one that comes back to where it was ends there. */
function longestFrom(nodeId: string, edges: ArchipelDocument['edges'], seen: ReadonlySet<string>): number {
  if (seen.has(nodeId)) return 0;
  const onTheWay = new Set([...seen, nodeId]);
  return Math.max(
    0,
    ...edges
      .filter(({ source, target }) => source === nodeId && !onTheWay.has(target))
      .map(({ target }) => 1 + longestFrom(target, edges, onTheWay)),
  );
}

/** Values that a config holds, defaults among them; what is off, or an empty list, is none. */
function settingsIn(value: unknown, without: readonly string[]): number {
  if (value === null || value === undefined) return 0;
  if (typeof value !== 'object') return 1;
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + (without.includes(key) ? 0 : settingsIn(each, [])),
    0,
  );
}
