import type { z } from 'zod';
import { createDelayStage } from '../delay-line.ts';
import type { LinkFault } from '../stage.ts';
import type { latencyDefinition } from './definition.ts';

export type LatencyParameters = z.output<(typeof latencyDefinition)['parameters']>;

/** Holds each item until its own arrival plus the delay, never before the one in front of it. */
export const latencyLinkFault: LinkFault<LatencyParameters> = {
  directions: ({ direction }) => [direction],

  createStage: (context) =>
    createDelayStage(context, (item, { latencyMs, jitterMs }) => {
      const delayMs = Math.max(0, latencyMs + jitterMs * (2 * context.random() - 1));
      return item.atMs + delayMs;
    }),
};
