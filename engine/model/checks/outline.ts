import type { Catalogue, KindDefinition } from '../definition.ts';
import { carriedBetween } from '../dialling.ts';
import type { Protocol } from '../edge.ts';
import { schemaErrors } from '../issues.ts';
import { jsonPath } from '../json-path.ts';
import { type Salvaged, salvage } from '../salvage.ts';

/*
 * A document as far as it can be read, however broken it is. The checks work on this,
 * so that one broken part hides nothing about the others.
 */

export type Loose = Record<string, unknown>;

export interface OutlineNode {
  path: string;
  id: string | null;
  kind: string | null;
  /** The host or zone that it stands in. */
  group: string | null;
  definition: KindDefinition | null;
  /** Null when the kind is unknown or the config cannot be read at all. */
  config: Salvaged<Record<string, unknown>> | null;
}

export interface OutlineEdge {
  path: string;
  id: string | null;
  source: string | null;
  target: string | null;
  /** As it is in the document. */
  config: unknown;
}

export interface OutlineGroup {
  path: string;
  id: string | null;
  kind: string | null;
  parent: string | null;
  raw: Loose;
}

export interface Named {
  path: string;
  name: string | null;
  raw: Loose;
}

export interface Outline {
  nodes: OutlineNode[];
  edges: OutlineEdge[];
  groups: OutlineGroup[];
  notes: { path: string; id: string | null }[];
  scenarios: Named[];
  experiments: Named[];
  sweeps: Named[];
  catalogue: Catalogue;
}

export const object = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function outlineOf(value: unknown, catalogue: Catalogue): Outline {
  const document = object(value);
  const named = (field: 'scenarios' | 'experiments' | 'sweeps'): Named[] =>
    list(document[field]).map((raw, index) => ({
      path: jsonPath([field, index]),
      name: text(object(raw).name),
      raw: object(raw),
    }));
  return {
    nodes: list(document.nodes).map((raw, index) => outlineNode(object(raw), jsonPath(['nodes', index]), catalogue)),
    edges: list(document.edges).map((raw, index) => {
      const edge = object(raw);
      return {
        path: jsonPath(['edges', index]),
        id: text(edge.id),
        source: text(edge.source),
        target: text(edge.target),
        config: edge.config,
      };
    }),
    groups: list(document.groups).map((raw, index) => {
      const group = object(raw);
      const path = jsonPath(['groups', index]);
      return { path, id: text(group.id), kind: text(group.kind), parent: text(group.parent), raw: group };
    }),
    notes: list(document.notes).map((raw, index) => ({ path: jsonPath(['notes', index]), id: text(object(raw).id) })),
    scenarios: named('scenarios'),
    experiments: named('experiments'),
    sweeps: named('sweeps'),
    catalogue,
  };
}

function outlineNode(raw: Loose, path: string, catalogue: Catalogue): OutlineNode {
  const kind = text(raw.kind);
  const definition = catalogue.kinds.find((candidate) => candidate.kind === kind) ?? null;
  const config = definition && salvage(definition.config, raw.config ?? {});
  return { path, id: text(raw.id), kind, group: text(raw.group), definition, config };
}

export const nodeById = (outline: Outline, id: string | null): OutlineNode | undefined =>
  id === null ? undefined : outline.nodes.find((node) => node.id === id);

export const edgesFrom = (outline: Outline, id: string | null): OutlineEdge[] =>
  id === null ? [] : outline.edges.filter((edge) => edge.source === id);

/** What an edge carries, as far as the kinds of its ends are known: of a delivery, what its broker speaks. */
export const carriedAlong = (outline: Outline, { source, target }: OutlineEdge): Protocol | null =>
  carriedBetween(
    nodeById(outline, source)?.definition ?? undefined,
    nodeById(outline, target)?.definition ?? undefined,
  );

/** What the schemas of the kinds have against the configs of the nodes. */
export function configErrors(value: unknown, { nodes }: Outline) {
  const raws = list(object(value).nodes);
  return nodes.flatMap(({ definition, path }, index) => {
    const config = object(raws[index]).config ?? {};
    // Anything but an object is reported by the schema of the document.
    if (!definition || typeof config !== 'object' || Array.isArray(config)) return [];
    return schemaErrors(definition.config, config, `${path}.config`);
  });
}

/** `Use one of "a", "b".`, or what to do when there is none. */
export const oneOf = (names: readonly (string | null)[], none: string): string => {
  const known = names.filter((name) => name !== null);
  return known.length === 0
    ? none
    : `Use ${known.length > 1 ? 'one of ' : ''}${known.map((name) => `"${name}"`).join(', ')}.`;
};
