import type { z } from 'zod';
import { directionsOf } from '../directions.ts';
import type { Direction, Item, LinkFault, Shared } from '../stage.ts';
import type { bandwidthDefinition } from './definition.ts';

export type BandwidthParameters = z.output<(typeof bandwidthDefinition)['parameters']>;

/** A chunk goes out in slices of this time, so that connections take turns and bytes trickle. */
const SLICE_MS = 5;
/** A queue of this time, or of this size, is long enough; then the sender must wait. */
const QUEUE_MS = 100;
const QUEUE_BYTES = 16_384;
/** Less than a timer can tell apart. */
const SAME_TIME_MS = 0.02;

/** A token bucket, kept as the time at which it would be empty of debt. One for each direction. */
type Buckets = Record<Direction, { freeAtMs: number }>;

const fresh = (): Buckets => ({
  upstream: { freeAtMs: Number.NEGATIVE_INFINITY },
  downstream: { freeAtMs: Number.NEGATIVE_INFINITY },
});

export const bandwidthLinkFault: LinkFault<BandwidthParameters, Shared & Buckets> = {
  directions: directionsOf,
  share: fresh,

  createStage({ parameters: first, direction, shared, ofConnection, emit, now, schedule, count }) {
    let parameters = first;
    let waiting: Item[] = [];
    let bytes = 0;
    let lastDueMs = Number.NEGATIVE_INFINITY;
    let cancel: (() => void) | null = null;

    /** A kilobyte per second is a byte per millisecond. */
    const reserve = (size: number, readyMs: number): number => {
      const bucket = (parameters.perConnection ? ofConnection(fresh) : shared)[direction];
      const burstMs = (parameters.burstKB * 1000) / parameters.rateKBps;
      bucket.freeAtMs = Math.max(bucket.freeAtMs, readyMs - burstMs) + size / parameters.rateKBps;
      return Math.max(readyMs, bucket.freeAtMs);
    };

    const takeOut = (size: number, atMs: number): void => {
      const [item] = waiting as [Item];
      if (item.type !== 'bytes' || item.bytes.length === size) waiting.shift();
      else waiting[0] = { ...item, bytes: item.bytes.subarray(size) };
      bytes -= size;
      emit(item.type === 'bytes' ? { ...item, bytes: item.bytes.subarray(0, size), atMs } : { ...item, atMs });
    };

    const send = ({ size, dueMs }: { size: number; dueMs: number }): void => {
      lastDueMs = dueMs;
      takeOut(size, dueMs);
    };

    const work = (): void => {
      for (let item = waiting[0]; item; item = waiting[0]) {
        // Counted from when the slice in front was due, so that a late alarm costs no bandwidth.
        const readyMs = Math.max(item.atMs, lastDueMs);
        const slice = Math.max(1, Math.floor(parameters.rateKBps * SLICE_MS));
        const size = item.type === 'bytes' ? Math.min(item.bytes.length, slice) : 0;
        const next = { size, dueMs: item.type === 'bytes' ? reserve(size, readyMs) : readyMs };
        if (next.dueMs > now() + SAME_TIME_MS) {
          count('waited');
          cancel = schedule(next.dueMs, () => {
            cancel = null;
            send(next);
            work();
          });
          return;
        }
        send(next);
      }
    };

    const stop = (): void => {
      cancel?.();
      cancel = null;
    };

    return {
      push(item) {
        waiting.push(item);
        if (item.type === 'bytes') {
          bytes += item.bytes.length;
          count('bytes', item.bytes.length);
        }
        if (!cancel) work();
      },
      // The slice that is on its way keeps its time; it is a small one.
      update(changed) {
        parameters = changed;
      },
      flush() {
        stop();
        for (const item of waiting) emit({ ...item, atMs: now() });
        waiting = [];
        bytes = 0;
      },
      drop() {
        stop();
        waiting = [];
        bytes = 0;
      },
      heldBytes: () => bytes,
      isFull: () => bytes > Math.max(QUEUE_BYTES, parameters.rateKBps * QUEUE_MS),
    };
  },
};
