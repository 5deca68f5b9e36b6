import type { Socket } from 'node:net';
import type { Direction, Item, Stage } from '../../faults/stage.ts';

/** More than this held back by faults stops the reading, as a full TCP window would. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;

/** One direction of a connection. */
export interface Pipe {
  direction: Direction;
  has(faultId: string): boolean;
  /** From now on everything that arrives goes through this stage, last in the row unless it says otherwise. */
  add(faultId: string, create: (emit: (item: Item) => void) => Stage<unknown>, place?: 'first' | 'last'): void;
  update(faultId: string, parameters: unknown): void;
  /** What the stage still holds goes on at once, in order; one that must finish what it has begun first does so. */
  remove(faultId: string): void;
}

/** A connection that is served: both its directions, and how to end it. */
export interface Connection {
  pipes: readonly Pipe[];
  reset(): void;
}

/**
 * Passes everything on from `source` to `sink`: bytes, the end, a reset, and the other way round the sink's back-pressure.
 * Without a stage a chunk is written in the same turn in which it was read; nothing is copied.
 */
export function createPipe(direction: Direction, source: Socket, sink: Socket, count: (bytes: number) => void): Pipe {
  /** Without a fault: a stage that finishes what it has begun. */
  let row: { faultId: string | null; stage: Stage<unknown> }[] = [];

  const held = (): number => row.reduce((bytes, { stage }) => bytes + stage.heldBytes(), 0);
  const isFull = (): boolean => row.some(({ stage }) => stage.isFull?.());

  const resume = (): void => {
    if (source.isPaused() && !sink.writableNeedDrain && held() <= MAX_HELD_BYTES / 2 && !isFull()) source.resume();
  };

  const deliver = (item: Item): void => {
    if (sink.destroyed) return;
    if (item.type === 'bytes') {
      if (!sink.write(item.bytes)) source.pause();
      else resume();
    } else if (item.type === 'end') sink.end();
    else sink.resetAndDestroy();
  };

  const accept = (item: Item): void => {
    const first = row[0];
    if (first) first.stage.push(item);
    else deliver(item);
    if (held() > MAX_HELD_BYTES || isFull()) source.pause();
  };

  const after = (entry: (typeof row)[number]): ((item: Item) => void) => {
    return (item) => {
      const next = row[row.indexOf(entry) + 1];
      if (next) next.stage.push(item);
      else deliver(item);
    };
  };

  source.on('data', (bytes: Buffer) => {
    count(bytes.length);
    if (row.length > 0) accept({ type: 'bytes', bytes, atMs: performance.now() });
    else if (!sink.destroyed && !sink.write(bytes)) source.pause();
  });
  source.on('end', () => accept({ type: 'end', atMs: performance.now() }));
  // Whatever ends a connection other than its own end is a reset to the other side.
  source.on('error', () => accept({ type: 'reset', atMs: performance.now() }));
  sink.on('drain', resume);
  sink.on('close', () => {
    for (const { stage } of row) stage.drop();
    row = [];
    // Nobody will read the rest; a source that waits for room must still learn that its peer is gone.
    source.resume();
  });

  return {
    direction,
    has: (faultId) => row.some((entry) => entry.faultId === faultId),
    add(faultId, create, place = 'last') {
      const entry = { faultId } as (typeof row)[number];
      const emit = after(entry);
      entry.stage = create(emit);
      row = place === 'last' ? [...row, entry] : [entry, ...row];
    },
    update(faultId, parameters) {
      row.find((entry) => entry.faultId === faultId)?.stage.update(parameters);
    },
    remove(faultId) {
      const entry = row.find((candidate) => candidate.faultId === faultId);
      if (!entry) return;
      entry.faultId = null;
      const go = (): void => {
        entry.stage.flush();
        row = row.filter((candidate) => candidate !== entry);
        resume();
      };
      if (entry.stage.leave) entry.stage.leave(go);
      else go();
    },
  };
}
