import type { TimeRange } from '../metrics/source-recording.ts';
import type { Probe } from '../model/experiment.ts';
import { boundsOf } from '../model/tolerance.ts';
import { SLICE_MS } from '../process-kit/protocol.ts';
import { holdsAt, lastSeen } from './judge-looks.ts';
import { isLook } from './looks.ts';
import type { Observation } from './observation.ts';
import { holdsIn, measure, surelyBroken } from './probes.ts';
import { slidingWindowMs } from './recovery.ts';

/**
 * When somebody who watches the hypothesis would have noticed: at the end of the first slice in which one of its probes was
 * out of tolerance. One unlucky request is no news: the window that begins there must break the probe by more than chance explains.
 */
export function detect(observation: Observation, range: TimeRange): { atMs: number; probe: string } | null {
  const found = observation.experiment.steadyStateHypothesis.probes.flatMap((probe) => {
    const atMs = isLook(probe) ? inLooks(observation, probe, range) : inRequests(observation, probe, range);
    return atMs === null ? [] : [{ atMs, probe: probe.name }];
  });
  return found.reduce<(typeof found)[number] | null>(
    (first, one) => (first && first.atMs <= one.atMs ? first : one),
    null,
  );
}

function inLooks({ looksOf, timeline }: Observation, probe: Probe, range: TimeRange): number | null {
  const looks = looksOf(probe);
  const before = timeline.steadyState && lastSeen(looks, timeline.steadyState);
  const broken = looks.find(
    (look) => look.fromMs >= range.fromMs && look.toMs <= range.toMs && !holdsAt(probe, look, before),
  );
  return broken?.toMs ?? null;
}

function inRequests({ recording, timeline }: Observation, probe: Probe, range: TimeRange): number | null {
  if (!timeline.steadyState) return null;
  const bounds = boundsOf(probe.tolerance);
  const windowMs = slidingWindowMs(recording, [probe], timeline.steadyState);
  const firstMs = recording.firstSliceAtMs(range);
  for (let fromMs = firstMs; fromMs + SLICE_MS <= range.toMs; fromMs += SLICE_MS) {
    const slice = measure(recording, probe.measure, { fromMs, toMs: fromMs + SLICE_MS });
    if (slice.value === null || holdsIn(slice, bounds)) continue;
    const window = measure(recording, probe.measure, { fromMs, toMs: Math.min(range.toMs, fromMs + windowMs) });
    if (surelyBroken(window, bounds)) return fromMs + SLICE_MS;
  }
  return null;
}
