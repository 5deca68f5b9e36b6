import type { z } from 'zod';
import type { Item, LinkFault } from '../stage.ts';
import type { latencyDefinition } from './definition.ts';

export type LatencyParameters = z.output<(typeof latencyDefinition)['parameters']>;

/** Items due within this time go out together: less than a timer can tell apart. */
const SAME_TIME_MS = 0.02;

/** Holds each item until its own arrival plus the delay, never before the one in front of it. */
export const latencyLinkFault: LinkFault<LatencyParameters> = {
  directions: ({ direction }) => [direction],

  createStage({ parameters, emit, now, schedule, random }) {
    let { latencyMs, jitterMs } = parameters;
    let held: { item: Item; dueMs: number }[] = [];
    let head = 0;
    let bytes = 0;
    let lastDueMs = 0;
    let cancel: (() => void) | null = null;

    const dueOf = (item: Item): number => {
      const delayMs = Math.max(0, latencyMs + jitterMs * (2 * random() - 1));
      lastDueMs = Math.max(lastDueMs, item.atMs + delayMs);
      return lastDueMs;
    };

    const arm = (): void => {
      const next = held[head];
      cancel = next ? schedule(next.dueMs, () => release(next.dueMs)) : null;
    };

    const takeOut = (): { item: Item; dueMs: number } => {
      const taken = held[head] as { item: Item; dueMs: number };
      head += 1;
      if (head === held.length || head === 1024) {
        held = held.slice(head);
        head = 0;
      }
      if (taken.item.type === 'bytes') bytes -= taken.item.bytes.length;
      return taken;
    };

    const release = (alarmMs: number): void => {
      // The alarm may ring a little early; what it was set for is due.
      const untilMs = Math.max(now(), alarmMs) + SAME_TIME_MS;
      while (head < held.length && (held[head]?.dueMs as number) <= untilMs) {
        const { item, dueMs } = takeOut();
        // The due time, not the clock: the next stage must not add what this timer was off by.
        emit({ ...item, atMs: dueMs });
      }
      arm();
    };

    return {
      push(item) {
        held.push({ item, dueMs: dueOf(item) });
        if (item.type === 'bytes') bytes += item.bytes.length;
        if (!cancel) arm();
      },
      update(next) {
        ({ latencyMs, jitterMs } = next);
        cancel?.();
        lastDueMs = 0;
        for (const waiting of held.slice(head)) waiting.dueMs = dueOf(waiting.item);
        arm();
      },
      flush() {
        cancel?.();
        cancel = null;
        while (head < held.length) emit({ ...takeOut().item, atMs: now() });
      },
      drop() {
        cancel?.();
        cancel = null;
        held = [];
        head = 0;
        bytes = 0;
      },
      heldBytes: () => bytes,
    };
  },
};
