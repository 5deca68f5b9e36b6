import type { ConsumeTrouble, PublishTrouble } from '../process-kit/fault-hooks.ts';
import type { StartAct } from './act.ts';

interface OfDestination {
  /** Empty: any. */
  destination: string;
}

/** The half of a fault that does something to messages as they are published, or as a consumer has begun with them. */
export const messageAct =
  <Parameters extends OfDestination>(
    side: 'publish' | 'consume',
    troubleOf: (parameters: Parameters) => PublishTrouble & ConsumeTrouble,
  ): StartAct<Parameters> =>
  ({ parameters: initial, probability, random, hooks }) => {
    let parameters = initial;
    let seen = 0;
    let acted = 0;
    const hook = ({ destination }: { destination: string }): (PublishTrouble & ConsumeTrouble) | null => {
      if (parameters.destination !== '' && parameters.destination !== destination) return null;
      seen += 1;
      if (random() >= probability) return null;
      acted += 1;
      return troubleOf(parameters);
    };
    hooks[side].add(hook);
    return {
      update(changed) {
        parameters = changed;
      },
      measured: () => ({ seen, acted }),
      stop: () => void hooks[side].delete(hook),
    };
  };
