import type { Binding, Destination, Routing } from './broker.ts';

/** By what an exchange chooses. */
export interface Routed {
  routingKey: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * The destinations that keep a message which is published to this one: itself, or of an exchange the queues that it reaches,
 * over other exchanges too, each once. None: nobody is bound to the exchange for such a message.
 */
export function keepersOf(name: string, message: Routed, destinations: readonly Destination[]): string[] {
  const byName = new Map(destinations.map((destination) => [destination.name, destination]));
  const seen = new Set<string>();
  const keepers: string[] = [];
  const visit = (at: string): void => {
    if (seen.has(at)) return;
    seen.add(at);
    const routing = byName.get(at)?.routing;
    if (!routing) keepers.push(at);
    else for (const binding of routing.bindings) if (isBound(routing, binding, message)) visit(binding.to);
  };
  visit(name);
  return keepers;
}

function isBound({ type }: Routing, binding: Binding, { routingKey, headers }: Routed): boolean {
  switch (type) {
    case 'fanout':
      return true;
    case 'direct':
      return binding.key === routingKey;
    case 'topic':
      return fitsTopic(binding.key.split('.'), routingKey === '' ? [] : routingKey.split('.'));
    case 'headers': {
      const wanted = Object.entries(binding.headers);
      const has = ([name, value]: [string, string]): boolean => headers[name] === value;
      return binding.match === 'all' ? wanted.every(has) : wanted.some(has);
    }
  }
}

/** `*` is one word, `#` any number of them. */
function fitsTopic(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined || (pattern.length === 1 && first === '')) return words.length === 0;
  if (first === '#') return fitsTopic(rest, words) || (words.length > 0 && fitsTopic(pattern, words.slice(1)));
  return words.length > 0 && (first === '*' || first === words[0]) && fitsTopic(rest, words.slice(1));
}
