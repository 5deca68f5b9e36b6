import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FAILURE_HOP_HEADER, FAILURE_REASON_HEADER } from '../metrics/failure-reason.ts';
import { defaultEdgeConfig, type EdgeConfig } from '../model/edge.ts';
import { TIMEOUT_HEADER } from './deadline.ts';
import { createHttpCaller, type HttpCallerOptions } from './http-caller.ts';

type Answer = (response: ServerResponse, incoming: IncomingMessage) => void;

const ok: Answer = (response) => response.end('fine');
const hang: Answer = () => {};
const reset: Answer = (response) => response.destroy();
/** Says that it is its whole body, and breaks off. */
const halfway: Answer = (response) => {
  response.writeHead(200, { 'content-length': 100 });
  response.write('half', () => response.destroy());
};
const shed: Answer = (response) => {
  response.writeHead(503, { [FAILURE_REASON_HEADER]: 'shed', [FAILURE_HOP_HEADER]: 'auth' });
  response.end('too much');
};
const after =
  (ms: number, answer: Answer): Answer =>
  (response, incoming) =>
    void setTimeout(() => answer(response, incoming), ms);

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A caller with these policies, and a server that answers as told, request by request; then the last of it again. */
async function stage(config: Partial<EdgeConfig>, answers: Answer[], options: HttpCallerOptions = {}) {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer((incoming, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] as Answer;
    requests.push(incoming);
    incoming.resume();
    answer(response, incoming);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const edge = {
    id: 'shop-auth',
    targetId: 'auth',
    protocol: 'http' as const,
    config: { ...defaultEdgeConfig, ...config },
    ports: [port],
  };
  const caller = createHttpCaller(edge, options);
  ends.push(() => {
    caller.close();
    server.close();
    server.closeAllConnections();
  });
  const get = (more: object = {}) => caller.fetch({ method: 'GET', path: '/', ...more }, { keepBody: true });
  return { caller, edge, get, requests, connections: () => connections, counters: () => caller.measure().counters };
}

const retries: EdgeConfig['retries'] = {
  maxAttempts: 3,
  backoff: { type: 'fixed', delayMs: 5 },
  on: ['reset', 'timeout', 'shed'],
  idempotentOnly: true,
};

describe('an attempt', () => {
  it('fails with the reason that the answer tells, or that the connection shows', async () => {
    const { get } = await stage({ timeoutMs: 150 }, [shed, reset, halfway, hang, ok]);
    await expect(get()).rejects.toMatchObject({ reason: 'shed', hop: 'auth' });
    await expect(get()).rejects.toMatchObject({ reason: 'reset', hop: 'shop-auth' });
    await expect(get()).rejects.toMatchObject({ reason: 'reset', hop: 'shop-auth' });
    await expect(get()).rejects.toMatchObject({ reason: 'timeout', hop: 'shop-auth' });
    expect(await get()).toMatchObject({ status: 200, body: 'fine' });
  });

  it('times out in the middle of a body, too', async () => {
    const stuck: Answer = (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
    };
    const { get } = await stage({ timeoutMs: 100 }, [stuck]);
    await expect(get()).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('tells once how it ended at its replica', async () => {
    const outcomes: (string | null)[] = [];
    const onOutcome: HttpCallerOptions['onOutcome'] = (_, { failure }) => outcomes.push(failure?.reason ?? null);
    const { get } = await stage({ timeoutMs: 100 }, [ok, shed, hang], { onOutcome });
    await Promise.allSettled([await get(), await get().catch(() => {}), get()]);
    expect(outcomes).toEqual([null, 'shed', 'timeout']);
  });

  it('that is given up is broken off at once, and blames nobody', async () => {
    const outcomes: (string | null)[] = [];
    const onOutcome: HttpCallerOptions['onOutcome'] = (_, { failure }) => outcomes.push(failure?.reason ?? null);
    const { caller, requests } = await stage({}, [hang], { onOutcome });
    const wanted: Parameters<typeof caller.fetch>[0] = { method: 'GET', path: '/' };
    const outcome = caller.fetch(wanted);
    await vi.waitFor(() => expect(requests).toHaveLength(1), 15_000);
    wanted.giveUp?.();
    await expect(outcome).rejects.toMatchObject({ reason: 'cancelled' });
    expect(outcomes).toEqual(['cancelled']);
  });
});

describe('connections', () => {
  it('are kept, or opened anew for each call, as the edge says', async () => {
    const kept = await stage({}, [ok]);
    for (let i = 0; i < 5; i += 1) await kept.get();
    expect(kept.connections()).toBe(1);
    const anew = await stage({ keepAlive: false }, [ok]);
    for (let i = 0; i < 5; i += 1) await anew.get();
    expect(anew.connections()).toBe(5);
    expect(anew.requests[0]?.headers.connection).toBe('close');
  });

  it('are used again after an answer that was thrown away for a retry', async () => {
    const { get, connections } = await stage({ retries }, [shed, shed, ok]);
    expect(await get()).toMatchObject({ body: 'fine' });
    expect(connections()).toBe(1);
  });
});

describe('policies over sockets', () => {
  it('retry what broke off in its body, and count it', async () => {
    const { get, requests, counters } = await stage({ retries }, [halfway, reset, ok]);
    expect(await get()).toMatchObject({ status: 200, body: 'fine' });
    expect(requests).toHaveLength(3);
    expect(counters()).toMatchObject({ policedRequests: 1, attempts: 3, retries: 2 });
  });

  it('send a body that is known again, and one that streams only once', async () => {
    const echo: Answer = (response, incoming) => response.end(incoming.headers['content-length'] ?? '');
    const put = await stage({ retries }, [reset, echo]);
    const body = 'x'.repeat(20);
    expect(await put.caller.fetch({ method: 'PUT', path: '/', body }, { keepBody: true })).toMatchObject({
      body: '20',
    });
    const stream = await stage({ retries }, [reset, ok]);
    await expect(
      stream.caller.fetch({ method: 'PUT', path: '/', write: (outgoing) => outgoing.end('once') }),
    ).rejects.toMatchObject({ reason: 'reset' });
    expect(stream.requests).toHaveLength(1);
  });

  it('do not repeat a POST by themselves', async () => {
    const { caller, requests } = await stage({ retries }, [reset, ok]);
    await expect(caller.fetch({ method: 'POST', path: '/' })).rejects.toMatchObject({ reason: 'reset' });
    expect(requests).toHaveLength(1);
  });

  it('hedge a slow answer with a second request, and break the first off', async () => {
    let brokenOff = false;
    const slow: Answer = (response) => {
      response.on('close', () => {
        brokenOff = true;
      });
    };
    const { get, counters } = await stage({ hedging: { delayMs: 30, maxHedges: 1 } }, [slow, ok]);
    expect(await get()).toMatchObject({ body: 'fine' });
    await vi.waitFor(() => expect(brokenOff).toBe(true), 15_000);
    expect(counters()).toMatchObject({ attempts: 2, hedges: 1, hedgesWon: 1 });
  });

  it('stop asking a server that fails, and ask again when the breaker is half-open', async () => {
    const circuitBreaker = { trip: { type: 'consecutive' as const, failures: 2 }, openMs: 500, halfOpenProbes: 1 };
    const { get, requests, caller } = await stage({ circuitBreaker }, [shed, shed, ok]);
    for (let i = 0; i < 2; i += 1) await expect(get()).rejects.toMatchObject({ reason: 'shed' });
    await expect(get()).rejects.toMatchObject({ reason: 'breaker-open', hop: 'shop-auth' });
    expect(requests).toHaveLength(2);
    expect(caller.measure().gauges).toEqual({ breakerState: 2 });
    await vi.waitFor(async () => expect(await get()).toMatchObject({ body: 'fine' }), 15_000);
    expect(caller.measure().gauges).toEqual({ breakerState: 0 });
  });

  it('bound what is under way', async () => {
    let underWay = 0;
    let most = 0;
    const slow: Answer = (response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.end();
      }, 20);
    };
    const { get, counters } = await stage({ bulkhead: { maxConcurrent: 3, maxQueued: 5 } }, [slow]);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => get()));
    expect(most).toBe(3);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    expect(counters()).toMatchObject({ attempts: 8, bulkheadRejected: 12 });
  });

  it('answer with the fallback, whether the head or the whole answer is asked for', async () => {
    const { get, caller } = await stage({ fallback: { status: 203, body: 'guest' } }, [reset]);
    expect(await get()).toEqual({ status: 203, headers: {}, body: 'guest' });
    const response = await caller.send({ method: 'GET', path: '/' });
    expect(response.statusCode).toBe(203);
    expect(await text(response)).toBe('guest');
  });

  it('hand a failing answer through when nothing cures it', async () => {
    const { caller, requests } = await stage({ retries }, [shed]);
    const response = await caller.send({ method: 'GET', path: '/' });
    expect(response.statusCode).toBe(503);
    expect(await text(response)).toBe('too much');
    expect(requests).toHaveLength(3);
  });
});

