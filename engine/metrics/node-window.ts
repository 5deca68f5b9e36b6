import type { NodeStatus } from '../api/types.ts';
import type { EnvironmentStatus, ProcessFrame } from '../process-kit/protocol.ts';
import {
  createHistogram,
  type Histogram,
  mergeSparse,
  percentileMs,
  reset,
  type SparseHistogram,
  toSparse,
} from './histogram.ts';
import { loadCounters } from './limits.ts';
import { addCounters, type Counted } from './measures.ts';
import type { NodeTotals } from './summary.ts';

/** Figures of one node over the last second, all replicas together; sums over all processes that it ever had. */
export type NodeFigures = Pick<
  NodeStatus,
  'requestsPerSec' | 'errorsPerSec' | 'p50Ms' | 'p99Ms' | 'inFlight' | 'requests' | 'errors'
>;

export interface ReplicaFigures {
  /** Share of one core over the last second. */
  cpu: number;
  rssBytes: number;
}

/** What one replica did over the last second, on average; null where its kind does not tell. */
export interface ReplicaLoad {
  /** Share of one core. */
  cpu: number;
  /** Requests in hand, queued ones included. */
  inFlight: number | null;
  /** Requests that waited for a slot. */
  waiting: number | null;
}

export interface NodeWindow {
  /** A new pid in a replica's place counts from 0 again; what the one before it did stays in the sums. */
  add(process: { replica: number; pid: number }, frame: ProcessFrame): void;
  /** The process is gone: it holds no memory and has nothing in flight any more. */
  ended(process: { replica: number; pid: number }): void;
  figures(nowMs: number): NodeFigures;
  replica(replica: number, nowMs: number): ReplicaFigures;
  /** Null while its process has told nothing. */
  load(replica: number, nowMs: number): ReplicaLoad | null;
  /** The counters and gauges of the kind's own, over the last second. */
  counted(nowMs: number): Counted;
  totals(): NodeTotals;
  /** Execution environments of a function; null where no process tells of any. */
  environments(): EnvironmentStatus[] | null;
}

const WINDOW_MS = 1000;

type Counters = Pick<ProcessFrame, 'requests' | 'errors' | 'cpuUs'>;

/** One process, alive or gone, with its frames of the last second and the one before them. */
interface ProcessHistory {
  replica: number;
  pid: number;
  alive: boolean;
  frames: ProcessFrame[];
}

/** Of one call at a time: frames ask for every node ten times a second, and a histogram is 13 kB. */
const scratch = createHistogram();

