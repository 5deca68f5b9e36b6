import { ArchipelError } from '../model/error.ts';
import type { HalfState, InjectedFault, Injector, Measurement, ProcessTarget } from './inject.ts';
import { unlessEnded } from './unless-ended.ts';
import { untilAborted } from './until-aborted.ts';

interface ActProofs<Parameters> {
  /** The process may end of it; then it is started again when the fault comes off. */
  mayEndIt?: boolean;
  /** Looks at the process before the fault goes on. */
  before?(look: ActLook<Parameters>): Promise<void>;
  /** Looks at it while the fault is on. */
  effect(look: ActLook<Parameters>): Promise<Measurement>;
  /** Looks at it just before the fault comes off. */
  ending?(look: ActLook<Parameters>): Promise<void>;
  /** Looks at it when the fault is off. Default: its half in the process is gone, and the health check is answered. */
  removal?(look: ActLook<Parameters>): Promise<Measurement>;
}

export interface ActLook<Parameters> {
  target: ProcessTarget;
  parameters: Parameters;
  state(): Promise<HalfState>;
  /** What earlier looks at the same fault wrote down; `pid` is there from the start. */
  notes: Partial<Record<string, number>>;
}

const ANSWER_MS = 2000;

/** The injector of a fault that acts inside a process of ours: `act.ts` does it, the proofs look at it from here. */
export const injectAct =
  <Parameters>(fault: string, proofs: ActProofs<Parameters>): Injector<ProcessTarget, Parameters> =>
  async (target, parameters, { id, seed, probability, signal, ...options }) => {
    let current = parameters;
    let { expiresAtMs } = options;
    const pid = target.pid();
    if (pid === null)
      throw new ArchipelError(
        'fault-impossible',
        `Replica ${target.replica} of "${target.nodeId}" has no process that "${fault}" could act in.`,
        'Wait until it runs, or restart it.',
      );
    const notes: ActLook<Parameters>['notes'] = { pid };
    const set = async (): Promise<void> => {
      await target.call('fault-on', { id, fault, parameters: current, seed, probability, expiresAtMs });
    };
    const state = async (): Promise<HalfState> => (await target.call('fault-measured', { id })) as HalfState;
    const look = (): ActLook<Parameters> => ({ target, parameters: current, state, notes });
    const isSame = (): boolean => target.pid() === pid;
    await proofs.before?.(look());
    await set().catch((cause: unknown) => {
      throw new ArchipelError(
        'fault-impossible',
        `"${fault}" cannot act in replica ${target.replica} of "${target.nodeId}": ${cause instanceof Error ? cause.message : String(cause)}.`,
        'It acts inside programs of ours that run. Choose another fault, or another node.',
        { cause },
      );
    });

    const injected: InjectedFault = {
      proveEffect: () => proofs.effect(look()),
      proveRemoval: () => (proofs.removal ?? actIsGone)(look()),
      undone: untilAborted(signal).then(async () => {
        if (isSame()) {
          // What cannot be looked at any more is no reason to leave the fault on.
          await proofs.ending?.(look()).catch(() => {});
          await unlessEnded(target, pid, () => target.call('fault-off', { id }));
        }
        if (proofs.mayEndIt && target.pid() === null) await target.start();
      }),
      async renew(untilMs) {
        expiresAtMs = untilMs;
        if (isSame()) await unlessEnded(target, pid, set);
      },
      async update(changed) {
        current = changed;
        if (isSame()) await unlessEnded(target, pid, set);
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
