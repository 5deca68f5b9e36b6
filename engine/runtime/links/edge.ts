import type { Admission, LinkFault } from '../../faults/stage.ts';
import { linkFaults } from '../../faults/stages.ts';
import { type ActiveFault, createActiveFault } from './active-fault.ts';
import { prepareTimer } from './due-jobs.ts';
import type { Connection } from './pipe.ts';
import type { LinkFaultSpec, LinkFaultState } from './protocol.ts';

/** Of faults that are over, so many are remembered with what they measured. */
const REMEMBERED = 32;

/** What the lanes of one edge share: its counters, its faults, and the connections that these act on. */
export interface Edge {
  counters: { connections: number; upstreamBytes: number; downstreamBytes: number };
  add(connection: Connection): void;
  remove(connection: Connection): void;
  /** No lane of the edge may listen. */
  isShut(): boolean;
  /** What comes in while the target is down is accepted and never answered. */
  isSilent(): boolean;
  /** What becomes of a connection that came in. */
  admit(): Admission;
  /** Hears when these answers may have changed, and does what follows from it. */
  onDoorChange(listener: () => Promise<void>): () => void;
  /** Puts a fault on, or changes the one with the same id. It comes off by itself at its lease's end. Resolves when it acts. */
  setFault(spec: LinkFaultSpec): Promise<void>;
  /** Resolves when nothing of it acts any more. */
  clearFault(id: string): Promise<void>;
  /** Whether a fault is on, and what it measured: while it is on, and for a while after. */
  measureFault(id: string): LinkFaultState;
  close(): void;
}

export function createEdge(options: { onLeaseEnd(faultId: string): void }): Edge {
  const faults = new Map<string, ActiveFault>();
  const over = new Map<string, Record<string, number>>();
  /** With their numbers, from which each draws. */
  const connections = new Map<Connection, number>();
  const doorListeners = new Set<() => Promise<void>>();
  let connectionNumber = 0;
  let doors = 0;

  const doorChanged = async (): Promise<void> => {
    await Promise.all([...doorListeners].map((listener) => listener()));
  };
  const tellOfDoor = (): void => void doorChanged().catch((error) => console.error(error));

  const clearFault = async (id: string): Promise<void> => {
    const active = faults.get(id);
    if (!active) return;
    faults.delete(id);
    active.end();
    for (const connection of connections.keys()) for (const pipe of connection.pipes) pipe.remove(id);
    over.set(id, active.measured());
    if (over.size > REMEMBERED) over.delete(over.keys().next().value as string);
    if (!active.door) return;
    doors -= 1;
    await doorChanged();
  };

  const begin = (spec: LinkFaultSpec, linkFault: LinkFault<never>): ActiveFault =>
    createActiveFault(spec, linkFault, {
      openConnections: () => connections.size,
      onDoorChange: tellOfDoor,
      onLeaseEnd() {
        clearFault(spec.id).catch((error) => console.error(error));
        options.onLeaseEnd(spec.id);
      },
    });

  const edge: Edge = {
    counters: { connections: 0, upstreamBytes: 0, downstreamBytes: 0 },
    add(connection) {
      connectionNumber += 1;
      connections.set(connection, connectionNumber);
      for (const fault of faults.values()) fault.applyTo(connection, connectionNumber, true);
      if (doors > 0) tellOfDoor();
    },
    remove(connection) {
      connections.delete(connection);
      for (const fault of faults.values()) fault.forget(connection);
      if (doors > 0) tellOfDoor();
    },
    isShut() {
      if (doors > 0) for (const { door } of faults.values()) if (door?.isShut()) return true;
      return false;
    },
    isSilent() {
      if (doors > 0) for (const { door } of faults.values()) if (door?.isSilent?.()) return true;
      return false;
    },
    admit() {
      if (doors > 0)
        for (const { door } of faults.values()) {
          const admission = door?.admit() ?? 'serve';
          if (admission !== 'serve') return admission;
        }
      return 'serve';
    },
    onDoorChange(listener) {
      doorListeners.add(listener);
      return () => void doorListeners.delete(listener);
    },
    async setFault(spec) {
      const linkFault = linkFaults[spec.fault];
      if (!linkFault) throw new Error(`no fault "${spec.fault}" can act on a link`);
      prepareTimer();
      let active = faults.get(spec.id);
      if (active && !active.change(spec)) return;
      if (!active) {
        active = begin(spec, linkFault);
        faults.set(spec.id, active);
        if (active.door) doors += 1;
      }
      for (const [connection, number] of [...connections]) active.applyTo(connection, number, false);
      if (active.door) await doorChanged();
    },
    clearFault,
    measureFault: (id) => ({ on: faults.has(id), measured: faults.get(id)?.measured() ?? over.get(id) ?? null }),
    close() {
      for (const fault of faults.values()) fault.end();
      faults.clear();
      doors = 0;
    },
  };
  return edge;
}
