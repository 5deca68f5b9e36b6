import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDirectory } from '../documents/data-directory.ts';
import { writeSmallFile } from '../documents/small-file.ts';
import { LOG_FILE } from '../wire/resp/persistence/log.ts';

export const jobsDirectory = (): string => join(dataDirectory(), 'jobs');

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Whether there ever was a job: without one nothing has to be opened to see that there is none. */
export const hasJobs = (directory: string): Promise<boolean> => isThere(join(directory, LOG_FILE));

const markOf = (directory: string): string => join(directory, 'unfinished');

/** Whether a job of a window has not come to its end, so that the next engine of a window opens the jobs. */
export const hasUnfinished = (directory: string): Promise<boolean> => isThere(markOf(directory));

export const markUnfinished = (directory: string, unfinished: boolean): Promise<void> =>
  unfinished ? writeSmallFile(markOf(directory), '') : rm(markOf(directory), { force: true });
