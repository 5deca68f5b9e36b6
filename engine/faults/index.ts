import { killDefinition } from './kill/definition.ts';
import { latencyDefinition } from './latency/definition.ts';
import { pauseDefinition } from './pause/definition.ts';

/** Every fault. Adding one is one folder here, one line below and one line in `injectors.ts`. */
export const faults = [killDefinition, pauseDefinition, latencyDefinition] as const;

export type FaultId = (typeof faults)[number]['fault'];
