import { realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';

/** What the names of all our temporary directories start with. */
const DIRECTORY_PREFIX = 'archipel-';

/**
 * The directory's real path when we may remove it: a directory of ours in the temporary directory, or one inside such a one.
 * Null for any other, whoever asks.
 */
export function removableDirectory(path: string): string | null {
  try {
    const real = join(realpathSync(dirname(path)), basename(path));
    const [first = ''] = relative(realpathSync(tmpdir()), real).split(sep);
    return first.startsWith(DIRECTORY_PREFIX) ? real : null;
  } catch {
    // Its parent is gone, and it with it.
    return null;
  }
}

/** Whether the directory is gone now. False while something still writes into it or holds it. */
export function removeNow(directory: string): boolean {
  try {
    rmSync(directory, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
