import type { Destination } from '../model/broker.ts';
import { ArchipelError } from '../model/error.ts';

/** The destination that a broker declares under a name. Refuses any other. */
export function declared(destinations: readonly Destination[], name: string, broker: string): Destination {
  const found = destinations.find((destination) => destination.name === name);
  if (found) return found;
  throw new ArchipelError(
    'not-found',
    `"${broker}" has no queue, exchange, stream, channel or topic "${name}".`,
    destinations.length === 0
      ? 'Declare one in its config.'
      : `Use one of ${destinations.map((destination) => `"${destination.name}"`).join(', ')}.`,
  );
}
