import { createHistogram, mergeSparse, percentileMs, reset } from '../../metrics/histogram.ts';
import type { ProcessFrame } from '../../process-kit/protocol.ts';

export interface VersionFigures {
  requests: number;
  errors: number;
  /** Over all requests, those that failed included; null without any. */
  p99Ms: number | null;
}

/** What the processes of a new version show, from a moment on. */
export interface VersionMeter {
  /** Takes the frames of the version's own processes. */
  add(pid: number, frame: ProcessFrame): void;
  figures(): VersionFigures;
  /** What was shown so far counts no more. */
  restart(): void;
}

type Counters = Pick<ProcessFrame, 'requests' | 'errors'>;

export function createVersionMeter(): VersionMeter {
  const newest = new Map<number, Counters>();
  let base = new Map<number, Counters>();
  const latency = createHistogram();

  const grown = (name: keyof Counters): number =>
    [...newest].reduce((sum, [pid, counters]) => sum + counters[name] - (base.get(pid)?.[name] ?? 0), 0);

  return {
    add(pid, { requests, errors, latency: part }) {
      newest.set(pid, { requests, errors });
      mergeSparse(latency, part);
    },
    figures: () => ({ requests: grown('requests'), errors: grown('errors'), p99Ms: percentileMs(latency, 99) }),
    restart() {
      base = new Map(newest);
      reset(latency);
    },
  };
}
