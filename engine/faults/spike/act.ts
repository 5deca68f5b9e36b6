import type { z } from 'zod';
import type { Spike } from '../../process-kit/traffic-hooks.ts';
import type { StartAct } from '../act.ts';
import type { spikeDefinition } from './definition.ts';

export type SpikeParameters = z.output<(typeof spikeDefinition)['parameters']>;

export const actSpike: StartAct<SpikeParameters> = ({ parameters, random, hooks: { traffic } }) => {
  const spike: Spike = { factor: parameters.factor, seed: Math.floor(random() * 2 ** 30), added: 0, users: 0 };
  const begunBefore = traffic.begun;
  traffic.spikes.add(spike);
  traffic.spikesChanged();
  return {
    update({ factor }) {
      spike.factor = factor;
      traffic.spikesChanged();
    },
    measured: () => ({
      planned: traffic.begun - begunBefore - spike.added,
      added: spike.added,
      users: spike.users,
    }),
    stop() {
      traffic.spikes.delete(spike);
      traffic.spikesChanged();
    },
  };
};
