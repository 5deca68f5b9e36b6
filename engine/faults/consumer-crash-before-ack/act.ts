import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { consumerCrashDefinition } from './definition.ts';

export type ConsumerCrashParameters = z.output<(typeof consumerCrashDefinition)['parameters']>;

/** The next message that is done is the last one of this process. */
export const actConsumerCrash: StartAct<ConsumerCrashParameters> = ({ parameters, hooks }) => {
  const hook = ({ destination }: { destination: string }) =>
    parameters.destination === '' || parameters.destination === destination
      ? { beforeAck: () => void process.kill(process.pid, 'SIGKILL') }
      : null;
  hooks.consume.add(hook);
  return { stop: () => void hooks.consume.delete(hook) };
};
