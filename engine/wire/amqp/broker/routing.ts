import type { Routable } from '../exchanges/router.ts';
import type { Binding, Exchange } from './exchange.ts';
import { Queue } from './queue.ts';
import type { VirtualHost } from './virtual-host.ts';

/** The queues that a message goes to from an exchange, each once: through bound exchanges, and alternate ones. */
export function route(virtualHost: VirtualHost, from: Exchange, message: Routable): readonly Queue[] {
  if (from.name === '') return byName(virtualHost, message.keys);
  const queues = new Set<Queue>();
  const seen = new Set([from]);
  const work = [from];
  const visit = (exchange: Exchange): void => {
    if (seen.has(exchange)) return;
    seen.add(exchange);
    work.push(exchange);
  };
  for (let exchange = work.pop(); exchange; exchange = work.pop()) {
    if (exchange.name === '') for (const queue of byName(virtualHost, message.keys)) queues.add(queue);
    let isMatched = exchange.name === '';
    exchange.router.match(message, ({ destination }: Binding) => {
      isMatched = true;
      if (destination instanceof Queue) queues.add(destination);
      else visit(destination);
    });
    if (isMatched || exchange.alternate === undefined) continue;
    const alternate = virtualHost.exchanges.get(exchange.alternate);
    if (alternate) visit(alternate);
  }
  return [...queues];
}

/** The default exchange: routing keys are names of queues. */
function byName({ queues }: VirtualHost, keys: readonly string[]): readonly Queue[] {
  const [first = ''] = keys;
  if (keys.length === 1) {
    const queue = queues.get(first);
    return queue ? [queue] : [];
  }
  return [...new Set(keys)].flatMap((key) => queues.get(key) ?? []);
}
