import type { Affected } from '../api/types.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import { failedIn, type Tally } from '../metrics/tally.ts';
import { marked } from './marks.ts';
import type { Effects } from './observation.ts';
import { measuredWindow, type NodeMark } from './phases.ts';
import { minimumForRatio, wilsonInterval } from './statistics.ts';

/** What failed so little more often than before is not called affected. */
const NOTICEABLE = 0.01;

interface Counted {
  failed: number;
  all: number;
}

/** Surely more often than before; null where there is too little to tell. */
function isWorse(before: Counted, during: Counted): boolean | null {
  if (before.all < minimumForRatio() || during.all < minimumForRatio()) return null;
  return wilsonInterval(during.failed, during.all).low > before.failed / before.all + NOTICEABLE;
}

/** Those that could not be judged may all be affected, or none of them. */
function shareOf(judged: readonly { name: string; affected: boolean | null }[]): Affected {
  const known = judged.filter(({ affected }) => affected !== null);
  const affected = known.filter((one) => one.affected).map(({ name }) => name);
  const unknown = judged.length - known.length;
  const all = Math.max(1, judged.length);
  return {
    affected,
    of: known.map(({ name }) => name),
    share: known.length > 0 ? affected.length / known.length : null,
    interval: { low: affected.length / all, high: judged.length === 0 ? 1 : (affected.length + unknown) / all },
  };
}

const counted = (tally: Tally): Counted => ({
  failed: failedIn(tally) + tally.dropped,
  all: tally.issued + tally.dropped,
});

/** Routes that surely failed more often while an effect was there than in the steady state. */
export function affectedRoutes({ recording, timeline: { steadyState }, effects }: Effects): Affected {
  if (!steadyState) return shareOf([]);
  return shareOf(
    recording.routes().map((route) => {
      const before = counted(recording.tally({ range: steadyState, route }));
      const worse = effects.map(({ on }) =>
        isWorse(before, counted(recording.tally({ range: measuredWindow(recording, on), route }))),
      );
      return { name: route, affected: any(worse) };
    }),
  );
}

/** Nodes that were not ready while an effect was there, or surely answered with errors more often. */
export function affectedNodes({ timeline: { steadyState, marks }, effects }: Effects): Affected {
  const calm = steadyState && marked(marks, steadyState);
  if (!calm) return shareOf([]);
  return shareOf(
    Object.keys(calm.last.nodes).map((id) => ({
      name: id,
      affected: any(effects.map(({ on }) => isNodeAffected(id, calm, marks, on))),
    })),
  );
}

function isNodeAffected(
  id: string,
  calm: { first: NodeMark; last: NodeMark },
  marks: readonly NodeMark[],
  on: TimeRange,
): boolean | null {
  const during = marked(marks, { fromMs: on.fromMs, toMs: on.toMs });
  if (!during) return null;
  const states = [during.first, during.last].map(({ nodes }) => nodes[id]?.state);
  if (calm.last.nodes[id]?.state === 'ready' && states.some((state) => state !== 'ready')) return true;
  const between = ({ first, last }: { first: NodeMark; last: NodeMark }): Counted => ({
    failed: (last.nodes[id]?.errors ?? 0) - (first.nodes[id]?.errors ?? 0),
    all: (last.nodes[id]?.requests ?? 0) - (first.nodes[id]?.requests ?? 0),
  });
  // A node that nobody asks is not affected: it is there, and ready.
  const [before, now] = [between(calm), between(during)];
  if (before.all === 0 && now.all === 0) return false;
  return isWorse(before, now) ?? (now.failed === 0 ? false : null);
}

const any = (found: readonly (boolean | null)[]): boolean | null =>
  found.includes(true) ? true : found.includes(null) ? null : false;
