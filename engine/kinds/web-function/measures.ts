import type { BalanceDefinition, MeasureDefinition } from '../../model/definition.ts';

/** What environments are called: those of one style are isolates. */
interface Words {
  environments: string;
  environment: string;
}

/** Figures of functions whose environments take many requests at once. */
export const webFunctionMeasures = ({ environments, environment }: Words): readonly MeasureDefinition[] => [
  {
    id: 'environments',
    title: environments,
    help: `${environments} that run now, working, idle or starting.`,
    unit: 'count',
    source: { type: 'gauge', gauge: 'environments', over: 'sum' },
  },
  {
    id: 'coldStartShare',
    title: 'Cold starts',
    help: 'Share of the requests that had to wait for a start.',
    unit: 'ratio',
    source: { type: 'ratio', numerator: ['coldStarts'], denominator: ['invocations'] },
    onCard: true,
  },
  {
    id: 'concurrency',
    title: 'Concurrency',
    help: 'Requests in hand now, those included that wait for a start.',
    unit: 'count',
    source: { type: 'gauge', gauge: 'concurrency', over: 'sum' },
    onCard: true,
  },
  {
    id: 'waiting',
    title: 'Waiting for a start',
    help: `Requests that wait for their ${environment} to start.`,
    unit: 'count',
    source: { type: 'gauge', gauge: 'waiting', over: 'sum' },
  },
  {
    id: 'invocations',
    title: 'Invocations',
    help: 'Requests that were let in. Throttled ones are none.',
    unit: 'count',
    source: { type: 'total', counter: 'invocations' },
  },
  {
    id: 'coldStarts',
    title: 'Cold starts, total',
    help: 'Requests that had to wait for a start.',
    unit: 'count',
    source: { type: 'total', counter: 'coldStarts' },
  },
  {
    id: 'started',
    title: `${environments} started`,
    help: `How many ${environments.toLowerCase()} were started.`,
    unit: 'count',
    source: { type: 'total', counter: 'environmentsStarted' },
  },
  {
    id: 'initP50Ms',
    title: 'INIT p50',
    help: 'Half of the starts took so long, or less.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'init', percentile: 50 },
  },
  {
    id: 'initP99Ms',
    title: 'INIT p99',
    help: '99 of 100 starts took so long, or less.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'init', percentile: 99 },
  },
  {
    id: 'coldP50Ms',
    title: 'Cold p50',
    help: 'Half of the requests that had to wait for a start were answered after so long, or sooner.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'cold', percentile: 50 },
  },
  {
    id: 'warmP50Ms',
    title: 'Warm p50',
    help: 'Half of the other requests were answered after so long, or sooner.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'warm', percentile: 50 },
  },
  {
    id: 'warmP99Ms',
    title: 'Warm p99',
    help: '99 of 100 of the other requests were answered after so long, or sooner.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'warm', percentile: 99 },
  },
  {
    id: 'cpuMs',
    title: 'CPU time',
    help: 'CPU time while there were requests. Waiting is not in it.',
    unit: 'ms',
    source: { type: 'total', counter: 'cpuMs' },
  },
  {
    id: 'meanCpuMs',
    title: 'Mean CPU',
    help: 'CPU time of a request, on average.',
    unit: 'ms',
    source: { type: 'ratio', numerator: ['cpuMs'], denominator: ['invocations'] },
    onCard: true,
  },
  {
    id: 'cpuP99Ms',
    title: 'CPU p99',
    help: '99 of 100 requests used so much CPU time, or less. Those that are there together share what is used.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'cpu', percentile: 99 },
  },
  {
    id: 'busyMs',
    title: 'Busy time',
    help: `Time in which ${environments.toLowerCase()} had requests, of all together.`,
    unit: 'ms',
    source: { type: 'total', counter: 'busyMs' },
  },
  {
    id: 'functionErrors',
    title: 'Exceptions',
    help: 'Requests for which the code threw, or answered with what is no answer.',
    unit: 'count',
    source: { type: 'total', counter: 'functionErrors' },
  },
  {
    id: 'crashes',
    title: 'Crashes',
    help: `Requests whose ${environment} was gone before they were answered, or did not start.`,
    unit: 'count',
    source: { type: 'total', counter: 'crashes' },
  },
  {
    id: 'throttles',
    title: 'Throttled',
    help: 'Requests that were not let in.',
    unit: 'count',
    source: { type: 'total', counter: 'throttles' },
  },
];

/** Every invocation ends in one of these ways; `limit` is the one that goes with what is limited. */
export const webFunctionBalance = (limit: { counter: string; title: string }): BalanceDefinition => ({
  title: 'invocations',
  begun: 'invocations',
  ended: [
    { counter: 'succeeded', title: 'succeeded' },
    { counter: 'functionErrors', title: 'exceptions' },
    limit,
    { counter: 'crashes', title: 'crashes' },
    { counter: 'cancelled', title: 'cancelled' },
  ],
  open: 'inHand',
});
