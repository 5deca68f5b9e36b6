import { insideOurs } from '../../engine/kinds/fault-lists.ts';
import { kinds } from '../../engine/kinds/index.ts';
import type { FaultDefinition, FaultFamily, KindDefinition } from '../../engine/model/definition.ts';
import { carriedBetween } from '../../engine/model/dialling.ts';
import type { ArchipelDocument, ArchipelEdge, ArchipelNode } from '../../engine/model/document.ts';
import type { Protocol } from '../../engine/model/edge.ts';
import { nodesWithin } from '../../engine/model/groups.ts';
import { replicaCount, replicaCounting } from '../../engine/model/replica-count.ts';
import { listed } from '../i18n/list.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import { allFaults, familyTitles, faultLimit } from './presentation.ts';
import { canHave, edgesOf, type FaultScope } from './scope.ts';

export interface FaultEntry {
  definition: FaultDefinition;
  /** Why it cannot go on here, or null. */
  refusal: string | null;
  /** What is different on the engine's operating system, or null. */
  limit: string | null;
}

export interface FaultFamilyEntries {
  family: FaultFamily;
  title: string;
  entries: FaultEntry[];
}

/** The faults that make sense for a scope, by family in the order of the catalogue; those that cannot go on say why. */
export function faultMenu(
  scope: FaultScope,
  document: ArchipelDocument,
  platform: string | undefined,
  search = '',
): FaultFamilyEntries[] {
  const entries = allFaults.flatMap((definition): FaultEntry[] => {
    if (!matches(definition, search)) return [];
    const possible = refusalOf(definition, scope, document);
    if (possible === undefined) return [];
    const refusal = possible ?? nodeRefusal(definition, scope, document, platform);
    return [{ definition, refusal, limit: faultLimit(definition, platform) }];
  });
  const families = Object.keys(familyTitles) as FaultFamily[];
  // On a client, what it sends is what one came for.
  if (scope.type === 'node' && isSender(document, scope.node)) families.sort((a) => (a === 'traffic' ? -1 : 0));
  return families.flatMap((family) => {
    const own = entries.filter(({ definition }) => definition.family === family);
    return own.length > 0 ? [{ family, title: t(familyTitles[family]), entries: own }] : [];
  });
}

const isSender = (document: ArchipelDocument, id: string): boolean => {
  const kind = document.nodes.find((node) => node.id === id)?.kind;
  return kinds.some((definition) => definition.kind === kind && definition.family === 'traffic');
};

