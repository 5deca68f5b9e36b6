import type { Destination } from '../model/broker.ts';
import type { DocumentError } from '../model/definition.ts';
import { nearest } from '../model/nearest.ts';

/** Finds a destination by its name. Where the broker cannot be read, nothing is known against it. */
export function checkDestination(
  name: string,
  path: string,
  destinations: readonly Destination[] | null,
): { found: Destination | null; errors: DocumentError[] } {
  if (!destinations) return { found: null, errors: [] };
  const found = destinations.find((destination) => destination.name === name);
  if (found) return { found, errors: [] };
  const names = destinations.map((destination) => destination.name);
  const meant = nearest(name, names);
  const known = names.length > 0 ? `It has: ${names.join(', ')}.` : 'Declare it in the config of the broker.';
  return {
    found: null,
    errors: [
      {
        path,
        message: `the broker has no "${name}"`,
        nextStep: meant ? `Did you mean "${meant}"? ${known}` : known,
      },
    ],
  };
}
