import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.ts';

export type LambdaHandler = (event: unknown, context: unknown, callback: unknown) => unknown;

/** In the order in which they are tried. Those of TypeScript hold where Node strips types. */
const EXTENSIONS = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * The function that `module.export` names, such as `index.handler` or `lib/orders.api.get`: the export of a file below the
 * task root, as CommonJS or an ES module. Throws what Lambda's own runtime reports.
 */
export async function loadHandler(taskRoot: string, name: string): Promise<LambdaHandler> {
  const slash = name.lastIndexOf('/') + 1;
  const dot = name.indexOf('.', slash);
  if (dot < 0 || name.includes('..')) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const file = resolve(taskRoot, name.slice(0, dot));
  const module = await load(file).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', whereAndWhat(error));
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND')
      throw new RuntimeError('Runtime.ImportModuleError', `Error: ${error.message}`);
    throw error;
  });
  const handler = name
    .slice(dot + 1)
    .split('.')
    .reduce<unknown>((object, key) => (object as Record<string, unknown> | undefined)?.[key], module);
  if (typeof handler === 'function') return handler as LambdaHandler;
  throw new RuntimeError(
    'Runtime.HandlerNotFound',
    handler === undefined ? `${name} is undefined or not exported` : `${name} is not a function`,
  );
}

async function load(file: string): Promise<unknown> {
  const found = EXTENSIONS.map((extension) => file + extension).find((path) => existsSync(path));
  if (!found)
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}' (.js, .mjs, .cjs, .ts)`);
  if (isEsModule(found)) return withDefault(await import(pathToFileURL(found).href));
  // By this bundle's own: Node's `module` need not be loaded for it.
  return require(found);
}

/** An export of the default object counts where the module has no such export itself, as in `export default { handler }`. */
const withDefault = (module: { default?: unknown }): unknown =>
  typeof module.default === 'object' && module.default !== null ? { ...module.default, ...module } : module;

/** By its name; of a plain one, by the nearest package.json. */
function isEsModule(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (!/\.[jt]s$/.test(file)) return false;
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    const description = join(directory, 'package.json');
    if (existsSync(description)) return typeOf(description) === 'module';
    if (dirname(directory) === directory) return false;
  }
}

function typeOf(description: string): unknown {
  try {
    return JSON.parse(readFileSync(description, 'utf8'))?.type;
  } catch {
    return undefined;
  }
}

/** The stack of a syntax error begins with the file, the line and a mark below the place. */
const whereAndWhat = (error: SyntaxError): string => {
  const [place = ''] = (error.stack ?? '').split('\n');
  return /:\d+$/.test(place) ? `${error.message} (${place})` : error.message;
};
