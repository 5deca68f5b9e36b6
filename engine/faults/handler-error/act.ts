import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { handlerErrorDefinition } from './definition.ts';

export type HandlerErrorParameters = z.output<(typeof handlerErrorDefinition)['parameters']>;

export const actHandlerError: StartAct<HandlerErrorParameters> = ({ parameters, probability, random, hooks }) => {
  let { route } = parameters;
  let seen = 0;
  let failed = 0;
  const hook = (request: { route: string }): void => {
    if (route !== '' && request.route !== route) return;
    seen += 1;
    if (random() >= probability) return;
    failed += 1;
    throw new Error('failed by the fault handler-error');
  };
  hooks.request.add(hook);
  return {
    update(changed) {
      ({ route } = changed);
    },
    measured: () => ({ seen, failed }),
    stop: () => void hooks.request.delete(hook),
  };
};
