import type { z } from 'zod';
import { passThrough } from '../pass-through.ts';
import type { LinkFault } from '../stage.ts';
import type { connectionExhaustionDefinition } from './definition.ts';

export type ConnectionExhaustionParameters = z.output<(typeof connectionExhaustionDefinition)['parameters']>;

/** Acts at the door alone. */
export const connectionExhaustionLinkFault: LinkFault<ConnectionExhaustionParameters> = {
  directions: () => [],
  createStage: (context) => passThrough(context),

  createDoor({ parameters, openConnections, count }) {
    let { maxConnections, excess } = parameters;
    const isExhausted = (): boolean => openConnections() >= maxConnections;
    return {
      isShut: () => excess === 'refuse' && isExhausted(),
      admit() {
        if (!isExhausted()) return 'serve';
        count(excess === 'wait' ? 'keptWaiting' : 'resetConnections');
        return excess === 'wait' ? 'wait' : 'reset';
      },
      update(changed) {
        ({ maxConnections, excess } = changed);
      },
      close() {},
    };
  },
};
