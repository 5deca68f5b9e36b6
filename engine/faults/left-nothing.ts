import type { Measurement } from './inject.ts';
import type { ActLook } from './inject-act.ts';

const ANSWER_MS = 2000;

/** The fault's half in the process is gone, what it counted as open has gone with it, and the process answers. */
export const leftNothing =
  (figure: string, what: string) =>
  async ({ target, state }: ActLook<unknown>): Promise<Measurement> => {
    const answers = await target.healthy(ANSWER_MS);
    const { on, measured } = await state();
    // A process that was replaced meanwhile knows of no fault, and has nothing left of one.
    const left = measured?.[figure] ?? 0;
    return {
      holds: answers && !on && left === 0,
      evidence: `the fault is ${on ? 'still at work' : 'gone'} from the client, with ${left} ${what} left; it ${answers ? 'answers' : 'does not answer'} its health check`,
    };
  };
