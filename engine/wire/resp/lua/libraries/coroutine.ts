import { LuaError, raise } from '../errors.ts';
import { type LuaFunction, type LuaValue, Userdata } from '../table.ts';
import { functionOf, typeName } from '../values.ts';
import { caughtValue } from './base.ts';

interface Resumable {
  next(value?: unknown): { done?: boolean; value: unknown };
}

/** A thread of Lua: a generator of JavaScript, once it has begun. */
class Thread extends Userdata {
  readonly body: LuaFunction;
  running: Resumable | null = null;
  status: 'suspended' | 'running' | 'normal' | 'dead' = 'suspended';
  constructor(body: LuaFunction) {
    super();
    this.body = body;
  }
}

/** What `yield` gives to the generator around it. */
class Yield {
  readonly values: LuaValue[];
  constructor(values: LuaValue[]) {
    this.values = values;
  }
  *[Symbol.iterator](): Generator<LuaValue[], LuaValue[], LuaValue[]> {
    return yield this.values;
  }
  next(): never {
    return raise('attempt to yield across metamethod/C-call boundary');
  }
}

/** Waits for the result of a call in code that may yield. */
export function* wait(result: unknown): Generator<unknown, unknown, unknown> {
  if (typeof result !== 'object' || result === null || !(Symbol.iterator in result) || Array.isArray(result))
    return result;
  return yield* result as Generator<unknown, unknown, unknown>;
}

let current: Thread | null = null;

function resume(thread: Thread, args: LuaValue[]): LuaValue[] {
  if (thread.status !== 'suspended')
    return raise(`cannot resume ${thread.status === 'dead' ? 'dead' : 'non-suspended'} coroutine`);
  const before = current;
  if (before) before.status = 'normal';
  current = thread;
  thread.status = 'running';
  try {
    let result: { done?: boolean; value: unknown };
    if (thread.running) result = thread.running.next(args);
    else {
      const started: unknown = thread.body(...args);
      const isGenerator =
        typeof started === 'object' && started !== null && Symbol.iterator in started && !Array.isArray(started);
      if (isGenerator) thread.running = wait(started) as Resumable;
      result = thread.running ? thread.running.next() : { done: true, value: started };
    }
    thread.status = result.done ? 'dead' : 'suspended';
    const { value } = result;
    return Array.isArray(value) ? value : [value as LuaValue];
  } catch (error) {
    thread.status = 'dead';
    throw error;
  } finally {
    current = before;
    if (before) before.status = 'running';
  }
}

const threadOf = (value: LuaValue): Thread =>
  value instanceof Thread ? value : raise(`bad argument #1 (coroutine expected, got ${typeName(value)})`);

export const coroutine: Record<string, LuaFunction> = {
  create: (body) => new Thread(functionOf(body, '')),
  resume: (thread, ...args) => {
    const of = threadOf(thread);
    try {
      return [true, ...resume(of, args)];
    } catch (error) {
      return [false, withoutPlace(caughtValue(error))];
    }
  },
  running: () => current ?? undefined,
  status: (thread) => threadOf(thread).status,
  wrap: (body) => {
    const thread = new Thread(functionOf(body, ''));
    return (...args) => resume(thread, args);
  },
  yield: (...args) => {
    if (!current) throw new LuaError('attempt to yield across metamethod/C-call boundary');
    return new Yield(args) as never;
  },
};

/** Resuming a dead one is told without a place. */
const withoutPlace = (value: LuaValue): LuaValue =>
  typeof value === 'string' ? value.replace(/^user_\w+:\d+: (cannot resume )/, '$1') : value;
