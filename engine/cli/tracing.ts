import { type Command, InvalidArgumentError } from 'commander';
import type { RunResult } from '../api/types.ts';
import { count, milliseconds } from './figures.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/* What the commands that run something say about traces, and about what measuring cost. */

export interface TracingOptions {
  otlp?: string;
  traceRatio?: number | 'off';
}

export const addTracingOptions = (command: Command): Command =>
  command
    .option('--otlp <url>', 'send spans to an OTLP/HTTP receiver, e.g. http://127.0.0.1:4318', parseHttpUrl)
    .option(
      '--trace-ratio <share>',
      'share of requests to trace, 0 to 1; failures are traced anyway. "off": none (default: 0.01)',
      parseRatio,
    );

function parseHttpUrl(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text)) throw new InvalidArgumentError('Give a URL, such as http://127.0.0.1:4318.');
  return text;
}

function parseRatio(text: string): number | 'off' {
  const ratio = Number(text);
  if (text === 'off') return text;
  if (text.trim() === '' || !(ratio >= 0 && ratio <= 1))
    throw new InvalidArgumentError('A share lies between 0 and 1, or is "off".');
  return ratio;
}

export async function configureTracing({ caller }: Session, { otlp, traceRatio }: TracingOptions): Promise<void> {
  if (otlp === undefined && traceRatio === undefined) return;
  const { settings } = await caller.traces.status();
  await caller.traces.configure({
    ratio: traceRatio === 'off' ? null : (traceRatio ?? settings.ratio),
    otlpUrl: otlp ?? settings.otlpUrl,
  });
}

/** Waits until the last spans are sent, and says how many were. */
export async function tellOtlp(terminal: Terminal, { caller }: Session, { otlp }: TracingOptions): Promise<void> {
  if (otlp === undefined) return;
  const { otlp: status } = await caller.traces.flush();
  if (!status) return;
  const lost = status.dropped + status.waiting;
  terminal.line(`  ${count(status.sent)} spans were sent to ${otlp}${lost > 0 ? `, ${count(lost)} were not` : ''}`);
  if (status.problem !== null) terminal.line(`  ${terminal.style('yellow', status.problem)}`);
}

export function overheadLine({ links, tracing, engine }: NonNullable<RunResult['overhead']>): string {
  const share = (cpu: number): string => `${(cpu * 100).toFixed(1)} % of a core`;
  const added =
    links.addedP50Ms === null
      ? 'not measured in so short a run'
      : `+ ${milliseconds(links.addedP50Ms)} per round trip (p50 of ${links.pairs} pairs)`;
  const traced =
    tracing.ratio === null
      ? 'off'
      : `${share(tracing.cpu)} for ${count(tracing.spans)} spans (estimated in the processes)`;
  return `links ${added}, ${share(links.cpu)}; tracing ${traced}; engine ${share(engine.cpu)}`;
}