export function createNodeWindow(): NodeWindow {
  let processes: ProcessHistory[] = [];
  /** Sums of the processes that are gone and out of the window. */
  const past: Counters & { counters: Record<string, number> } = { requests: 0, errors: 0, cpuUs: 0, counters: {} };
  let endedProcesses = 0;
  /** Of the kind's own, all frames so far. */
  const recorded: Record<string, Histogram> = {};

  const newestOf = ({ frames }: ProcessHistory): ProcessFrame => frames[frames.length - 1] as ProcessFrame;

  function end(history: ProcessHistory): void {
    if (history.alive) endedProcesses += 1;
    history.alive = false;
  }

  function addTo(sum: Counters, counters: Counters): void {
    sum.requests += counters.requests;
    sum.errors += counters.errors;
    sum.cpuUs += counters.cpuUs;
  }

  /** Lets go of what no window of `nowMs` or later reaches. */
  function forget(nowMs: number): void {
    const fromMs = nowMs - WINDOW_MS;
    processes = processes.filter((history) => {
      const { frames } = history;
      while (frames[1] && frames[1].atMs <= fromMs) frames.shift();
      if (history.alive || newestOf(history).atMs > fromMs) return true;
      addTo(past, newestOf(history));
      addCounters(past.counters, countersOf(newestOf(history)));
      return false;
    });
  }

  /** What a process did in the window, or null when it told of nothing in it. A young process starts from 0. */
  function growth(
    { frames }: ProcessHistory,
    nowMs: number,
  ): (Counters & { elapsedMs: number; base: ProcessFrame | undefined; recent: ProcessFrame[] }) | null {
    const recent = frames.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
    const newest = recent[recent.length - 1];
    if (!newest) return null;
    const base = frames[frames.length - recent.length - 1];
    return {
      requests: newest.requests - (base?.requests ?? 0),
      errors: newest.errors - (base?.errors ?? 0),
      // The first frame holds the CPU time of the start, which lasted longer than the window knows.
      cpuUs: newest.cpuUs - (base ?? (recent[0] as ProcessFrame)).cpuUs,
      // Never less than the window: a process that fell silent or is young fades, it does not keep its last rate.
      elapsedMs: Math.max(WINDOW_MS, base ? newest.atMs - base.atMs : 0),
      base,
      recent,
    };
  }

  function sums(): Omit<NodeTotals, 'histograms'> {
    const sum = { ...past, counters: { ...past.counters } };
    for (const history of processes) {
      addTo(sum, newestOf(history));
      addCounters(sum.counters, countersOf(newestOf(history)));
    }
    const alive = processes.filter((history) => history.alive);
    return {
      ...sum,
      replicas: alive.length,
      rssBytes: alive.reduce((bytes, history) => bytes + newestOf(history).rssBytes, 0),
      gauges: gaugesOf(alive.map(newestOf)),
      endedProcesses,
    };
  }

  return {
    add({ replica, pid }, frame) {
      for (const [name, part] of Object.entries(frame.histograms ?? {})) {
        recorded[name] ??= createHistogram();
        mergeSparse(recorded[name], part);
      }
      // A last frame may come after the end. Operating systems use pids again: counters that fell are a new process's.
      const history = processes.findLast((known) => {
        const { requests, cpuUs } = newestOf(known);
        return known.replica === replica && known.pid === pid && frame.requests >= requests && frame.cpuUs >= cpuUs;
      });
      if (history) history.frames.push(frame);
      else {
        for (const known of processes) if (known.replica === replica) end(known);
        processes.push({ replica, pid, alive: true, frames: [frame] });
      }
      forget(frame.atMs);
    },

    ended({ replica, pid }) {
      for (const known of processes) if (known.replica === replica && known.pid === pid) end(known);
    },

    figures(nowMs) {
      reset(scratch);
      const figures = { requestsPerSec: 0, errorsPerSec: 0, inFlight: 0 };
      for (const history of processes) {
        if (history.alive) figures.inFlight += newestOf(history).inFlight;
        const grown = growth(history, nowMs);
        if (!grown) continue;
        figures.requestsPerSec += (grown.requests * 1000) / grown.elapsedMs;
        figures.errorsPerSec += (grown.errors * 1000) / grown.elapsedMs;
        for (const frame of grown.recent) mergeSparse(scratch, frame.latency);
      }
      const { requests, errors } = sums();
      return { ...figures, p50Ms: percentileMs(scratch, 50), p99Ms: percentileMs(scratch, 99), requests, errors };
    },

    replica(replica, nowMs) {
      const history = processes.find((known) => known.replica === replica && known.alive);
      if (!history) return { cpu: 0, rssBytes: 0 };
      const grown = growth(history, nowMs);
      return { cpu: grown ? grown.cpuUs / 1000 / grown.elapsedMs : 0, rssBytes: newestOf(history).rssBytes };
    },

    load(replica, nowMs) {
      const history = processes.find((known) => known.replica === replica && known.alive);
      const grown = history && growth(history, nowMs);
      if (!grown) return null;
      const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      return {
        cpu: grown.cpuUs / 1000 / grown.elapsedMs,
        inFlight: meanOf(grown.recent.map(({ inFlight }) => inFlight)),
        waiting: meanOf(grown.recent.map(({ gauges }) => gauges?.waiting ?? 0)),
      };
    },

    counted(nowMs) {
      const { counters: total, gauges } = sums();
      const grown: Record<string, number> = {};
      const histograms: Record<string, SparseHistogram[]> = {};
      for (const history of processes) {
        const { base, recent } = growth(history, nowMs) ?? {};
        const newest = recent?.[recent.length - 1];
        if (newest) addCounters(grown, countersOf(newest));
        if (newest && base) addCounters(grown, countersOf(base), -1);
        for (const frame of recent ?? [])
          for (const [name, part] of Object.entries(frame.histograms ?? {})) {
            histograms[name] ??= [];
            histograms[name].push(part);
          }
      }
      return { grown, total, elapsedMs: WINDOW_MS, gauges, histograms };
    },

    environments() {
      const told = processes.flatMap((history) => (history.alive ? [newestOf(history).environments] : []));
      return told.some((each) => each !== undefined) ? told.flatMap((each) => each ?? []) : null;
    },

    totals: () => ({
      ...sums(),
      histograms: Object.fromEntries(Object.entries(recorded).map(([name, histogram]) => [name, toSparse(histogram)])),
    }),
  };
}

const countersOf = (frame: ProcessFrame): Record<string, number> => ({ ...frame.counters, ...loadCounters(frame) });

function gaugesOf(frames: readonly ProcessFrame[]): Record<string, number[]> {
  const gauges: Record<string, number[]> = {};
  for (const frame of frames)
    for (const [name, value] of Object.entries(frame.gauges ?? {})) {
      gauges[name] ??= [];
      gauges[name].push(value);
    }
  return gauges;
}
