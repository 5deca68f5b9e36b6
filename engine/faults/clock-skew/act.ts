import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { clockSkewDefinition } from './definition.ts';

export type ClockSkewParameters = z.output<(typeof clockSkewDefinition)['parameters']>;

/** Whoever took `Date.now` before, such as the kit for its frames and leases, keeps the true time. */
export const actClockSkew: StartAct<ClockSkewParameters> = ({ parameters }) => {
  const TrueDate = globalThis.Date;
  let { offsetMs } = parameters;
  const now = (): number => TrueDate.now() + Math.round(offsetMs);
  const skewed: DateConstructor = new Proxy(TrueDate, {
    construct: (date, given, newTarget) =>
      Reflect.construct(date, given.length === 0 ? [now()] : given, newTarget === skewed ? date : newTarget),
    apply: () => new TrueDate(now()).toString(),
    get: (date, key) => (key === 'now' ? now : Reflect.get(date, key)),
  });
  globalThis.Date = skewed;
  return {
    update(changed) {
      ({ offsetMs } = changed);
    },
    stop() {
      globalThis.Date = TrueDate;
    },
  };
};
