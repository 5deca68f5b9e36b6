import { performance } from 'node:perf_hooks';
import type { LambdaConfig } from './config.ts';
import type { Asked, InvocationResult } from './invoker.ts';
import type { Meter } from './meter.ts';

/** An event that was given up, as Lambda tells the destination of a failure. */
export interface GivenUp {
  condition: 'RetriesExhausted' | 'EventAgeExceeded';
  attempts: number;
  requestId: string;
  event: Buffer;
  /** The last one; null where it never came to any. */
  result: Extract<InvocationResult, { type: 'failed' }> | null;
}

/** Events of asynchronous invocations, from their acceptance until they are handled or given up. They live as long as this process. */
export interface EventQueue {
  accept(asked: Asked): void;
  configure(config: LambdaConfig): void;
  /** Events that wait: for their turn, or for a retry. */
  readonly queued: number;
  /** Events that are not over. */
  readonly open: number;
  /** Tries no more; what waits is dropped. Resolves when the attempts under way are over. */
  stop(): Promise<void>;
}

/** A throttled event is tried again after this time, then after twice as long, and so on to the longest. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 300_000;

export function createEventQueue(
  initial: LambdaConfig,
  options: {
    invoke(asked: Asked): Promise<InvocationResult>;
    /** Resolves with whether somebody took it. */
    giveUp(event: GivenUp): Promise<boolean>;
    meter: Meter;
  },
): EventQueue {
  const { meter } = options;
  let { asynchronous } = initial;
  let open = 0;
  let isStopped = false;
  /** What ends the wait of each event that waits. */
  const waits = new Set<() => void>();
  const working = new Set<Promise<void>>();

  const wait = (durationMs: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        waits.delete(end);
        resolve();
      };
      const timer = setTimeout(end, durationMs);
      waits.add(end);
    });

  const handle = async (asked: Asked): Promise<void> => {
    const acceptedMs = performance.now();
    let failures = 0;
    let throttled = 0;
    let last: GivenUp['result'] = null;
    let requestId = '';
    for (;;) {
      if (isStopped) return meter.count('eventsDropped');
      const isTooOld = performance.now() - acceptedMs > asynchronous.maxEventAgeMs;
      if (isTooOld || failures > asynchronous.retries) {
        const isTaken = await options.giveUp({
          condition: isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted',
          attempts: failures,
          requestId,
          event: asked.event(requestId, undefined),
          result: last,
        });
        return meter.count(isTaken ? 'eventsDeadLettered' : 'eventsDropped');
      }
      if (failures > 0 && throttled === 0) meter.count('eventRetries');
      const result = await options.invoke(asked);
      requestId = result.requestId;
      if (result.type === 'response') return meter.count('eventsSucceeded');
      if (result.type === 'throttled') {
        await wait(Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** throttled));
        throttled += 1;
        continue;
      }
      throttled = 0;
      failures += 1;
      last = result;
      if (failures <= asynchronous.retries) await wait(asynchronous.retryDelayMs * 2 ** (failures - 1));
    }
  };

  return {
    accept(asked) {
      meter.count('eventsAccepted');
      open += 1;
      const done = handle(asked).finally(() => {
        open -= 1;
        working.delete(done);
      });
      working.add(done);
    },
    configure(changed) {
      asynchronous = changed.asynchronous;
    },
    get queued() {
      return waits.size;
    },
    get open() {
      return open;
    },
    async stop() {
      isStopped = true;
      for (const end of [...waits]) end();
      await Promise.all(working);
    },
  };
}
