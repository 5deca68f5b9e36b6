import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { CallFailure, failureResponse } from '../../process-kit/call-failure.ts';
import { faultHooks } from '../../process-kit/fault-hooks.ts';
import type { HookedInvocation } from '../../process-kit/function-hooks.ts';
import { createHttpProgram } from '../../process-kit/http-program.ts';
import type { Measured, Program } from '../../process-kit/run-process.ts';
import { tracer } from '../../process-kit/tracing.ts';
import type { Span } from '../../process-kit/tracing-span.ts';
import type { Environment } from './environment.ts';
import { isDying } from './is-dying.ts';
import type { Counter, Meter } from './meter.ts';
import { type Passed, pass } from './pass.ts';
import type { Pool } from './pool.ts';

/** How a request failed on the platform's side. */
export type Failed =
  /** The code threw, or answered with what is no answer. */
  | 'exception'
  /** It used more CPU time than it may. */
  | 'limit'
  /** It took longer than it may. */
  | 'timeout'
  /** Its environment was gone, or did not start. */
  | 'crash'
  | 'throttled';

export interface Page {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface WebPlatformOptions {
  nodeId: string;
  meter: Meter;
  /** Whose request it is; null: of none. */
  poolOf(incoming: IncomingMessage): Pool | null;
  /** All that there are, those of before included. */
  pools(): readonly Pool[];
  /** What callers see, as the platform words it. `none`: there is no such function. */
  page(failed: Failed | 'none', requestId: string): Page;
  /** From the hand-over to an environment on; without it, as long as it takes. */
  timeoutMs?(): number;
  /** Answers that tell of an exception. */
  tellsException(status: number, headers: IncomingMessage['headers']): boolean;
}

export type WebPlatform = Pick<Program, 'listen' | 'calls'> & {
  measure(): Measured;
  /** Ends when all requests are answered and no environment is left. */
  drain(): Promise<void>;
};

/** Frames tell of so many environments one by one. */
const MOST_TOLD = 60;

const reasonOf = {
  exception: 'handler-error',
  limit: 'timeout',
  timeout: 'timeout',
  crash: 'crash',
  throttled: 'throttled',
} as const;
const counterOf: Record<Failed, Counter> = {
  ...{ exception: 'functionErrors', limit: 'limitExceeded', timeout: 'timeouts' },
  ...{ crash: 'crashes', throttled: 'throttles' },
};

/** The platform of functions whose environments take many requests at once: finds one for each, and counts what became of it. */
export function createWebPlatform(options: WebPlatformOptions): WebPlatform {
  const { nodeId, meter } = options;
  let inHand = 0;
  let waiting = 0;
  let requests = 0;

  const answer = (response: ServerResponse, page: Page, headers: Record<string, string> = {}): void => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const length = { 'content-length': String(Buffer.byteLength(page.body)) };
    response.writeHead(page.status, { ...page.headers, ...length, ...headers });
    response.end(response.req.method === 'HEAD' ? undefined : page.body);
  };

  const fail = (response: ServerResponse, span: Span | undefined, failed: Failed, requestId: string): void => {
    const page = options.page(failed, requestId);
    const failure = new CallFailure(reasonOf[failed], nodeId, failed, { status: page.status });
    span?.fail(failure.reason, nodeId);
    answer(response, page, failureResponse(failure).headers);
  };

  const grant = (pool: Pool): Environment | null => {
    const wanted = [...faultHooks.functions.grant].map((hook) => hook());
    return wanted.includes('throttled') ? null : pool.grant({ fresh: wanted.includes('cold') });
  };

  /** What became of a request in its environment. */
  const judge = (passed: Passed, { endedBy, state }: Environment): Failed | 'answered' | 'cancelled' => {
    switch (passed.type) {
      case 'answered':
        return 'answered';
      case 'cancelled':
        return 'cancelled';
      case 'withheld':
        return 'exception';
      case 'broken':
        if (endedBy === 'cpu') return 'limit';
        // One that is still there has broken off its answer by itself.
        return state === 'gone' || endedBy ? 'crash' : 'exception';
    }
  };

