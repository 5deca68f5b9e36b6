import type { DocumentError, KindCheckContext } from '../../model/definition.ts';
import type { ReadThroughRule } from './loader-schema.ts';

interface Checked {
  replicas: number;
  server: 'embedded' | 'redis-server';
  url?: string | undefined;
  maxKeys: number | null;
  defaultTtlMs: number | null;
  readThrough: readonly ReadThroughRule[];
}

/** What the schema of a cache cannot say: settings that contradict each other, edges and names that are not there. */
export const checkCache = (config: Checked, context: KindCheckContext): DocumentError[] => [
  ...checkServer(config),
  ...config.readThrough.flatMap((rule, index) => checkRule(rule, `readThrough[${index}]`, context)),
];

function checkServer(config: Checked): DocumentError[] {
  const { url, server, replicas } = config;
  const errors: DocumentError[] = [];
  if (url !== undefined && server !== 'embedded')
    errors.push({
      path: 'server',
      message: 'with a URL the cache is your own server, and Archipel starts none',
      nextStep: 'Set it to "embedded", or remove the URL.',
    });
  if (url !== undefined && replicas !== 1)
    errors.push({
      path: 'replicas',
      message: 'your own server, given by its URL, is one: Archipel cannot start more of it',
      nextStep: 'Set it to 1, or remove the URL.',
    });
  if (url === undefined && server === 'embedded') return errors;
  const own = [
    ['maxKeys', config.maxKeys !== null],
    ['defaultTtlMs', config.defaultTtlMs !== null],
    ['readThrough', config.readThrough.length > 0],
  ] as const;
  for (const [path, isSet] of own)
    if (isSet)
      errors.push({
        path,
        message: 'Redis has no such setting, only the embedded server has it',
        nextStep: 'Use the embedded server, or leave this empty.',
      });
  return errors;
}

const namesIn = (template: string): string[] =>
  [...template.matchAll(/\{([A-Za-z0-9_-]+)\}/g)].map(([, name]) => name as string);

function checkRule(
  { keys, edge, path }: ReadThroughRule,
  at: string,
  { node, outgoing }: KindCheckContext,
): DocumentError[] {
  const errors: DocumentError[] = [];
  if (!outgoing.some((candidate) => candidate.edge.id === edge && candidate.protocol === 'http')) {
    const usable = outgoing.filter(({ protocol }) => protocol === 'http').map((candidate) => `"${candidate.edge.id}"`);
    errors.push({
      path: `${at}.edge`,
      message: `no edge "${edge}" that carries http leaves node "${node.id}"`,
      nextStep:
        usable.length > 0
          ? `Use one of ${usable.join(', ')}.`
          : `Connect "${node.id}" to a service that has the values.`,
    });
  }
  const known = namesIn(keys);
  for (const name of namesIn(path))
    if (!known.includes(name))
      errors.push({
        path: `${at}.path`,
        message: `"{${name}}" does not come in "keys" (${keys})`,
        nextStep: `Put {${name}} into "keys", or take it out of the path.`,
      });
  return errors;
}
