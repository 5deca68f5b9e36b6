import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { callProblem } from '../../engine/model/graph.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import { refusal } from './connection-rules.ts';

/** Which end of a connection a card is. */
export type Side = 'source' | 'target';

/** Something that a connection may lead to: a card that is there, or a new one of a kind. */
export interface Target {
  /** `node ID` or `kind KIND`. */
  key: string;
  type: 'node' | 'kind';
  /** Id of the node, or the kind. */
  id: string;
  title: string;
  kind: string;
  /** Why it may not; null when it may. */
  why: string | null;
}

/** Everything that a connection of a card may lead to, or come from, and why the rest may not. */
export function targetsOf(document: ArchipelDocument, from: string, side: Side): Target[] {
  const all = kinds as readonly KindDefinition[];
  const own = all.find(({ kind }) => kind === document.nodes.find(({ id }) => id === from)?.kind);
  if (!own) return [];
  const nodes = document.nodes
    .filter(({ id }) => id !== from)
    .map(({ id, name, kind }): Target => {
      const ends = side === 'source' ? { source: from, target: id } : { source: id, target: from };
      return { key: `node ${id}`, type: 'node', id, title: name, kind, why: refusal(document, ends) };
    });
  const added = all.map(
    (definition): Target => ({
      key: `kind ${definition.kind}`,
      type: 'kind',
      id: definition.kind,
      title: t('New {{title}}', { title: said(definition.title) }),
      kind: definition.kind,
      why: saidOrNull(side === 'source' ? callProblem(own, definition) : callProblem(definition, own)),
    }),
  );
  return [...nodes, ...added];
}

/** Those that hold each word of the query in their title or kind; the ones that are possible first. */
export function foundTargets(targets: readonly Target[], query: string): Target[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = targets.filter(({ title, id, kind }) =>
    words.every((word) => `${title} ${id} ${kind}`.toLowerCase().includes(word)),
  );
  return [...found.filter(({ why }) => why === null), ...found.filter(({ why }) => why !== null)];
}

const saidOrNull = (problem: string | null): string | null => problem && said(problem);
