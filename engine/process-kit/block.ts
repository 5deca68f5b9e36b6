import { readFileSync } from 'node:fs';
import { trueNowMs } from './true-clock.ts';

/** Payload of the process kit's call `block`. */
export interface Block {
  /** The block lasts until this file is gone, or until the time in it (epoch milliseconds) has come. */
  sentinelFile: string;
}

const SLICE_MS = 20;

/** Stands in for a pause where the operating system cannot stop a process: nothing runs in this one meanwhile. */
export function blockEventLoop({ sentinelFile }: Block): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (trueNowMs() < blockedUntilMs(sentinelFile)) Atomics.wait(cell, 0, 0, SLICE_MS);
}

function blockedUntilMs(sentinelFile: string): number {
  try {
    return Number(readFileSync(sentinelFile, 'utf8'));
  } catch {
    return 0;
  }
}
