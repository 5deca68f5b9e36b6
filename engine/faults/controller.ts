import type { FaultMember, FaultStatus, Proof } from '../api/types.ts';
import type { FaultDefinition } from '../model/definition.ts';
import { ArchipelError, toArchipelError } from '../model/error.ts';
import { type Clock, systemClock } from './clock.ts';
import { injectTogether } from './compose.ts';
import { withCourse } from './course.ts';
import { injectEverywhere } from './group.ts';
import { type CompositionId, faults as definitions, type FaultId } from './index.ts';
import type { InjectedFault, Injector, Measurement } from './inject.ts';
import { injectors } from './injectors.ts';
import { injectMystery } from './mystery/inject.ts';
import { type Member, memberOf, type PlannedPart } from './part.ts';
import { checkRequest, describeTarget, type FaultRequest, type Targets } from './request.ts';
import { untilAborted } from './until-aborted.ts';

export interface FaultControllerOptions extends Targets {
  clock?: Clock;
  platform?: NodeJS.Platform;
  /** Called with a snapshot whenever a fault changes. */
  onChange?(status: FaultStatus): void;
}

export interface FaultController {
  /** Resolves when the fault is on; the proof of its effect is measured then. */
  inject(request: FaultRequest): Promise<FaultStatus>;
  /** The lease ends `leaseMs` from now. */
  renew(request: { id: string; leaseMs: number }): Promise<FaultStatus>;
  /** Resolves when the fault is off and its removal has been measured. A fault that is off already stays as it is. */
  clear(id: string): Promise<FaultStatus>;
  clearAll(endedBy?: 'cleared' | 'stop'): Promise<FaultStatus[]>;
  get(id: string): FaultStatus | null;
  /** Faults that are on, and those that ended in the last minute. */
  list(): FaultStatus[];
}

interface Fault {
  status: FaultStatus;
  aborter: AbortController;
  /** Resolves when the fault is on, or with null when it could not be put on. */
  begun: Promise<InjectedFault | null>;
  /** Set while the fault is on. */
  injected: InjectedFault | null;
  cancelLease: () => void;
  effect: Promise<void>;
  ending: Promise<FaultStatus> | null;
}

const SHOWN_AFTER_END_MS = 60_000;

