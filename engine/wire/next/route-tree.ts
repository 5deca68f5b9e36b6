import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A route handler: https://nextjs.org/docs/app/api-reference/file-conventions/route */
export interface RouteFile {
  /** As in the tree, e.g. `/api/items/[id]`. */
  pattern: string;
  /** Its module. */
  file: string;
}

const ROUTE = /^route\.(js|mjs|ts|mts)$/;

/** The route handlers of a project: those of app/api, or src/app/api. */
export function routeFilesOf(project: string): RouteFile[] {
  const app = [join(project, 'app'), join(project, 'src', 'app')].find((each) => existsSync(join(each, 'api')));
  return app === undefined ? [] : routesIn(join(app, 'api'), '/api');
}

function routesIn(directory: string, pattern: string): RouteFile[] {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry: Dirent): RouteFile[] => {
      const at = join(directory, entry.name);
      if (entry.isFile()) return ROUTE.test(entry.name) ? [{ pattern, file: at }] : [];
      if (!entry.isDirectory() || entry.name.startsWith('_')) return [];
      // A group in parentheses is no part of the path.
      return routesIn(at, /^\(.*\)$/.test(entry.name) ? pattern : `${pattern}/${entry.name}`);
    });
}

export type RouteParameters = Record<string, string | string[] | undefined>;

/** The parameters of a path that a pattern matches; null: it does not. */
export function matchRoute(pattern: string, path: string): RouteParameters | null {
  const wanted = pattern.split('/').slice(1);
  const given = path.replace(/\/$/, '').split('/').slice(1);
  const parameters: RouteParameters = {};
  for (const [index, segment] of wanted.entries()) {
    const all = /^\[?\[\.\.\.(\w+)\]\]?$/.exec(segment)?.[1];
    if (all !== undefined) {
      const rest = given.slice(index).map(decoded);
      if (rest.length === 0 && !segment.startsWith('[[')) return null;
      if (rest.length > 0) parameters[all] = rest;
      return parameters;
    }
    const value = given[index];
    if (value === undefined) return null;
    const one = /^\[(\w+)\]$/.exec(segment)?.[1];
    if (one !== undefined) parameters[one] = decoded(value);
    else if (segment !== decoded(value)) return null;
  }
  return given.length === wanted.length ? parameters : null;
}

/** Names come before parameters, and those before what takes all the rest. */
export function sortedByPrecedence<Route extends { pattern: string }>(routes: readonly Route[]): Route[] {
  const rank = (segment = ''): string =>
    segment.startsWith('[[') ? '3' : segment.startsWith('[...') ? '2' : segment.startsWith('[') ? '1' : '0';
  const key = ({ pattern }: Route): string => pattern.split('/').slice(1).map(rank).join('');
  return [...routes].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
