import type { ProbeResult } from '../api/types.ts';
import type { Probe } from '../model/experiment.ts';
import type { Course } from './course.ts';
import { judgeLooks, lastSeen } from './judge-looks.ts';
import { isGathered, isLook, LOG_LAG_MS } from './looks.ts';
import { FRAME_LAG_MS } from './phases.ts';
import { judgeProbe } from './probes.ts';

const DEFAULT_WINDOW_MS = 2000;

/** Measures a probe at this moment: looks once, or measures the requests, or the log, of the newest time that is known. */
export async function probeNow(course: Course, probe: Probe, windowMs = DEFAULT_WINDOW_MS): Promise<ProbeResult> {
  const { looks, world, timeline } = course;
  const place = { phase: 'method', fault: null, record: world.summary().record } as const;
  if (!isLook(probe)) {
    const toMs = world.now() - FRAME_LAG_MS;
    return judgeProbe(world.recording(), probe, { ...place, window: { fromMs: toMs - windowMs, toMs } });
  }
  const before = timeline.steadyState && lastSeen(looks.of(probe), timeline.steadyState);
  if (isGathered(probe)) {
    const toMs = (await looks.now(probe, windowMs)).fromMs - LOG_LAG_MS;
    return judgeLooks(
      probe,
      { ...place, window: { fromMs: toMs - windowMs, toMs } },
      { looks: looks.of(probe), before },
    );
  }
  const look = await looks.now(probe);
  return judgeLooks(probe, { ...place, window: { fromMs: look.fromMs, toMs: look.toMs } }, { looks: [look], before });
}
