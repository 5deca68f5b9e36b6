import { deleteRecord, listRecords } from './read.ts';

export interface Retention {
  /** Records to keep, the newest first. */
  maxRecords: number;
  maxBytes: number;
}

const DEFAULT_RETENTION: Retention = { maxRecords: 100, maxBytes: 1024 ** 3 };

/** Deletes the oldest records beyond the limits. One that is being written always stays. Resolves with what went. */
export async function applyRetention(directory: string, retention: Retention = DEFAULT_RETENTION): Promise<string[]> {
  const gone: string[] = [];
  let bytes = 0;
  let kept = 0;
  for (const { id, state, sizeBytes } of await listRecords(directory)) {
    bytes += sizeBytes;
    kept += 1;
    if (state === 'recording' || (kept <= retention.maxRecords && bytes <= retention.maxBytes)) continue;
    await deleteRecord(directory, id).then(
      () => gone.push(id),
      () => {},
    );
  }
  return gone;
}
