import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { handlerErrorDefinition } from './definition.ts';

export type HandlerErrorParameters = z.output<(typeof handlerErrorDefinition)['parameters']>;

export const actHandlerError: StartAct<HandlerErrorParameters> = ({
  parameters: initial,
  probability,
  random,
  hooks,
}) => {
  let parameters = initial;
  let seen = 0;
  let failed = 0;
  const hook = async (request: { route: string }) => {
    const { route, status, delayMs } = parameters;
    if (route !== '' && request.route !== route) return null;
    seen += 1;
    if (random() >= probability) return null;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    failed += 1;
    return { status, message: 'failed by the fault handler-error' };
  };
  hooks.request.add(hook);
  return {
    update(changed) {
      parameters = changed;
    },
    measured: () => ({ seen, failed }),
    stop: () => void hooks.request.delete(hook),
  };
};
