import { CallFailure } from './call-failure.ts';
import { faultHooks } from './fault-hooks.ts';
import type { WiredEdge } from './protocol.ts';

/** The failure of a call whose target is not found; null where it is. Each attempt looks its target up. */
export function failedLookup({ id, targetId }: Pick<WiredEdge, 'id' | 'targetId'>): CallFailure | null {
  for (const finds of faultHooks.lookup)
    if (!finds({ id, targetId })) return new CallFailure('dns', id, `no address of ${targetId} was found`);
  return null;
}
