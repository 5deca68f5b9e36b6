import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a file hold this. Whoever reads it meanwhile finds the whole of what it held before, or the whole of this: another isolate
 * may be starting from it. It is left alone when it holds this already.
 */
export function putFile(path: string, contents: string | Buffer): void {
  const bytes = Buffer.from(contents);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}
