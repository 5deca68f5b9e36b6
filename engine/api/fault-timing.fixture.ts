import { Agent, get } from 'node:http';
import type { FaultTarget } from '../model/fault.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { FaultStatus } from './types.ts';

/*
 * When a fault is on and off, as its victim sees it: a request every few milliseconds, from before the fault to after it,
 * to whoever suffers. Requests of their own, so that the clock of the measurement is not that of the engine's bookkeeping.
 */

const sql = (text: string) => ({ do: 'query', edge: 'shop-database', sql: text });
const quick = { timeoutMs: 300, maxConnections: 1000 };

export const timingDocument = documentOf({
  groups: [
    {
      ...{ id: 'north', kind: 'zone', name: 'north', parent: null },
      ...{ position: { x: 0, y: 0 }, size: { width: 400, height: 300 } },
    },
  ],
  nodes: [
    node('gateway', 'gateway', { rules: [{ pathPrefix: '/', edge: 'gateway-shop' }] }),
    node('shop', 'service', {
      routes: [
        route('/own'),
        route('/call', { do: 'call', edge: 'shop-depot', path: '/' }),
        route('/read', sql('select count(*) from items')),
        route('/write', sql('insert into items values (1)')),
        route('/cached', { do: 'cache', edge: 'shop-cache', key: 'item', steps: [waitStep(150)] }),
      ],
    }),
    { ...node('depot', 'service', { routes: [route('/')] }), group: 'north' },
    node('database', 'database', { schema: 'create table items (id int); insert into items values (1)' }),
    node('cache', 'cache'),
  ],
  edges: [
    edge('gateway', 'shop', quick),
    edge('shop', 'depot', quick),
    edge('shop', 'database', { timeoutMs: 300 }),
    edge('shop', 'cache', { timeoutMs: 300 }),
  ],
});

export interface TimedFault {
  fault: string;
  mechanism: string;
  target: FaultTarget;
  parameters?: Record<string, unknown>;
  /** Who is asked, and for what. */
  victim: { node: string; path: string };
  /** It acts in a moment and leaves nothing to take off. */
  momentary?: boolean;
  /** What comes after its end, and takes its own time. */
  afterwards?: string;
}

const callEdge: FaultTarget = { edge: 'shop-depot' };
const depot: FaultTarget = { node: 'depot', replica: 0 };
const database: FaultTarget = { node: 'database', replica: 0 };
const calls = { node: 'shop', path: '/call' };

/** Every fault that one request can tell from its absence. */
export const timedFaults: readonly TimedFault[] = [
  { fault: 'latency', mechanism: 'link', target: callEdge, parameters: { latencyMs: 150 }, victim: calls },
  { fault: 'bandwidth', mechanism: 'link', target: callEdge, parameters: { rateKBps: 0.1 }, victim: calls },
  { fault: 'reset', mechanism: 'link', target: callEdge, victim: calls },
  { fault: 'black-hole', mechanism: 'link', target: callEdge, victim: calls },
  { fault: 'refuse', mechanism: 'link', target: callEdge, parameters: { resetOpen: true }, victim: calls },
  { fault: 'partition', mechanism: 'link', target: callEdge, victim: calls },
  { fault: 'http-error', mechanism: 'HTTP-aware link', target: callEdge, victim: calls },
  { fault: 'http-delay', mechanism: 'HTTP-aware link', target: callEdge, parameters: { delayMs: 150 }, victim: calls },
  { fault: 'http-body', mechanism: 'HTTP-aware link', target: callEdge, victim: calls },
  { fault: 'pause', mechanism: 'signal', target: depot, victim: { node: 'depot', path: '/' } },
  {
    ...{ fault: 'kill', mechanism: 'signal', target: depot, victim: { node: 'depot', path: '/' } },
    afterwards: 'a process starts in its place',
  },
  { fault: 'handler-error', mechanism: 'process kit', target: depot, victim: { node: 'depot', path: '/' } },
  { fault: 'discovery-error', mechanism: 'process kit', target: { node: 'shop', replica: 0 }, victim: calls },
  {
    ...{ fault: 'event-loop-block', mechanism: 'process kit', target: depot, victim: { node: 'depot', path: '/' } },
    parameters: { blockMs: 180, everyMs: 200 },
  },
  {
    ...{ fault: 'quota-429', mechanism: 'gateway', target: { node: 'gateway', replica: 0 } },
    ...{ parameters: { ratePerSec: 0.01 }, victim: { node: 'gateway', path: '/own' } },
  },
  { fault: 'lock', mechanism: 'database', target: database, victim: { node: 'shop', path: '/read' } },
  { fault: 'read-only', mechanism: 'database', target: database, victim: { node: 'shop', path: '/write' } },
  { fault: 'slow-query', mechanism: 'database', target: database, victim: { node: 'shop', path: '/read' } },
  {
    ...{ fault: 'cache-flush', mechanism: 'cache', target: { node: 'cache', replica: 0 } },
    ...{ victim: { node: 'shop', path: '/cached' }, momentary: true },
  },
  {
    ...{ fault: 'zone-latency', mechanism: 'group', target: { group: 'north' } },
    ...{ parameters: { latencyMs: 150 }, victim: calls },
  },
  {
    ...{ fault: 'zone-down', mechanism: 'group', target: { group: 'north' }, victim: calls },
    afterwards: 'the processes start again',
  },
];

