import { PerformanceObserver } from 'node:perf_hooks';
import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { heapBlock } from '../heap-block.ts';
import type { gcChurnDefinition } from './definition.ts';

export type GcChurnParameters = z.output<(typeof gcChurnDefinition)['parameters']>;

const STEP_MS = 10;
/** Small enough to be among the young objects, which the collector looks at most often. */
const PIECE_MB = 1 / 16;
/** What was missed while the process did something else is made up for only so far. */
const MOST_MISSED_MS = 50;

export const actGcChurn: StartAct<GcChurnParameters> = ({ parameters }) => {
  let { mbPerSec, keptMb } = parameters;
  let churnedMb = 0;
  let owedMb = 0;
  let collections = 0;
  let pausedMs = 0;
  let kept: number[][] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      collections += 1;
      pausedMs += duration;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  const startedMs = performance.now();
  let lastMs = startedMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    owedMb += (mbPerSec * Math.min(MOST_MISSED_MS, nowMs - lastMs)) / 1000;
    lastMs = nowMs;
    for (; owedMb >= PIECE_MB; owedMb -= PIECE_MB) {
      kept.push(heapBlock(PIECE_MB));
      churnedMb += PIECE_MB;
    }
    kept = kept.slice(Math.max(0, kept.length - Math.round(keptMb / PIECE_MB)));
  }, STEP_MS);
  timer.unref();
  return {
    update(changed) {
      ({ mbPerSec, keptMb } = changed);
    },
    measured: () => ({ churnedMb, collections, pausedMs, elapsedMs: performance.now() - startedMs }),
    stop() {
      clearInterval(timer);
      observer.disconnect();
      kept = [];
    },
  };
};
