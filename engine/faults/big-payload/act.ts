import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { bigPayloadDefinition } from './definition.ts';

export type BigPayloadParameters = z.output<(typeof bigPayloadDefinition)['parameters']>;

export const actBigPayload: StartAct<BigPayloadParameters> = ({
  parameters,
  probability,
  random,
  hooks: { traffic },
}) => {
  let { sizeKb } = parameters;
  let bodies = 0;
  let big = 0;
  const hook = (drawnBytes: number): number => {
    bodies += 1;
    if (random() >= probability) return drawnBytes;
    big += 1;
    return Math.round(sizeKb * 1024);
  };
  traffic.bodyBytes.add(hook);
  return {
    update(changed) {
      ({ sizeKb } = changed);
    },
    measured: () => ({ bodies, big }),
    stop: () => void traffic.bodyBytes.delete(hook),
  };
};
