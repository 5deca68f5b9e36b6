import type { Database } from './database.ts';
import { RespError } from './errors.ts';
import { NULL_ARRAY, type Reply } from './reply.ts';
import type { Session } from './session.ts';

/** Who waits, and where. */
interface WaitingContext {
  readonly session: Session;
  readonly database: Database;
  readonly mayWait: boolean;
}

/** Looks whether there is something by now; `undefined`: not yet. */
type Attempt<Context> = (context: Context) => Reply | undefined;

interface Waiter<Context> {
  context: Context;
  keys: readonly string[];
  attempt: Attempt<Context>;
  resolve(reply: Reply): void;
}

/** Longer times are no timers of Node; they are as good as endless. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Clients that wait for keys. Who waits longer comes first. */
export class Blocking<Context extends WaitingContext> {
  readonly #waiters: Map<Database, Map<string, Set<Waiter<Context>>>> = new Map();
  readonly #timers = new Set<NodeJS.Timeout>();
  #ready: [Database, string][] = [];
  #count = 0;

  /** Clients that wait. */
  get count(): number {
    return this.#count;
  }

  /** Whether a key became another for which somebody waits. */
  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Answers from the attempt, now or when one of the keys becomes another; after the time with null. 0: waits for ever. */
  wait(
    context: Context,
    options: { keys: readonly string[]; timeoutMs: number; attempt: Attempt<Context>; otherwise?: Reply },
  ): Reply | Promise<Reply> {
    const { keys, timeoutMs, attempt, otherwise = NULL_ARRAY } = options;
    const reply = attempt(context);
    if (reply !== undefined) return reply;
    if (!context.mayWait) return otherwise;
    const { session, database } = context;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const waiter: Waiter<Context> = {
        context,
        keys,
        attempt,
        resolve: (result) => {
          this.#remove(database, waiter);
          if (timer) {
            clearTimeout(timer);
            this.#timers.delete(timer);
          }
          session.unblock = null;
          resolve(result);
        },
      };
      if (timeoutMs > 0) {
        timer = setTimeout(() => waiter.resolve(otherwise), Math.min(timeoutMs, MAX_TIMER_MS));
        this.#timers.add(timer);
      }
      session.unblock = (result) => waiter.resolve(result === undefined ? otherwise : result);
      this.#add(database, waiter);
    });
  }

  modified(database: Database, key: string): void {
    if (this.#count > 0 && this.#waiters.get(database)?.has(key)) this.#ready.push([database, key]);
  }

  /** Serves those who waited for keys that became ready, in the order in which they came. */
  serve(run: (context: Context, attempt: Attempt<Context>) => Reply | undefined): void {
    while (this.#ready.length > 0) {
      const ready = this.#ready;
      this.#ready = [];
      for (const [database, key] of ready)
        for (const waiter of [...(this.#waiters.get(database)?.get(key) ?? [])]) {
          if (!database.peek(key) && waiter.keys.length === 1) break;
          let reply: Reply | undefined;
          try {
            reply = run(waiter.context, waiter.attempt);
          } catch (error) {
            reply = error instanceof RespError ? error : new RespError(`ERR internal error: ${String(error)}`);
          }
          if (reply !== undefined) waiter.resolve(reply);
        }
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #add(database: Database, waiter: Waiter<Context>): void {
    this.#count += 1;
    let ofDatabase = this.#waiters.get(database);
    if (!ofDatabase) {
      ofDatabase = new Map();
      this.#waiters.set(database, ofDatabase);
    }
    for (const key of waiter.keys) {
      const ofKey = ofDatabase.get(key);
      if (ofKey) ofKey.add(waiter);
      else ofDatabase.set(key, new Set([waiter]));
    }
  }

  #remove(database: Database, waiter: Waiter<Context>): void {
    this.#count -= 1;
    const ofDatabase = this.#waiters.get(database);
    for (const key of waiter.keys) {
      const ofKey = ofDatabase?.get(key);
      ofKey?.delete(waiter);
      if (ofKey?.size === 0) ofDatabase?.delete(key);
    }
  }
}

/** Seconds, with a fraction, as milliseconds. What 64 bits do not hold wraps round in Redis, and is negative. */
export function parseTimeout(text: string): number {
  const decimal = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)$/i.test(text);
  if (!decimal) throw new RespError('ERR timeout is not a float or out of range');
  const ms = /inf/i.test(text) ? Number.POSITIVE_INFINITY : Math.ceil(Number(text) * 1000);
  if (ms < 0 || ms >= 2 ** 63) throw new RespError('ERR timeout is negative');
  return ms;
}
