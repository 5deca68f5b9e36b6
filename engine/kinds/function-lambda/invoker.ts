import { performance } from 'node:perf_hooks';
import { faultHooks } from '../../process-kit/fault-hooks.ts';
import type { HookedInvocation } from '../../process-kit/function-hooks.ts';
import { tracer } from '../../process-kit/tracing.ts';
import { SAMPLED, spanIdOf, traceIdOf } from '../../process-kit/tracing-context.ts';
import type { Span } from '../../process-kit/tracing-span.ts';
import { trueNowMs } from '../../process-kit/true-clock.ts';
import type { FunctionError } from '../../wire/lambda/protocol.ts';
import { cpuShareOf, type LambdaConfig } from './config.ts';
import type { Environment, Outcome } from './environment.ts';
import type { Fleet, Member } from './fleet.ts';
import type { Meter } from './meter.ts';
import { createRequestId } from './request-id.ts';

/** An event for the handler. */
export interface Asked {
  /** JSON; the id of the request is known only now. `span` is that of the invocation, where it is traced. */
  event(requestId: string, span: Span | undefined): Buffer;
  functionArn: string;
  /** Of the request that it is for. */
  span?: Span | undefined;
  /** Whether an answer of the handler is one that can be used. Default: any is. */
  accepts?(body: Buffer): boolean;
}

/** What may be in the way of an invocation. Of an account only a fault knows. */
export type Limit = 'reserved-concurrency' | 'burst-limit' | 'account';

export type InvocationResult = { requestId: string } & (
  | { type: 'response'; body: Buffer; isCold: boolean }
  | { type: 'throttled'; limit: Limit }
  | { type: 'failed'; failure: 'function-error' | 'crash' | 'timeout'; error: FunctionError; isCold: boolean }
);

export interface Invoker {
  invoke(asked: Asked): Promise<InvocationResult>;
  configure(config: LambdaConfig): void;
  /** Invocations that are not over. */
  readonly inHand: number;
  /** Ends environments that use more memory than they may. */
  checkMemory(): void;
}

const MB = 1024 * 1024;

/**
 * How much longer an invocation takes with a share of a CPU: its CPU time takes that time over the share, and the time
 * that it waited stays as it is. What ran on several threads at once used more CPU time than the time that it took.
 */
const heldBackFor = (cpuMs: number, tookMs: number, share: number): number =>
  share < 1 ? cpuMs / share - Math.min(cpuMs, tookMs) : 0;

/** Resolves when `durationMs` have passed and never before, which a timer of Node alone, in whole milliseconds, does. */
const wait = async (durationMs: number): Promise<void> => {
  const endMs = performance.now() + durationMs;
  for (let leftMs = durationMs; leftMs > 0; leftMs = endMs - performance.now())
    await new Promise<void>((resolve) => setTimeout(resolve, Math.ceil(leftMs)));
};

/** What faults want to become of an invocation, all together. */
function hookedInvocation(): HookedInvocation {
  const wanted: HookedInvocation = {};
  for (const hook of faultHooks.functions.invocation) Object.assign(wanted, hook());
  return wanted;
}

function endAfter(environment: Environment, afterMs: number): NodeJS.Timeout | undefined {
  if (afterMs > 0) return setTimeout(() => environment.kill(), afterMs);
  environment.kill();
  return undefined;
}

const reasonOf = { error: 'handler-error', exit: 'crash', timeout: 'timeout' } as const;

const MALFORMED = 'Runtime.MalformedResponse';

const unusable = (body: Buffer): Outcome => {
  const errorMessage = `the handler answered with what is no HTTP response: ${body.toString('utf8', 0, 200)}`;
  return { type: 'error', error: { errorType: MALFORMED, errorMessage } };
};

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function xRayOf(span: Span): string {
  const traceId = traceIdOf(span);
  return `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanIdOf(span.span0, span.span1)};Sampled=${span.flags & SAMPLED}`;
}