/** How the fault's time and end are given: by whoever puts it on and takes it off, or by its schedule and lease. */
export type Timing = 'by hand' | 'by plan';

export interface Timed {
  /** From its time to the first request that met it. */
  onMs: number;
  /** From its end to the first request of those that met it no more; null where there is no end to see. */
  offMs: number | null;
}

const EVERY_MS = 5;
/** Without a fault an answer takes a few milliseconds. */
const SLOW_MS = 80;
const PATIENCE_MS = 5000;
const CALM_MS = 250;
const ON_MS = 400;
const AHEAD_MS = 300;
const LOOK_MS = 2;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const now = (): number => performance.timeOrigin + performance.now();

interface Asked {
  atMs: number;
  /** Null while it is not answered. */
  met: boolean | null;
}

/** Asks over and over, without waiting for answers. */
function askOverAndOver(url: () => string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  const asked: Asked[] = [];
  const ask = (): void => {
    const one: Asked = { atMs: now(), met: null };
    asked.push(one);
    const end = (met: boolean): void => {
      one.met ??= met || now() - one.atMs > SLOW_MS;
    };
    const request = get(url(), { agent, timeout: PATIENCE_MS }, (response) => {
      response.on('error', () => end(true));
      response.resume().on('end', () => end((response.statusCode ?? 0) >= 400));
    });
    request.on('error', () => end(true));
    request.on('timeout', () => request.destroy());
    // One that takes so long has met it, however it ends.
    setTimeout(() => end(true), SLOW_MS).unref();
  };
  const timer = setInterval(ask, EVERY_MS);
  return {
    asked,
    stop() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

async function until<Value>(look: () => Value | undefined | null | false, what: string): Promise<Value> {
  for (const deadlineMs = now() + PATIENCE_MS; now() < deadlineMs; ) {
    const found = look();
    if (found) return found;
    await pause(LOOK_MS);
  }
  throw new Error(`${what} was not seen within ${PATIENCE_MS} ms`);
}

/** Puts the fault on and takes it off again, and says how long its victim took to notice either. */
export async function timeFault(engine: Engine, timed: TimedFault, timing: Timing): Promise<Timed> {
  const { fault, target, parameters = {}, victim, momentary = false } = timed;
  const port = (): number => engine.frame().nodes[victim.node]?.replicas[0]?.port ?? 1;
  // It comes back at another port.
  const { asked, stop } = askOverAndOver(() => `http://127.0.0.1:${port()}${victim.path}`);
  const isCalmSince = (fromMs: number): boolean => {
    const since = asked.filter(({ atMs }) => atMs >= fromMs && atMs < now() - SLOW_MS);
    return now() > fromMs + CALM_MS && since.length > 0 && since.every(({ met }) => met === false);
  };
  /** When the first of the requests was made from which on none met it. */
  const wellAgainFrom = (endMs: number): number | null => {
    const since = asked.filter(({ atMs }) => atMs >= endMs);
    const last = since.findLastIndex(({ met }) => met !== false);
    // The newest have had no time to be slow.
    const well = since.slice(last + 1);
    const first = well[0]?.atMs;
    return first !== undefined && now() - first > CALM_MS ? first : null;
  };

  try {
    let calmFromMs = now();
    await until(() => {
      if (asked.some(({ atMs, met }) => atMs > calmFromMs && met === true)) calmFromMs = now();
      return isCalmSince(calmFromMs);
    }, `calm before "${fault}"`);

    const planned = timing === 'by plan';
    const askedMs = now();
    const { id } = await engine.injectFault({
      ...{ fault, target, parameters, leaseMs: planned ? AHEAD_MS + ON_MS : 60_000 },
      ...(planned && { schedule: { type: 'at', afterMs: AHEAD_MS } as const }),
    });
    const status = (): FaultStatus | undefined => engine.frame().faults.find((found) => found.id === id);
    const dueMs = planned ? (status()?.nextAtMs ?? 0) : askedMs;
    const firstMs = await until(
      () => asked.find(({ atMs, met }) => atMs >= dueMs && met === true)?.atMs,
      `the effect of "${fault}"`,
    );
    if (momentary) {
      await engine.clearFault({ id });
      return { onMs: firstMs - dueMs, offMs: null };
    }
    if (!planned) await pause(ON_MS);
    const endMs = planned ? (status()?.expiresAtMs ?? 0) : now();
    const ended = planned ? pause(Math.max(0, endMs - now())) : engine.clearFault({ id });
    const wellMs = await until(() => now() > endMs && wellAgainFrom(endMs), `the end of "${fault}"`);
    await ended;
    // Its removal is measured by now, and disturbs no later fault.
    await until(() => status()?.state === 'off', `the removal of "${fault}"`);
    return { onMs: firstMs - dueMs, offMs: wellMs - endMs };
  } finally {
    stop();
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
