import type { Step } from '../../model/handler.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import { CallFailure } from '../call-failure.ts';
import { fillTemplate } from '../request-context.ts';
import { cachedValue, isStale, lifeOf } from './cache-value.ts';
import type { StepContext, StepRunner } from './step.ts';

type CacheStep = Extract<Step, { do: 'cache' }>;

/** Takes a value from a cache, or from behind it. A cache that fails slows a request down, but does not fail it unless the step says so. */
export const runCache: StepRunner<'cache'> = (step, context) =>
  step.pattern === 'read-through' ? readThrough(step, context) : cacheAside(step, context);

const keyOf = (step: CacheStep, { request }: StepContext): string =>
  Buffer.from(fillTemplate(step.key, request)).toString('latin1');

/** One command, counted on the edge. */
function ask(
  step: CacheStep,
  { callers, calls, request }: StepContext,
  key: string,
  command: string[],
): Promise<Reply> {
  const { caller } = callers.get('redis', step.edge);
  return calls.count(step.edge, () => caller.call(key, command, request));
}

/** The service reads; on a miss it loads by the step's own steps, and writes. */
async function cacheAside(step: CacheStep, context: StepContext): Promise<void> {
  const { caller } = context.callers.get('redis', step.edge);
  const key = keyOf(step, context);
  const found = await ask(step, context, key, ['GET', key]).catch((failure: CallFailure) => {
    if (step.onCacheFailure === 'fail') throw failure;
    caller.counters.cacheBypassed += 1;
    return undefined;
  });
  if (typeof found !== 'string') {
    if (found === null) caller.counters.cacheMisses += 1;
    // A cache that has just failed is not written to.
    return load(step, context, key, found === null);
  }
  caller.counters.cacheHits += 1;
  if (step.staleWhileRevalidateMs === 0 || !isStale(found, Date.now())) return;
  caller.counters.cacheStale += 1;
  // Nobody waits for it, and the next request that finds the value stale tries again.
  const { request } = context;
  const background = { ...context, request: { ...request, deadlineMs: Number.POSITIVE_INFINITY, span: undefined } };
  load(step, background, key, true).catch(() => {});
}

function load(step: CacheStep, context: StepContext, key: string, write: boolean): Promise<void> {
  const { caller } = context.callers.get('redis', step.edge);
  const work = async (): Promise<void> => {
    caller.counters.cacheLoads += 1;
    await context.run(step.steps, context.request);
    if (write) await store(step, context, key);
  };
  if (!step.singleFlight) return work();
  const { joined, done } = caller.flights.run(key, work);
  if (joined) caller.counters.cacheCoalesced += 1;
  return done;
}

async function store(step: CacheStep, context: StepContext, key: string): Promise<void> {
  const life = lifeOf(step, context.random);
  const expiry = life ? ['PX', String(life.keptMs)] : [];
  const value = cachedValue(step.valueBytes, life && Date.now() + life.freshMs);
  await ask(step, context, key, ['SET', key, value, ...expiry]).catch((failure: CallFailure) => {
    if (step.onCacheFailure === 'fail') throw failure;
  });
}

/** The service only reads; the cache itself loads what it does not hold. */
async function readThrough(step: CacheStep, context: StepContext): Promise<void> {
  const { edge, caller } = context.callers.get('redis', step.edge);
  const key = keyOf(step, context);
  let reply: Reply;
  try {
    reply = await ask(step, context, key, ['GET', key]);
  } catch (failure) {
    // What is behind the cache failed, not the cache: there is no way round that.
    const isCache = failure instanceof CallFailure && (failure.hop === edge.id || failure.hop === edge.targetId);
    if (step.onCacheFailure === 'fail' || step.steps.length === 0 || !isCache) throw failure;
    caller.counters.cacheBypassed += 1;
    return load(step, context, key, false);
  }
  if (reply === null)
    throw new CallFailure(
      'handler-error',
      edge.targetId,
      `"${edge.targetId}" does not hold "${key}", and no rule of its read-through matches it`,
    );
}
