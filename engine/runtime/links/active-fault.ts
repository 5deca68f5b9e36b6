import { seededRandom } from '../../faults/random.ts';
import type { Door, Item, LinkFault, Stage } from '../../faults/stage.ts';
import { schedule } from './due-jobs.ts';
import type { Connection, Pipe } from './pipe.ts';
import type { LinkFaultSpec } from './protocol.ts';

/** A fault that is on an edge: its lease, what it measured, its door, and its stages in the connections. */
export interface ActiveFault {
  door: Door<never> | null;
  measured(): Record<string, number>;
  /** A new lease, possibly new parameters: true when it acts otherwise now, which what is open learns by `applyTo`. */
  change(spec: LinkFaultSpec): boolean;
  applyTo(connection: Connection, connectionNumber: number, isNew: boolean): void;
  forget(connection: Connection): void;
  end(): void;
}

interface ActiveFaultOptions {
  openConnections(): number;
  onDoorChange(): void;
  onLeaseEnd(): void;
}

export function createActiveFault(
  first: LinkFaultSpec,
  linkFault: LinkFault<never>,
  options: ActiveFaultOptions,
): ActiveFault {
  let spec = first;
  let lease: NodeJS.Timeout;
  /** Numbers the pipes, so that each draws its own random numbers and all replay from the fault's seed. */
  let pipeNumber = 0;
  const figures: Record<string, number> = {};
  const common = new Map<Connection, unknown>();
  const parameters = (): never => spec.parameters as never;
  const now = (): number => performance.now();
  const count = (figure: string, by = 1): void => {
    figures[figure] = (figures[figure] ?? 0) + by;
  };

  const holdLease = (): void => {
    clearTimeout(lease);
    lease = setTimeout(options.onLeaseEnd, Math.max(0, spec.expiresAtMs - Date.now()));
  };

  const shared = linkFault.share?.({ parameters: parameters(), now, schedule, random: seededRandom(spec.seed) });
  const door =
    linkFault.createDoor?.({
      parameters: parameters(),
      shared: shared as never,
      probability: spec.probability ?? 1,
      openConnections: options.openConnections,
      changed: options.onDoorChange,
      count,
    }) ?? null;

  const addTo = (pipe: Pipe, connection: Connection, isNew: boolean): void => {
    pipeNumber += 1;
    const random = seededRandom(spec.seed + Math.imul(pipeNumber, 0x9e3779b9));
    const createStage = (emit: (item: Item) => void): Stage<never> =>
      linkFault.createStage({
        parameters: parameters(),
        direction: pipe.direction,
        emit,
        now,
        schedule,
        random,
        shared: shared as never,
        ofConnection<Value>(create: () => Value): Value {
          if (!common.has(connection)) common.set(connection, create());
          return common.get(connection) as Value;
        },
        isNew,
        reset: connection.reset,
        count,
      });
    pipe.add(spec.id, createStage, linkFault.nests && pipe.direction === 'downstream' ? 'first' : 'last');
  };

  holdLease();
  return {
    door,
    measured: () => ({ ...figures, ...shared?.measured?.() }),
    change(changed) {
      const before = acting(spec);
      spec = changed;
      holdLease();
      if (acting(spec) === before) return false;
      shared?.update?.(parameters());
      door?.update(parameters());
      return true;
    },
    applyTo(connection, connectionNumber, isNew) {
      const directions = isSpared(connectionNumber, spec) ? [] : linkFault.directions(parameters());
      for (const pipe of connection.pipes)
        if (!directions.includes(pipe.direction)) pipe.remove(spec.id);
        else if (pipe.has(spec.id)) pipe.update(spec.id, parameters());
        else addTo(pipe, connection, isNew);
    },
    forget: (connection) => void common.delete(connection),
    end() {
      clearTimeout(lease);
      door?.close();
    },
  };
}

const acting = ({ parameters, probability }: LinkFaultSpec): string => JSON.stringify([parameters, probability]);

/** Drawn from the fault's seed for the connection as a whole, so that both directions agree, and a renewal changes nothing. */
const isSpared = (connection: number, { seed, probability = 1 }: LinkFaultSpec): boolean =>
  probability < 1 && seededRandom(seed ^ Math.imul(connection, 0x85ebca6b))() >= probability;
