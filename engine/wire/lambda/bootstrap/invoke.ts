import type { Invocation } from '../protocol.ts';
import type { RuntimeClient } from './client.ts';
import { writeFor, writeLine } from './console.ts';
import { describeError, RuntimeError } from './errors.ts';
import type { LambdaHandler } from './load-handler.ts';

/** Sets what the process does once nothing is left to do in it, in the middle of an invocation. */
export type WhenEmpty = (act: (() => void) | null) => void;

export function watchEmptyLoop(): WhenEmpty {
  let current: (() => void) | null = null;
  process.on('beforeExit', () => {
    const act = current;
    current = null;
    act?.();
  });
  return (act) => {
    current = act;
  };
}

const isAsync = (handler: LambdaHandler): boolean => handler.constructor.name === 'AsyncFunction';

/**
 * Runs the handler for one invocation, and resolves when its outcome was told. Handlers answer with a promise, by the callback or by
 * `context.succeed`, `fail` and `done`; only the first of them counts.
 */
export function invoke(
  handler: LambdaHandler,
  invocation: Invocation,
  client: RuntimeClient,
  whenEmpty: WhenEmpty,
): Promise<void> {
  const { requestId, deadlineMs, functionArn, traceId } = invocation;
  writeFor(requestId);
  if (traceId) process.env._X_AMZN_TRACE_ID = traceId;
  else delete process.env._X_AMZN_TRACE_ID;

  return new Promise((resolve) => {
    let isOver = false;

    const succeed = (result: unknown): void => {
      if (isOver) return;
      let body: string;
      try {
        body = JSON.stringify(result === undefined ? null : result) ?? 'null';
      } catch (error) {
        fail(new RuntimeError('Runtime.MarshalError', `Unable to stringify response body: ${String(error)}`));
        return;
      }
      isOver = true;
      whenEmpty(null);
      client.respond(requestId, body);
      resolve();
    };
    const fail = (thrown: unknown): void => {
      if (isOver) return;
      isOver = true;
      whenEmpty(null);
      const error = describeError(thrown ?? 'handled');
      writeLine('ERROR', 'Invoke Error', JSON.stringify(error));
      void client.fail(requestId, error.errorType, JSON.stringify(error));
      resolve();
    };
    const done = (error: unknown, result: unknown): void =>
      error === undefined || error === null ? succeed(result) : fail(error);

    let isAnswered = false;
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      invokedFunctionArn: functionArn,
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
      succeed,
      fail,
      done,
    };
    const callback = (error: unknown, result: unknown): void => {
      if (isAnswered) return;
      isAnswered = true;
      if (error !== undefined && error !== null) fail(error);
      else if (context.callbackWaitsForEmptyEventLoop) whenEmpty(() => setImmediate(succeed, result));
      else succeed(result);
    };

    // Nothing is left to do, and nobody has answered. Without this the process would end.
    whenEmpty(() => {
      if (isAsync(handler))
        fail(
          new RuntimeError(
            'Runtime.NodeJsExit',
            'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.',
          ),
        );
      else succeed(null);
    });

    try {
      const result = handler(JSON.parse(invocation.event.toString('utf8')), context, callback);
      if (result && typeof (result as PromiseLike<unknown>).then === 'function')
        (result as PromiseLike<unknown>).then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
}
