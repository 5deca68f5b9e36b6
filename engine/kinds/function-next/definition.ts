import { z } from 'zod';
import { protocolSchema } from '../../model/edge.ts';
import { defineKind } from '../define-kind.ts';
import { nextFunctionProgram } from '../fault-lists.ts';
import { webFunctionBalance, webFunctionMeasures } from '../web-function/measures.ts';
import { checkNext } from './check.ts';

const MS_PER_HOUR = 3_600_000;

const greeter = [
  'export async function GET(request) {',
  '  return Response.json({ hello: new URL(request.url).pathname });',
  '}',
  '',
].join('\n');

export const nextDefinition = defineKind({
  kind: 'function-next',
  title: 'Function (Next.js style)',
  help: 'Route handlers of an app/api tree, each a function on demand. An environment is a process that takes several requests at once.',
  family: 'compute',
  config: z.strictObject({
    routeHandlers: z
      .array(
        z.strictObject({
          path: z.string().min(1).max(500).meta({
            title: 'Path',
            description: 'As its folder in the app directory: /api/items/[id], /api/files/[...path].',
          }),
          source: z.string().min(1).max(100_000).meta({
            title: 'Code',
            description: 'The module route.js: it exports GET, POST … (request, { params }) => Response.',
            contentMediaType: 'text/javascript;goal=module',
          }),
        }),
      )
      .max(100)
      .default([])
      .meta({ title: 'Route handlers', description: 'What answers, by path. Empty where a project is named.' }),
    project: z.string().trim().max(1000).default('').meta({
      title: 'Project',
      description: 'In place of the routes: a directory with app/api or src/app/api in it, relative to the document.',
    }),
    server: z.enum(['auto', 'next', 'own']).default('auto').meta({
      title: 'Server',
      description:
        "next: the project's own production server, after next build; one environment for all routes. own: route handlers alone, each in environments of its own. auto: the first where Next.js is installed and the project is built, else the second.",
    }),
    concurrency: z.number().int().min(1).max(1000).default(10).meta({
      title: 'Concurrency of an environment',
      description: 'Requests that an environment takes at once, before another one is started.',
    }),
    maxEnvironments: z.number().int().min(1).max(200).default(10).meta({
      title: 'Environments at most',
      description: 'Of each route. With all of them full, one more request is throttled with 503.',
    }),
    memoryMb: z.number().int().min(128).max(8192).default(2048).meta({
      title: 'Memory (MB)',
      description: 'What the heap of an environment may grow to, and what its busy time is billed with.',
    }),
    timeoutMs: z.number().int().min(1).max(900_000).default(10_000).meta({
      title: 'Timeout',
      description: 'A request that takes longer fails with 504.',
    }),
    idleTimeoutMs: z.number().int().min(50).max(3_600_000).default(10_000).meta({
      title: 'Idle timeout',
      description: 'An environment without requests is ended after this time.',
    }),
    environment: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name of letters, digits and "_"'), z.string())
      .default({})
      .meta({ title: 'Environment', description: 'Variables of the handlers, beside the addresses of the edges.' }),
  }),
  defaults: { routeHandlers: [{ path: '/api/hello', source: greeter }] },
  accepts: 'http',
  calls: protocolSchema.options,
  applyConfig: 'live',
  cores: 'all',
  faults: nextFunctionProgram,
  measures: [
    ...webFunctionMeasures({ environments: 'Environments', environment: 'environment' }),
    {
      id: 'timeouts',
      title: 'Timeouts',
      help: 'Requests that took longer than the timeout of the function.',
      unit: 'count',
      source: { type: 'total', counter: 'timeouts' },
    },
    {
      id: 'runsNext',
      title: 'Server',
      help: 'What environments run: the production server of the project, or its route handlers alone.',
      unit: 'count',
      states: ['own', 'next'],
      source: { type: 'gauge', gauge: 'runsNext', over: 'max' },
      onCard: true,
    },
  ],
  billed: [
    { price: 'fluidInvocation', counter: 'invocations', perUnit: 1, unit: 'requests', isRequest: true },
    { price: 'fluidCpuHour', counter: 'cpuMs', perUnit: MS_PER_HOUR, unit: 'CPU-h' },
    { price: 'fluidGbHour', counter: 'busyMbMs', perUnit: 1024 * MS_PER_HOUR, unit: 'GB-h' },
  ],
  balances: [webFunctionBalance({ counter: 'timeouts', title: 'timeouts' })],
  fidelity: {
    real: [
      'a process for each environment, several requests at once in it',
      'the production server of Next.js where the project has one',
      'INIT, CPU time, time with requests',
    ],
    modelled: ['where there is no Next.js: its router, caches and rendering are missing, route handlers run alone'],
  },
  code: ({ routeHandlers, project, environment }) => [
    ...(project === ''
      ? []
      : [{ path: 'project', text: `the project ${project}, as it is when an environment starts` }]),
    ...routeHandlers.map(({ path, source }, index) => ({
      path: `routeHandlers[${index}].source`,
      text: `${path}\n${source}`,
    })),
    ...Object.entries(environment).map(([name, value]) => ({
      path: `environment.${name}`,
      text: `with ${name}=${value}`,
    })),
  ],
  check: checkNext,
});
