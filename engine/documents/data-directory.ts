import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where Archipel keeps what belongs to the user and outlives a run: `ARCHIPEL_DATA`, or the place that the operating
 * system has for it (XDG base directories, `Library/Application Support`, `APPDATA`). It need not exist yet.
 */
export function dataDirectory(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.ARCHIPEL_DATA) return env.ARCHIPEL_DATA;
  switch (platform) {
    case 'win32':
      return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Archipel');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Archipel');
    default:
      return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'archipel');
  }
}
