import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { dataDirectory } from '../documents/data-directory.ts';

/** Where the records are, as `ARCHIPEL_DATA` or the operating system has it. */
export const recordsDirectory = (): string => join(dataDirectory(), 'runs');

/** Sorts by time, and two engines that start a run in the same moment do not meet. */
export function newRecordId(atMs: number, random: () => string = () => randomBytes(3).toString('hex')): string {
  const stamp = new Date(atMs).toISOString().slice(0, 19).replace(/:/g, '-');
  return `${stamp}-${random()}`;
}

export const isRecordId = (id: string): boolean => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{6}$/.test(id);
