import type { EventSource } from '../../model/event-source.ts';

/** The config of a function as its process gets it. It loads no schema library. */
export interface LambdaConfig {
  source: string;
  file: string;
  handler: string;
  memoryMb: number;
  timeoutMs: number;
  reservedConcurrency: number;
  provisionedConcurrency: number;
  burstLimit: number;
  idleTimeoutMs: number;
  invocation: 'request-response' | 'event';
  asynchronous: {
    retries: number;
    retryDelayMs: number;
    maxEventAgeMs: number;
    deadLetterEdge: string | null;
  };
  environment: Record<string, string>;
  eventSources: readonly EventSource[];
}

/** Memory of one whole virtual CPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_PER_CPU = 1769;

/** Share of a CPU that goes with a memory size; a handler of one thread has no use for more than 1. */
export const cpuShareOf = (memoryMb: number): number => Math.min(1, memoryMb / MB_PER_CPU);

/** What an environment may take for its INIT. */
export const INIT_TIMEOUT_MS = 10_000;
