import type { DocumentError } from '../definition.ts';
import { traceOf } from '../trace.ts';
import { list, object, text } from './outline.ts';

type Loose = Record<string, unknown>;

const DEFAULT_DURATION_MS = 20_000;
const DEFAULT_STAGE_MS = 5000;

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;

/** What a source does lies within its scenario, and makes sense. */
export function checkExecutor(source: Loose, path: string, scenario: Loose): DocumentError[] {
  return [
    ...checkTimes(source, path, numberOf(scenario.durationMs, DEFAULT_DURATION_MS)),
    ...checkStages(source, path),
    ...checkIterations(source, path),
    ...checkTrace(source, path),
  ];
}

const stagesMs = (source: Loose): number =>
  list(source.stages).reduce<number>((sum, stage) => sum + numberOf(object(stage).durationMs, DEFAULT_STAGE_MS), 0);

function checkTimes(source: Loose, path: string, scenarioMs: number): DocumentError[] {
  const startMs = numberOf(source.startTimeMs, 0);
  if (startMs >= scenarioMs)
    return [
      {
        path: `${path}.startTimeMs`,
        message: `the scenario is over by then: it lasts ${scenarioMs} ms`,
        nextStep: 'Start earlier, or give the scenario a longer durationMs.',
      },
    ];
  const needsMs = startMs + stagesMs(source);
  if (needsMs <= scenarioMs) return [];
  return [
    {
      path: `${path}.stages`,
      message: `are over after ${needsMs} ms, and the scenario lasts only ${scenarioMs} ms`,
      nextStep: `Give the scenario a durationMs of at least ${needsMs}, or shorten the stages.`,
    },
  ];
}

/** Stages that never ask for anything are a mistake. */
function checkStages(source: Loose, path: string): DocumentError[] {
  const stages = list(source.stages).map(object);
  if (stages.length === 0) return [];
  const isRate = source.executor === 'ramping-arrival-rate';
  const [start, field] = isRate
    ? [numberOf(source.startRatePerSec, 0), 'ratePerSec']
    : [numberOf(source.startVUs, 1), 'vus'];
  const asksNothing = start === 0 && stages.every((stage) => stage[field] === 0);
  if (asksNothing)
    return [
      {
        path: `${path}.stages`,
        message: `never ask for more than 0 ${isRate ? 'arrivals' : 'users'}`,
        nextStep: `Give at least one stage a ${field} above 0.`,
      },
    ];
  if (stages.every((stage) => stage.durationMs === 0))
    return [
      { path: `${path}.stages`, message: 'last no time at all', nextStep: 'Give at least one a durationMs above 0.' },
    ];
  return [];
}

function checkIterations(source: Loose, path: string): DocumentError[] {
  if (source.executor !== 'shared-iterations') return [];
  const [vus, iterations] = [numberOf(source.vus, 1), numberOf(source.iterations, 1)];
  if (iterations >= vus) return [];
  return [
    {
      path: `${path}.iterations`,
      message: `${iterations} are fewer than the ${vus} users who share them`,
      nextStep: 'Use more iterations, or fewer VUs.',
    },
  ];
}

function checkTrace(source: Loose, path: string): DocumentError[] {
  const trace = object(source.trace);
  const routes = list(source.routes).map((raw) => {
    const route = object(raw);
    return { method: text(route.method) ?? 'GET', path: text(route.path) ?? '' };
  });
  const entries = list(trace.arrivals).map((raw) => {
    const entry = object(raw);
    return {
      atMs: numberOf(entry.atMs, 0),
      method: text(entry.method) ?? 'GET',
      path: text(entry.path) ?? '',
      bodyBytes: 0,
    };
  });
  return traceOf(entries, routes).problems.map(({ index, field, message, nextStep }) => ({
    path: `${path}.trace.arrivals[${index}].${field}`,
    message,
    nextStep,
  }));
}