/** Takes one event through an environment, from the grant of it to what is billed. */
export function createInvoker(initial: LambdaConfig, fleet: Fleet, meter: Meter): Invoker {
  let config = initial;
  let inHand = 0;
  const outOfMemory = new WeakSet<Member>();

  const hasTooMuch = ({ environment }: Member): boolean => environment.usage.residentBytes > config.memoryMb * MB;

  const bill = ({ initialization }: Member, durationMs: number, memoryMb: number): number => {
    const billedMs = Math.ceil(durationMs);
    meter.count('billedMs', billedMs);
    meter.count(initialization === 'on-demand' ? 'onDemandMbMs' : 'provisionedMbMs', billedMs * memoryMb);
    return billedMs;
  };

  /** Runs it within its timeout, and for as long as the CPU share of its memory size makes it last. */
  const run = async (
    member: Member,
    { event, functionArn, accepts }: Asked,
    { requestId, span }: { requestId: string; span: Span | undefined },
    { timeoutMs, memoryMb }: LambdaConfig,
  ): Promise<{ outcome: Outcome | { type: 'timeout' }; durationMs: number }> => {
    const { environment } = member;
    const startedMs = performance.now();
    let isLate = false;
    let onLate: () => void = () => {};
    const timer = setTimeout(() => {
      isLate = true;
      environment.kill();
      onLate();
    }, timeoutMs);
    const { hangs, killAfterMs } = hookedInvocation();
    const deadlineMs = Math.round(trueNowMs() + timeoutMs);
    const traceId = span ? xRayOf(span) : '';
    const saying = environment.invoke({
      ...{ requestId, deadlineMs, functionArn, traceId },
      event: event(requestId, span),
    });
    const killing = killAfterMs === undefined ? undefined : endAfter(environment, killAfterMs);
    const said = await saying;
    clearTimeout(killing);
    if (hangs && said.type !== 'exit')
      await new Promise<void>((resolve) => {
        onLate = resolve;
      });
    const outcome = said.type === 'response' && accepts?.(said.body) === false ? unusable(said.body) : said;
    clearTimeout(timer);
    const tookMs = performance.now() - startedMs;
    if (isLate) return { outcome: { type: 'timeout' }, durationMs: timeoutMs };
    const heldBackMs = heldBackFor(environment.invocationCpuUs / 1000, tookMs, cpuShareOf(memoryMb));
    if (heldBackMs <= 0 || outcome.type === 'exit') return { outcome, durationMs: tookMs };
    const restMs = Math.min(heldBackMs, timeoutMs - tookMs);
    meter.count('heldBackMs', restMs);
    await wait(restMs);
    if (restMs < heldBackMs) {
      environment.kill();
      return { outcome: { type: 'timeout' }, durationMs: timeoutMs };
    }
    return { outcome, durationMs: tookMs + heldBackMs };
  };

  const failureOf = (member: Member, requestId: string, outcome: Outcome | { type: 'timeout' }) => {
    switch (outcome.type) {
      case 'response':
        meter.count('succeeded');
        return null;
      case 'error':
        meter.count('functionErrors');
        return { failure: 'function-error' as const, error: outcome.error };
      case 'timeout': {
        meter.count('timeouts');
        const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${(config.timeoutMs / 1000).toFixed(2)} seconds`;
        return { failure: 'timeout' as const, error: { errorType: 'Sandbox.Timedout', errorMessage } };
      }
      case 'exit': {
        meter.count('crashes');
        const errorType = outOfMemory.has(member) ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
        return {
          failure: 'crash' as const,
          error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${outcome.how}` },
        };
      }
    }
  };

  const grant = (): ReturnType<Fleet['grant']> | 'account' => {
    const wanted = [...faultHooks.functions.grant].map((hook) => hook());
    if (wanted.includes('throttled')) return 'account';
    return fleet.grant({ cold: wanted.includes('cold') });
  };

  const kill = (member: Member): void => {
    outOfMemory.add(member);
    member.environment.kill();
  };

  return {
    configure(changed) {
      config = changed;
    },
    get inHand() {
      return inHand;
    },
    checkMemory() {
      for (const member of fleet.members()) {
        if (member.environment.state !== 'busy') continue;
        member.environment.look();
        if (hasTooMuch(member)) kill(member);
      }
    },
    async invoke(asked) {
      const requestId = createRequestId();
      const granted = grant();
      if (typeof granted === 'string') {
        meter.count('throttles');
        return { requestId, type: 'throttled', limit: granted };
      }
      const { member, isCold } = granted;
      const settings = config;
      meter.count('invocations');
      inHand += 1;
      if (isCold) meter.count('coldStarts');
      let initMs = 0;
      if (asked.span) asked.span.coldStart = isCold ? 1 : 0;
      if (isCold) {
        const init = tracer.part(asked.span, 'init');
        const failed = await member.ready;
        if (failed) init?.fail('crash');
        tracer.end(init);
        initMs = failed ? failed.initMs : member.environment.initMs;
        if (failed) {
          fleet.release(member, false);
          inHand -= 1;
          meter.count('crashes');
          bill(member, initMs, settings.memoryMb);
          return { requestId, type: 'failed', failure: 'crash', error: failed.error, isCold };
        }
      }
      const span = tracer.part(asked.span, 'invoke');
      if (span) span.target = requestId;
      const { outcome, durationMs } = await run(member, asked, { requestId, span }, settings);
      inHand -= 1;
      if (outcome.type !== 'response') span?.fail(reasonOf[outcome.type]);
      tracer.end(span);
      const billedMs = bill(member, durationMs + initMs, settings.memoryMb);
      const failed = failureOf(member, requestId, outcome);
      const isWell = outcome.type === 'response' || outcome.type === 'error';
      const isUsable = isWell && !hasTooMuch(member);
      if (isWell && !isUsable) kill(member);
      void member.environment.free().then((isFree) => fleet.release(member, isUsable && isFree));
      // What the handler threw it has told itself.
      if (failed && (outcome.type !== 'error' || outcome.error.errorType === MALFORMED))
        console.log(`${failed.error.errorType}: ${failed.error.errorMessage}`);
      if (isCold || failed) {
        const used = Math.ceil(member.environment.usage.residentBytes / MB);
        const init = isCold ? `\tInit Duration: ${initMs.toFixed(2)} ms` : '';
        console.log(
          `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billedMs} ms\tMemory Size: ${settings.memoryMb} MB\tMax Memory Used: ${used} MB${init}`,
        );
      }
      if (failed) return { requestId, type: 'failed', isCold, ...failed };
      return { requestId, type: 'response', body: (outcome as { body: Buffer }).body, isCold };
    },
  };
}
