import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { type RouteFile, routeFilesOf } from '../../wire/next/route-tree.ts';
import type { NextConfig } from './config.ts';

/** Where the code is, and what runs it. */
export interface Project {
  directory: string;
  routes: RouteFile[];
  /** The program of the production server; null: route handlers alone. */
  nextProgram: string | null;
}

/** Finds the project that the document names, or makes one of its routes below `directory`. Throws, with what to do. */
export function placeProject(
  config: NextConfig,
  { directory, documentDirectory }: { directory: string; documentDirectory: string | null },
): Project {
  if (config.project === '') {
    for (const { path, source } of config.routeHandlers) {
      const at = join(directory, 'app', ...path.split('/'));
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, 'route.mjs'), source);
    }
    if (config.server === 'next')
      throw new Error("the production server of Next.js needs a project: name one, or choose the server 'auto'");
    return { directory, routes: routeFilesOf(directory), nextProgram: null };
  }
  if (documentDirectory === null && !isAbsolute(config.project))
    throw new Error(
      `the project "${config.project}" is relative to the document, which is in no file yet: save it first`,
    );
  const project = resolve(documentDirectory ?? '/', config.project);
  if (!existsSync(project)) throw new Error(`there is no directory ${project}`);
  const routes = routeFilesOf(project);
  const nextProgram = config.server === 'own' ? null : nextIn(project);
  const isBuilt = existsSync(join(project, '.next', 'BUILD_ID'));
  if (config.server === 'next' && nextProgram === null)
    throw new Error(`Next.js is not installed in ${project}: run "npm install" there, or choose the server "own"`);
  if (config.server === 'next' && !isBuilt)
    throw new Error(`the project ${project} is not built: run "npx next build" there`);
  const runsNext = nextProgram !== null && isBuilt;
  if (!runsNext && routes.length === 0)
    throw new Error(`there is no route.js below app/api or src/app/api in ${project}`);
  return { directory: project, routes, nextProgram: runsNext ? nextProgram : null };
}

function nextIn(project: string): string | null {
  try {
    const manifest = createRequire(join(project, 'noop.js')).resolve('next/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> };
    const program = typeof bin === 'string' ? bin : bin.next;
    return program === undefined ? null : resolve(manifest, '..', program);
  } catch {
    return null;
  }
}
