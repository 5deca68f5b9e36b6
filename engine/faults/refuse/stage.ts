import type { z } from 'zod';
import { createCutStage } from '../cut.ts';
import type { LinkFault } from '../stage.ts';
import type { refuseDefinition } from './definition.ts';

export type RefuseParameters = z.output<(typeof refuseDefinition)['parameters']>;

export const refuseLinkFault: LinkFault<RefuseParameters> = {
  directions: ({ resetOpen }) => (resetOpen ? ['upstream'] : []),

  createStage(context) {
    const { down, up, ...stage } = createCutStage(context);
    down('refuse');
    return { ...stage, update() {}, flush: up };
  },

  createDoor: ({ count }) => ({
    isShut: () => true,
    admit() {
      count('resetConnections');
      return 'reset';
    },
    update() {},
    close() {},
  }),
};
