import type { Injector, ProcessTarget } from './inject.ts';
import { injectAct } from './inject-act.ts';
import { untilMeasured } from './until-measured.ts';

/** So long is waited for a message that the fault can act on. */
const LOOK_MS = 3000;

/** The injector of a fault on messages: its half in the process tells how many it met, and on how many it acted. */
export const injectMessageAct = <Parameters>(fault: string, did: string): Injector<ProcessTarget, Parameters> =>
  injectAct<Parameters>(fault, {
    async effect({ state }) {
      const { seen = 0, acted = 0 } = await untilMeasured(state, (measured) => (measured.acted ?? 0) > 0, LOOK_MS);
      return {
        holds: acted > 0,
        evidence: seen === 0 ? `no message came within ${LOOK_MS} ms` : `${acted} of ${seen} messages ${did}`,
      };
    },
  });