describe('the deadline', () => {
  it('travels as the time that is left, or the timeout if that is less', async () => {
    const { get, requests } = await stage({ propagateDeadline: true, timeoutMs: 60_000 }, [ok]);
    await get();
    await get({ deadlineMs: performance.now() + 5000 });
    const told = requests.map(({ headers }) => Number(headers[TIMEOUT_HEADER]));
    expect(told[0]).toBe(60_000);
    expect(told[1]).toBeGreaterThan(1);
    expect(told[1]).toBeLessThanOrEqual(5000);
  });

  it('is not told where the edge does not say so', async () => {
    const { get, requests } = await stage({}, [ok]);
    await get({ deadlineMs: performance.now() + 1000 });
    expect(requests[0]?.headers).not.toHaveProperty(TIMEOUT_HEADER);
  });

  it('ends a call along an edge without policies, too', async () => {
    const { get } = await stage({ timeoutMs: 60_000 }, [hang]);
    await expect(get({ deadlineMs: performance.now() + 50 })).rejects.toMatchObject({
      reason: 'expired',
      hop: 'shop-auth',
    });
  });

  it('covers retries and the pauses between them', async () => {
    const slow = after(40, shed);
    const { get, requests } = await stage({ deadlineMs: 60, retries: { ...retries, maxAttempts: 20 } }, [slow]);
    await expect(get()).rejects.toMatchObject({ reason: 'expired' });
    expect(requests.length).toBeLessThanOrEqual(2);
  });
});
