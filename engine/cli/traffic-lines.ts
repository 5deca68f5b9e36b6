import type { RunResult } from '../api/types.ts';
import { count, milliseconds, plural } from './figures.ts';

/** What the latencies would be without what requests waited for, how punctual the clients were, and what became of iterations. */
export function trafficLines({ latencyMs, generator, iterations, traffic }: RunResult): string[] {
  const { uncorrected } = latencyMs;
  const lines: string[] = [];
  if (uncorrected.p99 !== null)
    lines.push(
      `from the intended start p99 ${milliseconds(latencyMs.p99)}, p99.9 ${milliseconds(latencyMs.p999)}; uncorrected, from the actual one, p99 ${milliseconds(uncorrected.p99)}, p99.9 ${milliseconds(uncorrected.p999)}`,
    );
  const { p50, p99 } = generator.latenessMs;
  if (p99 !== null) lines.push(`requests began late by p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`);
  const unusual = iterations.interrupted > 0 || iterations.dropped > 0;
  // Where each request is an iteration of its own, these tell nothing new.
  if (unusual || iterations.started !== traffic.issued + traffic.dropped)
    lines.push(
      `${plural(iterations.started, 'iteration')}: ${count(iterations.completed)} completed, ${count(iterations.interrupted)} interrupted, ${count(iterations.dropped)} dropped`,
    );
  return lines;
}
