import { cpus } from 'node:os';

/** How busy the processors of this machine were, all programs together. */
export interface ProcessorWatch {
  look(atMs: number): void;
  /** Mean share of all processors that was in use in this time, 0 to 1; null where too little was seen. */
  busy(range: { fromMs: number; toMs: number }): number | null;
}

interface Reading {
  atMs: number;
  idleMs: number;
  totalMs: number;
}

const KEPT_MS = 15 * 60_000;

/** `read` gives the times of each processor since the machine started, as the operating system counts them. */
export function createProcessorWatch(read: () => { times: Record<string, number> }[] = cpus): ProcessorWatch {
  const readings: Reading[] = [];
  return {
    look(atMs) {
      const reading: Reading = { atMs, idleMs: 0, totalMs: 0 };
      for (const { times } of read()) {
        reading.idleMs += times.idle ?? 0;
        for (const time of Object.values(times)) reading.totalMs += time;
      }
      readings.push(reading);
      while (readings[0] && readings[0].atMs < atMs - KEPT_MS) readings.shift();
    },
    busy({ fromMs, toMs }) {
      const first = readings.find(({ atMs }) => atMs >= fromMs);
      const last = [...readings].reverse().find(({ atMs }) => atMs <= toMs);
      if (!first || !last || last.totalMs <= first.totalMs) return null;
      return 1 - (last.idleMs - first.idleMs) / (last.totalMs - first.totalMs);
    },
  };
}
