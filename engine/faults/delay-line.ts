import type { Item, Stage, StageContext } from './stage.ts';

/** Items due within this time go out together: less than a timer can tell apart. */
const SAME_TIME_MS = 0.02;

/** Holds items until each is due, in order. Most faults on links are a rule for when that is. */
export interface DelayLine {
  /** `dueMs` is raised to that of the item in front. */
  push(item: Item, dueMs: number): void;
  /** Gives each held item another time, the first one first. */
  reschedule(dueOf: (item: Item) => number): void;
  /** When the last item that was pushed is due, or was. */
  lastDueMs(): number;
  flush(): void;
  drop(): void;
  heldBytes(): number;
}

export function createDelayLine({
  emit,
  now,
  schedule,
}: Pick<StageContext<never>, 'emit' | 'now' | 'schedule'>): DelayLine {
  let held: { item: Item; dueMs: number }[] = [];
  let head = 0;
  let bytes = 0;
  let lastDueMs = 0;
  let cancel: (() => void) | null = null;

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

  const disarm = (): void => {
    cancel?.();
    cancel = null;
  };

  return {
    push(item, dueMs) {
      lastDueMs = Math.max(lastDueMs, dueMs);
      held.push({ item, dueMs: lastDueMs });
      if (item.type === 'bytes') bytes += item.bytes.length;
      if (!cancel) arm();
    },
    reschedule(dueOf) {
      disarm();
      lastDueMs = 0;
      for (const waiting of held.slice(head)) {
        lastDueMs = Math.max(lastDueMs, dueOf(waiting.item));
        waiting.dueMs = lastDueMs;
      }
      arm();
    },
    lastDueMs: () => lastDueMs,
    flush() {
      disarm();
      while (head < held.length) emit({ ...takeOut().item, atMs: now() });
    },
    drop() {
      disarm();
      held = [];
      head = 0;
      bytes = 0;
    },
    heldBytes: () => bytes,
  };
}

/** The stage of a fault that is nothing but a rule for when each item is due. */
export function createDelayStage<Parameters>(
  context: StageContext<Parameters>,
  dueOf: (item: Item, parameters: Parameters) => number,
): Stage<Parameters> {
  let { parameters } = context;
  const { flush, drop, heldBytes, push, reschedule } = createDelayLine(context);
  return {
    push: (item) => push(item, dueOf(item, parameters)),
    update(changed) {
      parameters = changed;
      reschedule((item) => dueOf(item, parameters));
    },
    flush,
    drop,
    heldBytes,
  };
}
