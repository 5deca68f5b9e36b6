import { injectAct } from '../inject-act.ts';
import { leftNothing } from '../left-nothing.ts';
import { untilMeasured } from '../until-measured.ts';
import type { SpikeParameters } from './act.ts';

/** So long is waited until enough has come to tell a spike from chance. */
const LOOK_MS = 3000;
const ENOUGH = 50;

export const injectSpike = injectAct<SpikeParameters>('spike', {
  async effect({ parameters: { factor }, state }) {
    const {
      planned = 0,
      added = 0,
      users = 0,
    } = await untilMeasured(
      state,
      (measured) => (measured.added ?? 0) >= ENOUGH && (measured.planned ?? 0) > 0,
      LOOK_MS,
    );
    const told = users > 0 ? ` by ${users} more users` : '';
    return {
      holds: added > 0,
      evidence:
        planned + added === 0
          ? `no traffic came within ${LOOK_MS} ms`
          : `${planned} iterations of the plan and ${added} added${told} (expected ×${factor})`,
    };
  },
  removal: leftNothing('users', 'added users'),
});
