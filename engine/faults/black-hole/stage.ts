import type { z } from 'zod';
import { createCutStage } from '../cut.ts';
import { directionsOf } from '../directions.ts';
import type { LinkFault } from '../stage.ts';
import type { blackHoleDefinition } from './definition.ts';

export type BlackHoleParameters = z.output<(typeof blackHoleDefinition)['parameters']>;

export const blackHoleLinkFault: LinkFault<BlackHoleParameters> = {
  directions: directionsOf,

  createStage(context) {
    const { down, up, ...stage } = createCutStage(context);
    down('black-hole');
    return { ...stage, update() {}, flush: up };
  },
};
