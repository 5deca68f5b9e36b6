import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ArchipelError } from '../model/error.ts';
import { isRecordId } from './folder.ts';
import { listRecords } from './read.ts';

/** The folder of a run that somebody names: by its id, as `last` (the newest that is complete), or by the folder itself. */
export async function findRecord(directory: string, named: string): Promise<string> {
  if (named === 'last') {
    const newest = (await listRecords(directory)).find(({ state }) => state === 'complete');
    if (newest) return join(directory, newest.id);
    throw new ArchipelError('not-found', 'No run was recorded yet.', '`archipel run FILE` makes one.');
  }
  if (isRecordId(named) && (await isRecord(join(directory, named)))) return join(directory, named);
  if (await isRecord(resolve(named))) return resolve(named);
  throw new ArchipelError(
    'not-found',
    `There is no record of a run "${named}".`,
    'Name an id that `archipel runs` lists, "last", or the folder of a record.',
  );
}

const isRecord = (folder: string): Promise<boolean> =>
  stat(join(folder, 'manifest.json')).then(
    (found) => found.isFile(),
    () => false,
  );
