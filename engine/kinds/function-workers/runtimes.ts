import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entryModule } from '../../wire/workers/entry.ts';
import { workerdConfig } from '../../wire/workers/workerd-config.ts';
import type { Host } from '../web-function/host.ts';
import { createProcessHost } from '../web-function/process-host.ts';
import { createThreadHost } from '../web-function/thread-host.ts';
import { ISOLATE_MEMORY_MB, type WorkersConfig } from './config.ts';
import { modulesOf } from './modules.ts';
import { putFile } from './put-file.ts';

/** Where the files of a Worker are put for workerd, which reads those beside its config alone. */
const MODULES = 'modules';

/** What an isolate is started with. */
export interface Placed {
  /** Private to it. */
  directory: string;
  /** The user's module: code that was written there, or the file that the document names. */
  module: string;
  config: WorkersConfig;
  bindings(): Record<string, string>;
}

/** Puts the code where it can be started from. */
export function place(
  config: WorkersConfig,
  {
    directory,
    documentDirectory,
    bindings,
  }: { directory: string; documentDirectory: string | null; bindings: Placed['bindings'] },
): Placed {
  mkdirSync(directory, { recursive: true });
  if (config.file === '') {
    const module = join(directory, 'worker.mjs');
    putFile(module, config.source);
    return { directory, module, config, bindings };
  }
  if (documentDirectory === null && !isAbsolute(config.file))
    throw new Error(`the file "${config.file}" is relative to the document, which is in no file yet: save it first`);
  return { directory, module: resolve(documentDirectory ?? '/', config.file), config, bindings };
}

/** An isolate of Node's. */
export function nodeIsolate({ directory, module, bindings }: Placed, bundles: string): Host {
  return createThreadHost(
    join(bundles, 'workers-isolate.cjs'),
    () => {
      const entry = join(directory, 'entry.mjs');
      putFile(entry, entryModule(pathToFileURL(module).href));
      return { entry: pathToFileURL(entry).href, bindings: bindings() };
    },
    ISOLATE_MEMORY_MB,
  );
}

/** A process of workerd. */
export function workerdIsolate(
  { directory, module, config, bindings }: Placed,
  program: string,
  { env, onBegan, onEnded }: { env: Record<string, string>; onBegan(pid: number): void; onEnded(pid: number): void },
): Host {
  return createProcessHost({
    command() {
      const modules = modulesOf(module);
      for (const { name, path } of modules) putFile(join(directory, MODULES, name), readFileSync(path));
      putFile(join(directory, 'entry.mjs'), entryModule(modules[0]?.name as string));
      const { compatibilityDate, compatibilityFlags } = config;
      putFile(
        join(directory, 'worker.capnp'),
        workerdConfig({
          ...{ entry: 'entry.mjs', compatibilityDate, compatibilityFlags },
          modules: modules.map(({ name }) => ({ name, file: `${MODULES}/${name}` })),
          bindings: bindings(),
        }),
      );
      return {
        command: program,
        args: ['serve', 'worker.capnp', '--control-fd=3'],
        ...{ cwd: directory, env },
        stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      };
    },
    ready: listening,
    ...{ onBegan, onEnded },
  });
}

/** workerd tells of its ports along the descriptor that it was given, one line of JSON each. */
function listening(child: ChildProcess, signal: AbortSignal): Promise<number> {
  const control = child.stdio[3] as NodeJS.ReadableStream | null;
  return new Promise((resolveReady, reject) => {
    let text = '';
    signal.addEventListener('abort', () => reject(new Error('it is late')));
    control?.setEncoding('utf8');
    control?.on('error', reject);
    control?.on('data', (chunk: string) => {
      text += chunk;
      for (const line of text.split('\n')) {
        if (!line.endsWith('}')) continue;
        const { event, port } = JSON.parse(line) as { event?: string; port?: number };
        if (event === 'listen' && port !== undefined) resolveReady(port);
      }
    });
  });
}
