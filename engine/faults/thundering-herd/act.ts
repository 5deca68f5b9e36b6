import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { thunderingHerdDefinition } from './definition.ts';

export type ThunderingHerdParameters = z.output<(typeof thunderingHerdDefinition)['parameters']>;

export const actThunderingHerd: StartAct<ThunderingHerdParameters> = ({ parameters, hooks: { traffic } }) => {
  let { periodMs } = parameters;
  let herd: (() => void)[] = [];
  let herds = 0;
  let largest = 0;
  let released = 0;

  const release = (): void => {
    const together = herd;
    herd = [];
    if (together.length === 0) return;
    herds += 1;
    largest = Math.max(largest, together.length);
    for (const go of together) {
      released += 1;
      go();
    }
  };
  const hook = (go: () => void): boolean => {
    herd.push(go);
    return true;
  };
  let timer = setInterval(release, periodMs);
  traffic.hold.add(hook);

  return {
    update(changed) {
      if (changed.periodMs === periodMs) return;
      ({ periodMs } = changed);
      clearInterval(timer);
      timer = setInterval(release, periodMs);
    },
    measured: () => ({ herds, largest, released, held: herd.length }),
    stop() {
      clearInterval(timer);
      traffic.hold.delete(hook);
      release();
    },
  };
};
