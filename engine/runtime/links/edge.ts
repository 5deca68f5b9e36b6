import { seededRandom } from '../../faults/random.ts';
import type { Shared } from '../../faults/stage.ts';
import { linkFaults } from '../../faults/stages.ts';
import { prepareTimer, schedule } from './due-jobs.ts';
import type { Pipe } from './pipe.ts';
import type { LinkFaultSpec, LinkFaultState } from './protocol.ts';

interface ActiveFault {
  spec: LinkFaultSpec;
  lease: NodeJS.Timeout;
  shared: Shared | undefined;
}

interface Connection {
  number: number;
  /** By fault, what its stages in both directions hold in common. */
  common: Map<string, unknown>;
}

/** Of faults that are over, so many are remembered with what they measured. */
const REMEMBERED = 32;

/** What the lanes of one edge share: its counters, its faults, and the pipes that these act on. */
export interface Edge {
  counters: { connections: number; upstreamBytes: number; downstreamBytes: number };
  addPipes(pipes: readonly Pipe[]): void;
  removePipes(pipes: readonly Pipe[]): void;
  /** Puts a fault on, or changes the one with the same id. It comes off by itself at its lease's end. */
  setFault(spec: LinkFaultSpec): void;
  clearFault(id: string): void;
  /** Whether a fault is on, and what it measured: while it is on, and for a while after. */
  measureFault(id: string): LinkFaultState;
  close(): void;
}

export function createEdge(options: { onLeaseEnd(faultId: string): void }): Edge {
  const faults = new Map<string, ActiveFault>();
  const over = new Map<string, Record<string, number>>();
  /** With the connection that each is a direction of. */
  const pipes = new Map<Pipe, Connection>();
  let connectionNumber = 0;
  /** Numbers the pipes, so that each draws its own random numbers and all replay from the fault's seed. */
  let pipeNumber = 0;

  /** Drawn from the fault's seed for the connection as a whole, so that both directions agree, and a renewal changes nothing. */
  const isSpared = (connection: number, { seed, probability = 1 }: LinkFaultSpec): boolean =>
    probability < 1 && seededRandom(seed ^ Math.imul(connection, 0x85ebca6b))() >= probability;

  const applyTo = (pipe: Pipe, connection: Connection, { spec, shared }: ActiveFault, isNew: boolean): void => {
    const { id, fault, parameters, seed } = spec;
    const linkFault = linkFaults[fault];
    if (!linkFault) throw new Error(`no fault "${fault}" can act on a link`);
    const wanted =
      linkFault.directions(parameters as never).includes(pipe.direction) && !isSpared(connection.number, spec);
    if (!wanted) pipe.remove(id);
    else if (pipe.has(id)) pipe.update(id, parameters);
    else {
      pipeNumber += 1;
      const random = seededRandom(seed + Math.imul(pipeNumber, 0x9e3779b9));
      pipe.add(
        id,
        (emit) =>
          linkFault.createStage({
            parameters: parameters as never,
            emit,
            now: () => performance.now(),
            schedule,
            random,
            shared: shared as never,
            ofConnection: (create) => {
              if (!connection.common.has(id)) connection.common.set(id, create());
              return connection.common.get(id) as never;
            },
            isNew,
            direction: pipe.direction,
          }),
        linkFault.nests && pipe.direction === 'downstream' ? 'first' : 'last',
      );
    }
  };

  const clearFault = (id: string): void => {
    const active = faults.get(id);
    if (!active) return;
    clearTimeout(active.lease);
    faults.delete(id);
    over.set(id, active.shared?.measured?.() ?? {});
    if (over.size > REMEMBERED) over.delete(over.keys().next().value as string);
    for (const [pipe, { common }] of pipes) {
      pipe.remove(id);
      common.delete(id);
    }
  };

  return {
    counters: { connections: 0, upstreamBytes: 0, downstreamBytes: 0 },
    addPipes(added) {
      connectionNumber += 1;
      const connection: Connection = { number: connectionNumber, common: new Map() };
      for (const pipe of added) {
        pipes.set(pipe, connection);
        for (const fault of faults.values()) applyTo(pipe, connection, fault, true);
      }
    },
    removePipes(removed) {
      for (const pipe of removed) pipes.delete(pipe);
    },
    setFault(spec) {
      const { seed } = spec;
      const parameters = spec.parameters as never;
      const linkFault = linkFaults[spec.fault];
      if (!linkFault) throw new Error(`no fault "${spec.fault}" can act on a link`);
      prepareTimer();
      const known = faults.get(spec.id);
      clearTimeout(known?.lease);
      known?.shared?.update?.(parameters);
      const shared = known ? known.shared : linkFault.share?.({ parameters, random: seededRandom(seed) });
      const lease = setTimeout(
        () => {
          clearFault(spec.id);
          options.onLeaseEnd(spec.id);
        },
        Math.max(0, spec.expiresAtMs - Date.now()),
      );
      const active: ActiveFault = { spec, lease, shared };
      faults.set(spec.id, active);
      for (const [pipe, connection] of pipes) applyTo(pipe, connection, active, false);
    },
    clearFault,
    measureFault: (id) => ({
      on: faults.has(id),
      measured: faults.has(id) ? (faults.get(id)?.shared?.measured?.() ?? {}) : (over.get(id) ?? null),
    }),
    close() {
      for (const { lease } of faults.values()) clearTimeout(lease);
      faults.clear();
    },
  };
}
