import { createHistogram, mergeSparse, toSparse } from '../../metrics/histogram.ts';
import type { Measured } from '../run-process.ts';
import type { Consumers } from './consumers.ts';

/** Requests and messages are both work. */
export function withMessages(requests: Measured, messages: ReturnType<Consumers['measure']>): Measured {
  if (messages.requests + messages.inFlight === 0) return requests;
  const latency = createHistogram();
  mergeSparse(latency, requests.latency);
  mergeSparse(latency, messages.latency);
  return {
    ...requests,
    requests: requests.requests + messages.requests,
    errors: requests.errors + messages.errors,
    inFlight: requests.inFlight + messages.inFlight,
    handlingMs: (requests.handlingMs ?? 0) + messages.handlingMs,
    latency: toSparse(latency),
  };
}
