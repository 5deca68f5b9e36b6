import type { ArchipelDocument } from '../../engine/model/document.ts';
import { t } from '../i18n/t.ts';

type Part = { id: string; name?: string };

/** What an edit did, in a few words for undo and redo: "move 3 nodes", "connect Client to Orders". */
export function editName(before: ArchipelDocument, after: ArchipelDocument): string {
  const nodes = changed(before.nodes, after.nodes);
  const groups = changed(before.groups, after.groups);
  const edges = changed(before.edges, after.edges);
  const nameOf = (id: string) =>
    (after.nodes.find((node) => node.id === id) ?? before.nodes.find((node) => node.id === id))?.name ?? id;
  const ends = ({ source, target }: { source: string; target: string }) => ({
    from: nameOf(source),
    to: nameOf(target),
  });

  const added = [...nodes.added, ...groups.added];
  const removed = [...nodes.removed, ...groups.removed];
  if (added.length > 0) return t('add {{what}}', { what: some(added, kindOf(nodes.added, groups.added)) });
  if (removed.length > 0) return t('remove {{what}}', { what: some(removed, kindOf(nodes.removed, groups.removed)) });
  const [edge] = [...edges.added, ...edges.removed];
  if (edge) {
    const count = edges.added.length + edges.removed.length;
    if (edges.added.length > 0)
      return count === 1 ? t('connect {{from}} to {{to}}', ends(edge)) : t('connect {{count}} times', { count });
    return count === 1 ? t('disconnect {{from}} to {{to}}', ends(edge)) : t('disconnect {{count}} times', { count });
  }

  const parts = [...nodes.changed, ...groups.changed];
  if (parts.length > 0) {
    const what = some(
      parts.map(({ now }) => now),
      kindOf(nodes.changed, groups.changed),
    );
    if (parts.every(({ was, now }) => onlyDiffers(was, now, ['position', 'placed', 'group', 'parent']))) {
      // A frame takes along what is in it: the frame is what was moved.
      const frames = groups.changed.filter(({ was, now }) => !samePlace(was.position, now.position));
      const inner = frames.filter(({ now }) => frames.some(({ now: other }) => other.id === now.parent));
      const moved = frames.length > 0 ? frames.filter((frame) => !inner.includes(frame)) : parts;
      return t('move {{what}}', {
        what: some(
          moved.map(({ now }) => now),
          frames.length > 0 ? 'group' : kindOf(nodes.changed, groups.changed),
        ),
      });
    }
    if (parts.every(({ was, now }) => onlyDiffers(was, now, ['size', 'position'])))
      return t('resize {{what}}', { what });
    if (parts.every(({ was, now }) => onlyDiffers(was, now, ['name']))) return t('rename {{what}}', { what });
    return t('change {{what}}', { what });
  }
  const [line] = edges.changed;
  if (line)
    return edges.changed.length === 1
      ? t('change {{from}} to {{to}}', ends(line.now))
      : t('change {{count}} connections', { count: edges.changed.length });
  if (before.scenarios !== after.scenarios) return t('change the traffic');
  if (before.experiments !== after.experiments) return t('change an experiment');
  if (before.sweeps !== after.sweeps) return t('change a sweep');
  return before.name !== after.name ? t('rename the document') : t('change the document');
}

type Kind = 'node' | 'group' | 'part';

const kindOf = (nodes: readonly unknown[], groups: readonly unknown[]): Kind =>
  groups.length === 0 ? 'node' : nodes.length === 0 ? 'group' : 'part';

function some(parts: readonly Part[], kind: Kind): string {
  const [only] = parts;
  const count = parts.length;
  if (only && count === 1) return only.name ?? only.id;
  if (kind === 'node') return t('{{count}} nodes', { count });
  return kind === 'group' ? t('{{count}} groups', { count }) : t('{{count}} parts', { count });
}

function changed<P extends Part>(before: readonly P[], after: readonly P[]) {
  if (before === after) return { added: [], removed: [], changed: [] };
  const old = new Map(before.map((part) => [part.id, part]));
  const ids = new Set(after.map(({ id }) => id));
  return {
    added: after.filter(({ id }) => !old.has(id)),
    removed: before.filter(({ id }) => !ids.has(id)),
    changed: after.flatMap((now) => {
      const was = old.get(now.id);
      return was && was !== now ? [{ was, now }] : [];
    }),
  };
}

type Point = { x: number; y: number };
const samePlace = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

function onlyDiffers(was: object, now: object, keys: readonly string[]): boolean {
  const [a, b] = [was as Record<string, unknown>, now as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => keys.includes(key) || a[key] === b[key]);
}
