import type { z } from 'zod';
import { createCutStage } from '../cut.ts';
import { BOTH, directionsOf } from '../directions.ts';
import type { LinkFault } from '../stage.ts';
import type { partitionDefinition } from './definition.ts';

export type PartitionParameters = z.output<(typeof partitionDefinition)['parameters']>;

export const partitionLinkFault: LinkFault<PartitionParameters> = {
  directions: (parameters) => (parameters.how === 'refuse' ? BOTH : directionsOf(parameters)),

  createStage(context) {
    const { down, up, ...stage } = createCutStage(context);
    down(context.parameters.how);
    return {
      ...stage,
      update({ how }) {
        up();
        down(how);
      },
      flush: up,
    };
  },

  createDoor({ parameters, probability }) {
    let { how } = parameters;
    // An operating system refuses all or none: of a share, each is reset instead as soon as it has come in.
    const isShut = (): boolean => how === 'refuse' && probability >= 1;
    return {
      isShut,
      admit: () => (isShut() ? 'reset' : 'serve'),
      update(changed) {
        ({ how } = changed);
      },
      close() {},
    };
  },
};
