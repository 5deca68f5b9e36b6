import type { TimeRange } from '../metrics/source-recording.ts';
import type { Picture } from '../model/probes/sight.ts';
import type { Course } from './course.ts';
import type { NodeMark } from './phases.ts';

/** Remembers how the nodes are now. */
export function mark({ world, timeline }: Course): void {
  timeline.marks.push({ atMs: world.now(), nodes: nodesOf(world.sight.picture()) });
}

const nodesOf = ({ nodes }: Picture): NodeMark['nodes'] =>
  Object.fromEntries(
    Object.entries(nodes).map(([id, { state, figures }]) => [
      id,
      { state, requests: figures.requests ?? 0, errors: figures.errors ?? 0 },
    ]),
  );

/** What each node did between the first and the last mark in a range. Null without two of them. */
export function marked(
  marks: readonly NodeMark[],
  { fromMs, toMs }: TimeRange,
): { first: NodeMark; last: NodeMark } | null {
  const within = marks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const [first, last] = [within[0], within.at(-1)];
  return first && last && first !== last ? { first, last } : null;
}
