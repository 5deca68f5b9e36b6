import type { FaultMember, FaultPart } from '../api/types.ts';
import { toArchipelError } from '../model/error.ts';
import type { Clock } from './clock.ts';
import { injectEverywhere } from './group.ts';
import type { CompositionId, FaultId } from './index.ts';
import type { InjectedFault, InjectOptions, Injector, Measurement, MemberTarget } from './inject.ts';
import { injectors } from './injectors.ts';

export type Member = MemberTarget;

/** A fault that another one puts on, and on whom. */
export interface PlannedPart {
  fault: Exclude<FaultId, CompositionId>;
  parameters: Record<string, unknown>;
  members: readonly Member[];
}

/** One that is on. It is proven by itself, and keeps its times and proofs. */
export interface RunningPart {
  status: FaultPart;
  proveEffect(): Promise<Measurement>;
  /** Resolves when it is off; a second call is the first. */
  takeOff(): Promise<void>;
  /** Called after `takeOff`. */
  proveRemoval(): Promise<Measurement>;
  injected: InjectedFault;
}

export const memberOf = (target: Member): FaultMember =>
  'edgeId' in target ? { edge: target.edgeId } : { node: target.nodeId, replica: target.replica };

const notMeasured = (error: unknown): Measurement => ({
  holds: false,
  evidence: `not measured: ${toArchipelError(error).message}`,
});

/** Measures, for each member, what the proofs compare with. */
export const preparePart = ({ fault, parameters, members }: PlannedPart): Promise<unknown> =>
  Promise.resolve(injectEverywhere(injectors[fault] as Injector<Member, unknown>).prepare?.(members, parameters));

export async function putOnPart(
  { fault, parameters, members }: PlannedPart,
  options: InjectOptions,
  clock: Clock,
): Promise<RunningPart> {
  const aborter = new AbortController();
  const end = (): void => aborter.abort();
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  const inject = injectEverywhere(injectors[fault] as Injector<Member, unknown>);
  const injected = await inject(members, parameters, { ...options, signal: aborter.signal });
  injected.undone.catch(() => {});

  const status: FaultPart = {
    fault,
    members: members.map(memberOf),
    parameters,
    startedAtMs: clock.now(),
    endedAtMs: null,
    proofOfEffect: null,
    proofOfRemoval: null,
    error: null,
  };
  let off: Promise<void> | null = null;
  return {
    status,
    injected,
    async proveEffect() {
      const measured = await injected.proveEffect().catch(notMeasured);
      // One that went before it was measured was not seen, and not missed either.
      if (!off) status.proofOfEffect = { ...measured, atMs: clock.now() };
      return measured;
    },
    takeOff() {
      off ??= (async () => {
        end();
        options.signal.removeEventListener('abort', end);
        try {
          await injected.undone;
        } catch (error) {
          status.error = toArchipelError(error).message;
          throw error;
        } finally {
          status.endedAtMs = clock.now();
        }
      })();
      return off;
    },
    async proveRemoval() {
      const measured = await injected.proveRemoval().catch(notMeasured);
      status.proofOfRemoval = { ...measured, atMs: clock.now() };
      return measured;
    },
  };
}