  const invoke = async (
    pool: Pool,
    environment: Environment,
    incoming: IncomingMessage,
    response: ServerResponse,
    span: Span | undefined,
  ): Promise<Failed | 'answered' | 'cancelled'> => {
    const wanted: HookedInvocation = {};
    for (const hook of faultHooks.functions.invocation) Object.assign(wanted, hook());
    const { killAfterMs } = wanted;
    const killing =
      killAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            environment.endedBy = 'fault';
            environment.host.kill();
          }, killAfterMs);
    let isLate = false;
    const late = new AbortController();
    const timer = options.timeoutMs
      ? setTimeout(() => {
          isLate = true;
          late.abort();
        }, options.timeoutMs())
      : undefined;
    const passed = await pass(incoming, response, {
      signal: late.signal,
      port: environment.host.port,
      headers: span ? (span.inject({ ...incoming.headers }) as IncomingMessage['headers']) : incoming.headers,
      withholds: options.tellsException,
      onProgress: () => environment.progress(),
    });
    clearTimeout(killing);
    clearTimeout(timer);
    if (isLate) {
      // It may spin, or hold what it never gives back: no new request meets it.
      pool.retire(environment);
      return 'timeout';
    }
    if (passed.type === 'withheld') console.log(passed.body);
    // The next request must not meet what is about to be gone.
    if (passed.type === 'broken' && (await isDying(environment.host.port))) await environment.host.gone;
    return judge(passed, environment);
  };

  const handle = async (
    pool: Pool,
    incoming: IncomingMessage,
    response: ServerResponse,
    span: Span | undefined,
  ): Promise<void> => {
    const arrivedMs = performance.now();
    requests += 1;
    const requestId = `${nodeId}-${requests}`;
    const environment = grant(pool);
    if (environment === null) {
      meter.count('throttles');
      incoming.resume();
      fail(response, span, 'throttled', requestId);
      return;
    }
    meter.count('invocations');
    inHand += 1;
    const flight = environment.begin();
    const isCold = environment.state === 'starting';
    if (span) span.coldStart = isCold ? 1 : 0;
    let ended: Failed | 'answered' | 'cancelled' | undefined;
    if (isCold) {
      meter.count('coldStarts');
      waiting += 1;
      const init = tracer.part(span, 'init');
      const failure = await environment.ready;
      waiting -= 1;
      if (failure !== null) init?.fail('crash');
      tracer.end(init);
      if (failure !== null) ended = 'crash';
    }
    if (ended === undefined) {
      const part = tracer.part(span, 'invoke');
      ended = await invoke(pool, environment, incoming, response, part);
      if (ended !== 'answered' && ended !== 'cancelled') part?.fail(reasonOf[ended]);
      tracer.end(part);
    } else incoming.resume();
    const busyMs = environment.end(flight);
    inHand -= 1;
    meter.count(ended === 'answered' ? 'succeeded' : ended === 'cancelled' ? 'cancelled' : counterOf[ended]);
    meter.time('cpu', flight.cpuMs);
    pool.released(environment, busyMs);
    if (ended === 'answered') meter.time(isCold ? 'cold' : 'warm', performance.now() - arrivedMs);
    else if (ended !== 'cancelled') {
      if (ended === 'timeout') console.log(`a request was given up: it took longer than ${options.timeoutMs?.()} ms`);
      if (ended === 'limit') console.log(`a request was ended: it had used ${flight.cpuMs.toFixed(0)} ms of CPU time`);
      fail(response, span, ended, requestId);
    }
  };

  const http = createHttpProgram((incoming, response, span) => {
    response.on('error', () => {});
    const pool = options.poolOf(incoming);
    if (pool === null) {
      incoming.resume();
      span?.fail('no-route', nodeId);
      answer(response, options.page('none', nodeId), failureResponse(new CallFailure('no-route', nodeId, '')).headers);
    } else void handle(pool, incoming, response, span);
  });

  const renew = (): void => {
    for (const pool of options.pools()) pool.renew();
  };
  faultHooks.functions.renew = renew;

  return {
    listen: http.listen,
    calls: { 'function-counters': meter.counters },
    measure() {
      const pools = options.pools();
      const statuses = pools.flatMap((pool) => pool.statuses());
      const inState = (state: string): number => statuses.filter((each) => each.state === state).length;
      const children = { cpuUs: 0, rssBytes: 0 };
      for (const pool of pools) {
        const { cpuUs, rssBytes } = pool.usage();
        children.cpuUs += cpuUs;
        children.rssBytes += rssBytes;
      }
      return {
        ...http.measure(),
        ...meter.measure(),
        gauges: {
          ...{ environments: statuses.length, starting: inState('starting'), idle: inState('idle') },
          ...{ busy: inState('busy'), concurrency: inHand, waiting, inHand },
        },
        environments: statuses.slice(0, MOST_TOLD),
        children,
      };
    },
    async drain() {
      await http.drain();
      await Promise.all(options.pools().map((pool) => pool.stop()));
    },
  };
}