/** Every word of the search is in its name, its title, its help or its family. */
function matches({ fault, title, help, family }: FaultDefinition, search: string): boolean {
  const text = `${fault} ${said(title)} ${said(help)} ${t(familyTitles[family])}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Null: it can go on. Undefined: it has nothing to do with such a scope. */
function refusalOf(
  definition: FaultDefinition,
  scope: FaultScope,
  document: ArchipelDocument,
): string | null | undefined {
  switch (definition.target) {
    case 'edge':
      return refusalOnEdges(definition, scope, document);
    case 'group':
      return refusalOnGroup(definition, scope, document);
    case 'any':
      return document.nodes.length > 0 ? null : t('There is nothing that could have it.');
    case 'process':
    case 'node':
      return refusalOnProcesses(definition, scope, document);
  }
}

/** A fault that is made of others for a whole host or zone. */
function refusalOnGroup(
  { composition }: FaultDefinition,
  scope: FaultScope,
  document: ArchipelDocument,
): string | null | undefined {
  if (scope.type !== 'group') return undefined;
  const kind = document.groups.find(({ id }) => id === scope.group)?.kind;
  const kinds = composition?.groups ?? [];
  if (kinds.some((able) => able === kind)) return null;
  if (kinds.length > 1) return t('Only a host or a zone can have it.');
  return kinds[0] === 'host' ? t('Only a host can have it.') : t('Only a zone can have it.');
}

function refusalOnProcesses(
  definition: FaultDefinition,
  scope: FaultScope,
  document: ArchipelDocument,
): string | null | undefined {
  switch (scope.type) {
    case 'edge':
      return undefined;
    case 'node':
      return canHave(document, scope.node, definition.fault) ? null : undefined;
    case 'several': {
      if (scope.nodes.length === 0) return undefined;
      const unable = scope.nodes.filter((id) => !canHave(document, id, definition.fault));
      if (unable.length === scope.nodes.length) return undefined;
      if (unable.length === 0) return null;
      return t('Not possible on {{names}}.', { names: unable.map((id) => nameOf(document, id)).join(', ') });
    }
    case 'group':
      return hasOneWith(document, nodesWithin(document, scope.group), definition.fault)
        ? null
        : t('No node in this frame can have it.');
    case 'document':
      return hasOneWith(
        document,
        document.nodes.map(({ id }) => id),
        definition.fault,
      )
        ? null
        : t('No node in this document can have it.');
  }
}

/** Why it cannot act on a node of a kind that has it, as that is set up; null where it can. */
export function nodeRefusal(
  definition: FaultDefinition,
  scope: FaultScope,
  document: ArchipelDocument,
  platform: string | undefined,
): string | null {
  if (scope.type !== 'node' || (definition.target !== 'process' && definition.target !== 'node')) return null;
  const node = document.nodes.find(({ id }) => id === scope.node);
  const kind = (kinds as readonly KindDefinition[]).find((candidate) => candidate.kind === node?.kind);
  if (!node || !kind) return null;
  return programRefusal(definition, kind.program?.(node.config), platform) ?? replicasRefusal(definition, kind, node);
}

/** Why it cannot act on a program that is not ours, or runs elsewhere. */
function programRefusal(
  { fault, foreignLimits }: FaultDefinition,
  program: 'ours' | 'foreign' | 'remote' | undefined,
  platform: string | undefined,
): string | null {
  switch (program) {
    case 'remote':
      return t('It is your own server, which Archipel did not start and will not harm.');
    case 'foreign':
      if ((insideOurs as readonly string[]).includes(fault))
        return t('It acts inside programs of ours, and this one is not.');
      return said((platform && foreignLimits?.[platform as NodeJS.Platform]) ?? '') || null;
    default:
      return null;
  }
}

/** Why it cannot act on a node with so few processes. */
function replicasRefusal(
  { leastReplicas = 1 }: FaultDefinition,
  kind: KindDefinition,
  { config }: ArchipelNode,
): string | null {
  const missing = leastReplicas - replicaCount(kind, config);
  if (missing <= 0) return null;
  const { field } = replicaCounting(kind);
  return t('It needs more processes: raise “{{setting}}” by {{missing}} first.', {
    setting: said(kind.config.shape[field]?.meta()?.title ?? field),
    missing,
  });
}

function refusalOnEdges(
  { protocols }: FaultDefinition,
  scope: FaultScope,
  document: ArchipelDocument,
): string | null | undefined {
  if (scope.type === 'node') return undefined;
  const named = scope.type === 'edge' ? [scope.edge] : scope.type === 'several' ? edgesOf(scope, document) : null;
  const edges = document.edges.filter(({ id }) => named?.includes(id) ?? true);
  if (edges.length === 0)
    return scope.type === 'several' ? t('No connection is selected.') : t('There is no connection.');
  if (!protocols) return null;
  const foreign = edges.filter((edge) => !protocols.includes(protocolOf(document, edge) ?? 'http'));
  // Of a frame or of everything those are left out that carry something else.
  if (foreign.length === 0 || (named === null && foreign.length < edges.length)) return null;
  return t('It understands {{protocols}}; {{count}} connections carry {{carried}}.', {
    protocols: listed(protocols),
    count: foreign.length,
    carried: listed([...new Set(foreign.map((edge) => protocolOf(document, edge) ?? ''))]),
  });
}

function protocolOf(document: ArchipelDocument, { source, target }: ArchipelEdge): Protocol | null {
  const kindOf = (node: string): KindDefinition | undefined => {
    const kind = document.nodes.find(({ id }) => id === node)?.kind;
    return (kinds as readonly KindDefinition[]).find((definition) => definition.kind === kind);
  };
  return carriedBetween(kindOf(source), kindOf(target));
}

const hasOneWith = (document: ArchipelDocument, nodes: readonly string[], fault: string): boolean =>
  nodes.some((id) => canHave(document, id, fault));

const nameOf = (document: ArchipelDocument, id: string): string =>
  document.nodes.find((node) => node.id === id)?.name ?? id;
