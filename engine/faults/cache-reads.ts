import { probeCache } from './cache-probe.ts';
import type { CacheReader } from './cache-reader.ts';
import type { Measurement, ProcessTarget } from './inject.ts';

const LOOK_MS = 2000;
const LOOK_EVERY_MS = 50;
/** So many answers show that the client is at work. */
const ANSWERS = 20;
const CLOSED_WITHIN_MS = 2000;

/** Whether the client's reads were answered, all of them in the way that the fault wants. */
export async function proveReads(reader: CacheReader, wanted: 'hits' | 'misses'): Promise<Measurement> {
  const other = wanted === 'hits' ? 'misses' : 'hits';
  const { seen } = reader;
  const deadlineMs = performance.now() + LOOK_MS;
  while (seen[wanted] < ANSWERS && performance.now() < deadlineMs)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  const connected = await reader.isConnected();
  return {
    holds: connected && seen[wanted] >= ANSWERS && seen[other] === 0,
    evidence: `the server ${connected ? 'knows' : 'does not know'} the client; of its reads ${seen.hits} found their key and ${seen.misses} did not, ${seen.errors} had no answer; the slowest answer came in ${seen.slowestMs.toFixed(1)} ms`,
  };
}

/** Whether the client has left the server, which works. */
export async function proveReadsOver(target: ProcessTarget, reader: CacheReader): Promise<Measurement> {
  const deadlineMs = performance.now() + CLOSED_WITHIN_MS;
  let connected = await reader.isConnected();
  while (connected && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    connected = await reader.isConnected();
  }
  const { hits, misses } = reader.seen;
  const probe = await probeCache(target);
  return {
    holds: probe.holds && !connected,
    evidence: `the client is ${connected ? 'still connected' : 'gone from the server'}, after ${hits + misses} reads; ${probe.evidence}`,
  };
}