/** Knows every fault of a topology: puts it on, proves it, holds its lease, takes it off, proves that too. */
export function createFaultController(options: FaultControllerOptions): FaultController {
  const { clock = systemClock, platform = process.platform } = options;
  const faults = new Map<string, Fault>();
  let count = 0;

  const change = (fault: Fault, changed: Partial<FaultStatus>): void => {
    Object.assign(fault.status, changed);
    options.onChange?.({ ...fault.status });
  };

  /** The faults that it is made of, as they are now; of a hidden one only when it is over. */
  const partsOf = ({ status }: Fault, { parts }: InjectedFault, isOver = false): Pick<FaultStatus, 'parts'> =>
    parts && (isOver || !isHidden(status.fault)) ? { parts: parts() } : {};

  const proofOf = async (measure: () => Promise<Measurement>): Promise<Proof> => {
    const measured = await measure().catch((error: unknown) => ({
      holds: false,
      evidence: `not measured: ${toArchipelError(error).message}`,
    }));
    return { ...measured, atMs: clock.now() };
  };

  const holdLease = (fault: Fault, leaseMs: number): void => {
    fault.cancelLease();
    fault.cancelLease = clock.schedule(leaseMs, () => void end(fault, 'lease'));
  };

  const proveEffect = async (fault: Fault, injected: InjectedFault): Promise<void> => {
    const ended = untilAborted(fault.aborter.signal).then(
      (): Proof => ({ holds: false, evidence: 'the fault ended before its effect was measured', atMs: clock.now() }),
    );
    const proofOfEffect = await Promise.race([proofOf(injected.proveEffect), ended]);
    change(fault, { proofOfEffect, ...partsOf(fault, injected) });
  };

  const injectorOf = (name: FaultId, target: unknown): Injector<unknown, unknown> => {
    if (isComposed(target)) {
      const definition = definitionOf(name) as FaultDefinition;
      const inject = (isHidden(name) ? injectMystery(clock) : injectTogether(definition, clock)) as Injector<
        unknown,
        unknown
      >;
      return (composed, parameters, given) => inject((composed as Composed).parts, parameters, given);
    }
    const injectOne = injectors[name as Exclude<FaultId, CompositionId>] as Injector<unknown, unknown>;
    return (Array.isArray(target) ? injectEverywhere(injectOne) : injectOne) as Injector<unknown, unknown>;
  };

  /** Puts the fault on. The time on counts from there, however long it took to get there. */
  const putOn = async (
    name: FaultId,
    target: unknown,
    { leaseMs, seed }: FaultRequest & { seed: number },
    status: FaultStatus,
    aborter: AbortController,
  ): Promise<InjectedFault> => {
    const { id, expiresAtMs, parameters } = status;
    const inject = withCourse(injectorOf(name, target), {
      course: status.course,
      definition: definitionOf(name) as FaultDefinition,
      clock,
      onActivity: (activity) => options.onChange?.({ ...Object.assign(status, activity) }),
    });
    const given = { id, signal: aborter.signal, seed, probability: 1, expiresAtMs, platform };
    const injected = await inject(target, parameters, given);
    // Whoever ends the fault sees why its undoing failed; until then nobody listens.
    injected.undone.catch(() => {});
    status.startedAtMs = clock.now();
    status.expiresAtMs = status.startedAtMs + leaseMs;
    try {
      await injected.renew?.(status.expiresAtMs);
      return injected;
    } catch (error) {
      aborter.abort();
      await injected.undone.catch(() => {});
      throw error;
    }
  };

  const end = (fault: Fault, endedBy: 'lease' | 'cleared' | 'stop'): Promise<FaultStatus> => {
    fault.ending ??= (async () => {
      const injected = await fault.begun;
      if (!injected) return { ...fault.status };
      fault.injected = null;
      fault.cancelLease();
      change(fault, { state: 'ending', endedBy, active: false, nextAtMs: null });
      fault.aborter.abort();
      try {
        await injected.undone;
        change(fault, { endedAtMs: clock.now() });
        await fault.effect;
        const proofOfRemoval = await proofOf(injected.proveRemoval);
        change(fault, { proofOfRemoval, state: 'off', ...partsOf(fault, injected, true) });
      } catch (error) {
        const failed = { endedAtMs: clock.now(), state: 'failed' as const, error: toArchipelError(error).message };
        change(fault, { ...failed, ...partsOf(fault, injected, true) });
      }
      return { ...fault.status };
    })();
    return fault.ending;
  };

  const known = (id: string): Fault => {
    const fault = faults.get(id);
    if (fault) return fault;
    throw new ArchipelError(
      'not-found',
      `There is no fault with the id "${id}".`,
      'Use an id from the list of faults.',
    );
  };

  const refuseConflict = ({ target, fault }: FaultRequest): void => {
    for (const { status } of faults.values()) {
      if (status.endedAtMs !== null || describeTarget(status.target) !== describeTarget(target)) continue;
      if (status.fault !== fault && goTogether(status.fault, fault)) continue;
      throw new ArchipelError(
        'fault-impossible',
        `"${fault}" cannot go on ${describeTarget(target)}: "${status.fault}" (${status.id}) is on it already.`,
        'Clear that fault first.',
      );
    }
  };

  return {
    async inject(request) {
      const seed = request.seed ?? count + 1;
      const { fault: name, parameters, target } = checkRequest({ ...request, seed }, options);
      refuseConflict(request);
      count += 1;
      const { probability = 1, schedule, rampMs } = request;
      const startedAtMs = clock.now();
      const status: FaultStatus = {
        id: `${name}-${count}`,
        fault: name,
        target: request.target,
        ...(!isHidden(name) && { members: membersOf(target) }),
        parameters,
        course: { probability, ...(schedule && { schedule }), ...(rampMs !== undefined && { rampMs }) },
        seed,
        state: 'starting',
        active: false,
        activations: 0,
        nextAtMs: null,
        startedAtMs,
        expiresAtMs: startedAtMs + request.leaseMs,
        endedAtMs: null,
        endedBy: null,
        proofOfEffect: null,
        proofOfRemoval: null,
        error: null,
      };
      const aborter = new AbortController();
      const injection = putOn(name, target, { ...request, seed }, status, aborter);
      const begun = injection.catch(() => null);
      const fault: Fault = {
        status,
        aborter,
        begun,
        injected: null,
        cancelLease: () => {},
        effect: Promise.resolve(),
        ending: null,
      };
      faults.set(status.id, fault);
      change(fault, {});
      try {
        const injected = await injection;
        fault.injected = injected;
        change(fault, { state: 'on', ...partsOf(fault, injected), ...(!schedule && { active: true, activations: 1 }) });
        holdLease(fault, request.leaseMs);
        fault.effect = proveEffect(fault, injected);
        return { ...status };
      } catch (error) {
        faults.delete(status.id);
        change(fault, { state: 'failed', endedAtMs: clock.now(), error: toArchipelError(error).message });
        throw error;
      }
    },

    async renew({ id, leaseMs }) {
      const fault = known(id);
      if (fault.status.state !== 'on')
        throw new ArchipelError('wrong-state', `Fault ${id} is ${fault.status.state}, not on.`, 'Put a new fault on.');
      const expiresAtMs = clock.now() + leaseMs;
      holdLease(fault, leaseMs);
      change(fault, { expiresAtMs });
      // In this very turn: a renewal that came after the undoing would put the fault on again.
      await fault.injected?.renew?.(expiresAtMs);
      return { ...fault.status };
    },

    async clear(id) {
      return end(known(id), 'cleared');
    },

    clearAll: (endedBy = 'cleared') => Promise.all([...faults.values()].map((fault) => end(fault, endedBy))),

    get(id) {
      const fault = faults.get(id);
      return fault ? { ...fault.status } : null;
    },

    list() {
      const fromMs = clock.now() - SHOWN_AFTER_END_MS;
      return [...faults.values()]
        .filter(({ status }) => status.endedAtMs === null || status.endedAtMs >= fromMs)
        .map(({ status }) => ({ ...status }));
    },
  };
}

type Composed = { parts: PlannedPart[] };

const isComposed = (target: unknown): target is Composed =>
  typeof target === 'object' && target !== null && 'parts' in target;

/** Who is told when the fault is put on. */
const membersOf = (target: Member | Member[] | Composed): FaultMember[] =>
  (isComposed(target) ? target.parts.flatMap(({ members }) => members) : [target].flat()).map(memberOf);

const isHidden = (fault: string): boolean => definitionOf(fault)?.hidden === true;

const definitionOf = (fault: string): FaultDefinition | undefined =>
  (definitions as unknown as readonly FaultDefinition[]).find((known) => known.fault === fault);

/**
 * Different faults on an edge pass the bytes from one to the next, and a process may suffer from several things at once.
 * But it is frozen or gone, not both; and what faults change in a server's storage is undone in the order in which it was done.
 */
function goTogether(one: string, other: string): boolean {
  const [a, b] = [definitionOf(one), definitionOf(other)];
  if (!a || !b) return false;
  if (a.target === 'edge' || a.target !== b.target) return true;
  return Boolean(a.staysReady && b.staysReady) && !(a.family === 'storage' && b.family === 'storage');
}
