import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The Node that this package pins in its devDependencies, or null where it is not installed. */
export function pinnedNode(root) {
  const file = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(file) ? file : null;
}
