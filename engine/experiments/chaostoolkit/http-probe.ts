import { type Activity, type Loose, list, object } from './format.ts';

/** Where a host of a URL leads here. */
export type HttpTarget = { node: string } | { edge: string };

/** How hosts and variables of an imported experiment are read. */
export interface HttpContext {
  /** By host, or host and port. */
  targets: Readonly<Record<string, HttpTarget>>;
  /** Nodes that a host may be called after, as services of a cluster are. */
  nodes: readonly string[];
  /** What `${…}` stands for: the experiment's `configuration`. */
  variables: Readonly<Record<string, string>>;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const MAX_TIMEOUT_MS = 60_000;

/** The values that `configuration` itself gives. Of variables of an environment it is their default: nothing is read from ours. */
export const variablesOf = (configuration: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(object(configuration)).flatMap(([name, value]) => {
      const given = typeof value === 'object' && value !== null ? object(value).default : value;
      return typeof given === 'string' || typeof given === 'number' ? [[name, String(given)] as const] : [];
    }),
  );

/** A probe of the provider `http` as ours, or why it has no counterpart. */
export function httpProbe(
  activity: Activity,
  context: HttpContext,
): { measure: Loose; tolerance: Loose } | { reason: string } {
  const provider = object(activity.provider);
  const unknown: string[] = [];
  const text = (value: unknown): string =>
    String(value ?? '').replace(/\$\{(\w+)\}/g, (whole, name: string) => {
      const known = context.variables[name];
      if (known === undefined) unknown.push(name);
      return known ?? whole;
    });
  const url = parsed(text(provider.url));
  const headers = Object.fromEntries(
    Object.entries(object(provider.headers)).map(([name, value]) => [name, text(value)] as const),
  );
  if (unknown.length > 0) return { reason: `nothing says what \${${unknown[0]}} is` };
  if (activity.secrets !== undefined || provider.secrets !== undefined) return { reason: 'it needs secrets' };
  if (!url) return { reason: 'its URL cannot be read' };
  if (url.protocol !== 'http:') return { reason: `nodes here answer http, and not ${url.protocol.slice(0, -1)}` };
  const target = targetOf(url, context);
  if (!target)
    return { reason: `no node is called "${url.hostname}"; say which it is with --host ${url.hostname}=NODE` };
  const method = String(provider.method ?? 'GET').toUpperCase();
  if (!METHODS.includes(method)) return { reason: `the method ${method} is not sent here` };

  let body: string | undefined;
  if (provider.arguments !== undefined && method === 'GET')
    for (const [name, value] of Object.entries(object(provider.arguments))) url.searchParams.append(name, text(value));
  else if (provider.arguments !== undefined) {
    const isJson = Object.entries(headers).some(([name, value]) => /^content-type$/i.test(name) && /json/i.test(value));
    if (!isJson) return { reason: 'its arguments are a form, which is not sent here' };
    body = JSON.stringify(provider.arguments);
  }
  const judged = toleranceFrom(activity.tolerance);
  if ('reason' in judged) return judged;
  const timeoutMs = timeoutFrom(provider.timeout);
  return {
    measure: {
      type: 'http',
      ...target,
      method,
      path: `${url.pathname}${url.search}`,
      headers,
      ...(body !== undefined && { body }),
      ...(timeoutMs !== null && { timeoutMs }),
      read: judged.read,
    },
    tolerance: judged.tolerance,
  };
}

function parsed(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

function targetOf({ host, hostname }: URL, { targets, nodes }: HttpContext): HttpTarget | null {
  const named = targets[host] ?? targets[hostname];
  if (named) return named;
  // Such as orders.shop.svc.cluster.local.
  const first = hostname.split('.')[0] ?? '';
  return nodes.includes(first) ? { node: first } : null;
}

/** Seconds, or those for the connection and those for the answer. */
function timeoutFrom(timeout: unknown): number | null {
  const parts = (Array.isArray(timeout) ? timeout : [timeout]).filter((part) => typeof part === 'number');
  if (parts.length === 0) return null;
  const ms = parts.reduce((sum, part) => sum + part * 1000, 0);
  return Math.min(MAX_TIMEOUT_MS, Math.max(1, Math.round(ms)));
}

/** That tool judges the status of an answer, unless the tolerance has a target. */
function toleranceFrom(tolerance: unknown): { read: 'status' | 'body'; tolerance: Loose } | { reason: string } {
  // Without a tolerance it only has to be answered.
  if (tolerance === undefined) return { read: 'status', tolerance: { min: 0 } };
  if (typeof tolerance === 'number') return { read: 'status', tolerance: { equals: tolerance } };
  if (Array.isArray(tolerance)) return { read: 'status', tolerance: { oneOf: tolerance } };
  const { type, target, pattern, path, range, expect, count } = object(tolerance);
  if (target !== 'body' && target !== 'status')
    return { reason: `its tolerance is about ${target === undefined ? 'the whole answer' : `"${String(target)}"`}` };
  if (type === 'regex') return { read: target, tolerance: { regex: pattern } };
  if (type === 'jsonpath' && target === 'body')
    return {
      read: target,
      tolerance: { jsonPath: path, ...(expect !== undefined && { expect }), ...(count !== undefined && { count }) },
    };
  if (type === 'range') return { read: target, tolerance: { min: list(range)[0], max: list(range)[1] } };
  return { reason: `a tolerance of type "${String(type)}" cannot be judged here` };
}
