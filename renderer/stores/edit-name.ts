import type { ArchipelDocument } from '../../engine/model/document.ts';

type Part = { id: string; name?: string };

/** What an edit did, in a few words for undo and redo: "move 3 nodes", "connect Client to Orders". */
export function editName(before: ArchipelDocument, after: ArchipelDocument): string {
  const nodes = changed(before.nodes, after.nodes);
  const groups = changed(before.groups, after.groups);
  const edges = changed(before.edges, after.edges);
  const nameOf = (id: string) =>
    (after.nodes.find((node) => node.id === id) ?? before.nodes.find((node) => node.id === id))?.name ?? id;
  const edgeName = ({ source, target }: { source: string; target: string }) => `${nameOf(source)} to ${nameOf(target)}`;

  const added = [...nodes.added, ...groups.added];
  const removed = [...nodes.removed, ...groups.removed];
  if (added.length > 0) return `add ${some(added, kindOf(nodes.added, groups.added))}`;
  if (removed.length > 0) return `remove ${some(removed, kindOf(nodes.removed, groups.removed))}`;
  const [edge] = [...edges.added, ...edges.removed];
  if (edge) {
    const count = edges.added.length + edges.removed.length;
    const verb = edges.added.length > 0 ? 'connect' : 'disconnect';
    return count === 1 ? `${verb} ${edgeName(edge)}` : `${verb} ${count} times`;
  }

  const parts = [...nodes.changed, ...groups.changed];
  if (parts.length > 0) {
    const what = some(
      parts.map(({ now }) => now),
      kindOf(nodes.changed, groups.changed),
    );
    if (parts.every(({ was, now }) => onlyDiffers(was, now, ['position', 'group', 'parent']))) {
      // A frame takes along what is in it: the frame is what was moved.
      const frames = groups.changed.filter(({ was, now }) => !samePlace(was.position, now.position));
      const inner = frames.filter(({ now }) => frames.some(({ now: other }) => other.id === now.parent));
      const moved = frames.length > 0 ? frames.filter((frame) => !inner.includes(frame)) : parts;
      return `move ${some(
        moved.map(({ now }) => now),
        frames.length > 0 ? 'group' : kindOf(nodes.changed, groups.changed),
      )}`;
    }
    if (parts.every(({ was, now }) => onlyDiffers(was, now, ['size', 'position']))) return `resize ${what}`;
    if (parts.every(({ was, now }) => onlyDiffers(was, now, ['name']))) return `rename ${what}`;
    return `change ${what}`;
  }
  const [line] = edges.changed;
  if (line)
    return edges.changed.length === 1 ? `change ${edgeName(line.now)}` : `change ${edges.changed.length} connections`;
  if (before.scenarios !== after.scenarios) return 'change the traffic';
  if (before.experiments !== after.experiments) return 'change an experiment';
  if (before.sweeps !== after.sweeps) return 'change a sweep';
  return before.name !== after.name ? 'rename the document' : 'change the document';
}

const kindOf = (nodes: readonly unknown[], groups: readonly unknown[]): string =>
  groups.length === 0 ? 'node' : nodes.length === 0 ? 'group' : 'part';

const some = (parts: readonly Part[], kind: string): string =>
  parts.length === 1 ? (parts[0]?.name ?? parts[0]?.id ?? kind) : `${parts.length} ${kind}s`;

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
