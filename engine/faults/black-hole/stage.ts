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

  // Spared connections must fare as ever, and it is not known yet which those are.
  createDoor: ({ probability }) => ({
    isShut: () => false,
    isSilent: () => probability === 1,
    admit: () => 'serve',
    update() {},
    close() {},
  }),
};
