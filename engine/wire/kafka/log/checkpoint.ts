import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LeaderEpoch } from './leader-epochs.ts';
import type { ProducersSnapshot } from './producers.ts';
import { replaceFile } from './replace-file.ts';

/** What is known of a log beside its batches. */
export interface Checkpoint {
  startOffset: number;
  highWatermark: number;
  /** All before it is on the disk, and was looked through. */
  recoveryPoint: number;
  /** The end of a log that was closed properly; null while it is open. */
  cleanEnd: number | null;
  epochs: LeaderEpoch[];
  /** What the producers had done up to the recovery point. */
  producers: ProducersSnapshot;
}

const FILE = 'checkpoint.json';

export function readCheckpoint(directory: string): Checkpoint | null {
  const path = join(directory, FILE);
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
  } catch {
    // Half a file after a failure of the machine: the log is looked through from its beginning instead.
    return null;
  }
}

export function writeCheckpoint(directory: string, checkpoint: Checkpoint, durable: boolean): void {
  replaceFile(join(directory, FILE), JSON.stringify(checkpoint), durable);
}
