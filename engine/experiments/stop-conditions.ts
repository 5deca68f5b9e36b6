import type { StopCondition } from '../model/experiment.ts';
import { boundsOf } from '../model/tolerance.ts';
import type { Course } from './course.ts';
import { isLook } from './looks.ts';
import { FRAME_LAG_MS } from './phases.ts';
import { probeNow } from './probe-now.ts';
import { measure, surelyBroken } from './probes.ts';

const POLL_MS = 250;

/** Which stop condition was met, with what was measured. */
export interface Stopped {
  name: string;
  why: string;
}

/** Watches the stop conditions until it is stopped, and tells of the first that is met. */
export function watchStopConditions(course: Course, onStop: (stopped: Stopped) => void): { stop(): Promise<void> } {
  const { experiment, world } = course;
  const ended = new AbortController();
  const sinceMs = world.now();
  const watch = async (): Promise<void> => {
    while (!ended.signal.aborted && experiment.stopConditions.length > 0) {
      await world.wait(POLL_MS, ended.signal).catch(() => {});
      for (const condition of experiment.stopConditions) {
        if (ended.signal.aborted) return;
        const why = await metBy(course, condition, sinceMs);
        if (why === null || ended.signal.aborted) continue;
        onStop({ name: condition.probe.name, why });
        return;
      }
    }
  };
  const watching = watch();
  return {
    async stop() {
      ended.abort();
      await watching;
    },
  };
}

/** Why a condition is met; null while it is not, or chance may explain what was measured. */
async function metBy(course: Course, { probe, windowMs }: StopCondition, sinceMs: number): Promise<string | null> {
  if (!isLook(probe)) {
    const toMs = course.world.now() - FRAME_LAG_MS;
    const window = { fromMs: Math.max(sinceMs, toMs - windowMs), toMs };
    const measured = measure(course.world.recording(), probe.measure, window);
    if (measured.samples < measured.minimumSamples || !surelyBroken(measured, boundsOf(probe.tolerance))) return null;
  }
  const { holds, inconclusive, observed, wanted } = await probeNow(course, probe, windowMs);
  return holds || inconclusive ? null : `measured ${observed}, must be ${wanted}`;
}
