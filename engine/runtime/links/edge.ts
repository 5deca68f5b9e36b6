import { seededRandom } from '../../faults/random.ts';
import { linkFaults } from '../../faults/stages.ts';
import { prepareTimer, schedule } from './due-jobs.ts';
import type { Pipe } from './pipe.ts';
import type { LinkFaultSpec } from './protocol.ts';

interface ActiveFault {
  spec: LinkFaultSpec;
  lease: NodeJS.Timeout;
}

/** What the lanes of one edge share: its counters, its faults, and the pipes that these act on. */
export interface Edge {
  counters: { connections: number; upstreamBytes: number; downstreamBytes: number };
  addPipes(pipes: readonly Pipe[]): void;
  removePipes(pipes: readonly Pipe[]): void;
  /** Puts a fault on, or changes the one with the same id. It comes off by itself at its lease's end. */
  setFault(spec: LinkFaultSpec): void;
  clearFault(id: string): void;
  close(): void;
}

export function createEdge(options: { onLeaseEnd(faultId: string): void }): Edge {
  const faults = new Map<string, ActiveFault>();
  /** With the number of the connection that each is a direction of. */
  const pipes = new Map<Pipe, number>();
  let connectionNumber = 0;
  /** Numbers the pipes, so that each draws its own random numbers and all replay from the fault's seed. */
  let pipeNumber = 0;

  /** Drawn from the fault's seed for the connection as a whole, so that both directions agree, and a renewal changes nothing. */
  const isSpared = (connection: number, { seed, probability = 1 }: LinkFaultSpec): boolean =>
    probability < 1 && seededRandom(seed ^ Math.imul(connection, 0x85ebca6b))() >= probability;

  const applyTo = (pipe: Pipe, connection: number, spec: LinkFaultSpec): void => {
    const { id, fault, parameters, seed } = spec;
    const linkFault = linkFaults[fault];
    if (!linkFault) throw new Error(`no fault "${fault}" can act on a link`);
    const wanted = linkFault.directions(parameters as never).includes(pipe.direction) && !isSpared(connection, spec);
    if (!wanted) pipe.remove(id);
    else if (pipe.has(id)) pipe.update(id, parameters);
    else {
      pipeNumber += 1;
      const random = seededRandom(seed + Math.imul(pipeNumber, 0x9e3779b9));
      pipe.add(id, (emit) =>
        linkFault.createStage({
          parameters: parameters as never,
          emit,
          now: () => performance.now(),
          schedule,
          random,
        }),
      );
    }
  };

  const clearFault = (id: string): void => {
    const active = faults.get(id);
    if (!active) return;
    clearTimeout(active.lease);
    faults.delete(id);
    for (const pipe of pipes.keys()) pipe.remove(id);
  };

  return {
    counters: { connections: 0, upstreamBytes: 0, downstreamBytes: 0 },
    addPipes(added) {
      connectionNumber += 1;
      for (const pipe of added) {
        pipes.set(pipe, connectionNumber);
        for (const { spec } of faults.values()) applyTo(pipe, connectionNumber, spec);
      }
    },
    removePipes(removed) {
      for (const pipe of removed) pipes.delete(pipe);
    },
    setFault(spec) {
      if (!linkFaults[spec.fault]) throw new Error(`no fault "${spec.fault}" can act on a link`);
      prepareTimer();
      clearTimeout(faults.get(spec.id)?.lease);
      const lease = setTimeout(
        () => {
          clearFault(spec.id);
          options.onLeaseEnd(spec.id);
        },
        Math.max(0, spec.expiresAtMs - Date.now()),
      );
      faults.set(spec.id, { spec, lease });
      for (const [pipe, connection] of pipes) applyTo(pipe, connection, spec);
    },
    clearFault,
    close() {
      for (const { lease } of faults.values()) clearTimeout(lease);
      faults.clear();
    },
  };
}
