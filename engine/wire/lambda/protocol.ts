/*
 * The Runtime API of AWS Lambda, as both of its sides know it:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */

export const RUNTIME_PATH = '/2018-06-01/runtime';

/** What a response may hold, and an event: 6 MB. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export const header = {
  requestId: 'lambda-runtime-aws-request-id',
  deadlineMs: 'lambda-runtime-deadline-ms',
  functionArn: 'lambda-runtime-invoked-function-arn',
  traceId: 'lambda-runtime-trace-id',
  errorType: 'lambda-runtime-function-error-type',
  /** Not part of the Runtime API: CPU time of the environment so far, and its resident memory. A foreign runtime leaves them out. */
  cpuUs: 'environment-cpu-us',
  residentBytes: 'environment-resident-bytes',
} as const;

/** Variables by which our bootstrap is told to be slow to start, in milliseconds, and to end in its INIT. It takes them away before the handler can see them. */
export const INIT_DELAY = 'ENVIRONMENT_INIT_DELAY_MS';
export const INIT_CRASH = 'ENVIRONMENT_INIT_CRASH';

/** Names the descriptor of a connection to the Runtime API with which an environment is born; without it, there is only the port. Taken away likewise. */
export const CONNECTION_FD = 'ENVIRONMENT_CONNECTION_FD';

/** An error as a runtime reports it, and as the caller of a function sees it. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

/** One invocation on its way to an environment. */
export interface Invocation {
  requestId: string;
  /** Epoch milliseconds. */
  deadlineMs: number;
  functionArn: string;
  /** As AWS X-Ray writes it; empty where nothing is traced. */
  traceId: string;
  /** JSON. */
  event: Buffer;
}
