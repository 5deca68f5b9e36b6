import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What every process of one engine is started with. */
export interface Environment {
  /** Marks every process of this engine in its environment as `ARCHIPEL_RUN`. */
  runId: string;
  /** The Node that runs our programs. */
  nodeBinary: string;
  env: Record<string, string>;
  bundleFile(name: string): string;
}

/** Costs a child 50 ms at its start, or changes what it does behind our back. */
const stripped = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_CHANNEL_FD', 'NODE_UNIQUE_ID', 'ELECTRON_RUN_AS_NODE'];

/**
 * `ARCHIPEL_NODE` names the Node for all our programs; without it they run on what runs the engine,
 * which inside the desktop app is Electron acting as Node.
 */
export function createEnvironment(runId: string): Environment {
  const nodeBinary = process.env.ARCHIPEL_NODE ?? process.execPath;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !stripped.includes(name)) env[name] = value;
  env.ARCHIPEL_RUN = runId;
  if (nodeBinary === process.execPath && process.versions.electron) env.ELECTRON_RUN_AS_NODE = '1';
  const directory = bundleDirectory();
  return { runId, nodeBinary, env, bundleFile: (name) => join(directory, name) };
}

/** Beside this file when it is bundled itself; `dist/engine` of the checkout when it runs from source. */
function bundleDirectory(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, 'service.cjs')) ? here : join(here, '..', '..', 'dist', 'engine');
}
