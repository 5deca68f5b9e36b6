import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Traces } from './leftovers.ts';

/** Writes a document into the folder of a test, which goes with it; returns its path. */
export function written({ env }: Traces, name: string, document: object): string {
  const path = join(env.TMPDIR as string, `${name}.archipel.json`);
  writeFileSync(path, JSON.stringify(document));
  return path;
}
