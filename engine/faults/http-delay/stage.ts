import type { z } from 'zod';
import { httpLinkFault } from '../http-match/link-fault.ts';
import type { httpDelayDefinition } from './definition.ts';

export type HttpDelayParameters = z.output<(typeof httpDelayDefinition)['parameters']>;

export const httpDelayLinkFault = httpLinkFault<HttpDelayParameters>((_, { parameters, random, count }) => ({
  delayMs: Math.max(0, parameters.delayMs + parameters.jitterMs * (2 * random() - 1)),
  onReleased(heldMs) {
    count('actedNow');
    count('heldMs', heldMs);
  },
}));
