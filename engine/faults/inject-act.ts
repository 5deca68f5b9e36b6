import type { HalfState, InjectedFault, Injector, Measurement, ProcessTarget } from './inject.ts';
import { untilAborted } from './until-aborted.ts';

interface ActProofs<Parameters> {
  /** Looks at the process while the fault is on, with what was seen before. */
  effect(look: ActLook<Parameters>): Promise<Measurement>;
  /** Looks at it when the fault is off. Default: its half in the process is gone, and the health check is answered. */
  removal?(look: ActLook<Parameters>): Promise<Measurement>;
}

export interface ActLook<Parameters> {
  target: ProcessTarget;
  parameters: Parameters;
  state(): Promise<HalfState>;
}

const ANSWER_MS = 2000;

/** The injector of a fault that acts inside a process of ours: `act.ts` does it, the proofs look at it from here. */
export const injectAct =
  <Parameters>(fault: string, proofs: ActProofs<Parameters>): Injector<ProcessTarget, Parameters> =>
  async (target, parameters, { id, seed, probability, signal, ...options }) => {
    let current = parameters;
    let { expiresAtMs } = options;
    const set = async (): Promise<void> => {
      await target.call('fault-on', { id, fault, parameters: current, seed, probability, expiresAtMs });
    };
    const state = async (): Promise<HalfState> => (await target.call('fault-measured', { id })) as HalfState;
    const look = (): ActLook<Parameters> => ({ target, parameters: current, state });
    const pid = target.pid();
    await set();

    const injected: InjectedFault = {
      proveEffect: () => proofs.effect(look()),
      proveRemoval: () => (proofs.removal ?? actIsGone)(look()),
      // A process that has ended took its faults with it.
      undone: untilAborted(signal).then(async () => {
        if (target.pid() === pid && pid !== null) await target.call('fault-off', { id });
      }),
      renew(untilMs) {
        expiresAtMs = untilMs;
        return set();
      },
      update(changed) {
        current = changed;
        return set();
      },
    };
    return injected;
  };

/** Nothing of the fault is at work, and the process answers. */
async function actIsGone({ target, state }: ActLook<unknown>): Promise<Measurement> {
  const answers = await target.healthy(ANSWER_MS);
  const { on } = await state();
  return {
    holds: answers && !on,
    evidence: `the fault is ${on ? 'still at work' : 'gone'} from the process, which ${answers ? 'answers' : 'does not answer'} its health check`,
  };
}
