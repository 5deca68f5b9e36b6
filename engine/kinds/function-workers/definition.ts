import { z } from 'zod';
import { protocolSchema } from '../../model/edge.ts';
import { defineKind } from '../define-kind.ts';
import { webFunctionProgram } from '../fault-lists.ts';
import { webFunctionBalance, webFunctionMeasures } from '../web-function/measures.ts';
import { checkWorkers } from './check.ts';

const greeter = [
  'export default {',
  '  async fetch(request, env, ctx) {',
  '    return Response.json({ hello: new URL(request.url).pathname });',
  '  },',
  '};',
  '',
].join('\n');

export const workersDefinition = defineKind({
  kind: 'function-workers',
  title: 'Function (Workers style)',
  help: 'Runs on demand in a V8 isolate that takes many requests at once. CPU time is limited and billed; waiting is free.',
  family: 'compute',
  config: z.strictObject({
    source: z.string().max(100_000).default('').meta({
      title: 'Code',
      description:
        'An ES module with "export default { fetch(request, env, ctx) { … } }". Empty where a file is named.',
      contentMediaType: 'text/javascript;goal=module',
    }),
    file: z.string().trim().max(1000).default('').meta({
      title: 'File',
      description:
        'In place of the code above: a module, relative to the document, such as functions/orders.mjs. What it imports by relative paths comes with it; packages must be bundled in.',
    }),
    runtime: z.enum(['auto', 'workerd', 'isolates']).default('auto').meta({
      title: 'Runtime',
      description:
        "workerd: Cloudflare's own runtime, where it is installed; it is limited and metered on Linux. isolates: V8 isolates of Node's, with Node's own fetch. auto: the first where it can be, else the second.",
    }),
    compatibilityDate: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2025-09-01')
      .default('2025-09-01')
      .meta({
        title: 'Compatibility date',
        description: 'Of the behaviour of workerd that the Worker was written for.',
      }),
    compatibilityFlags: z.array(z.string().min(1).max(100)).max(50).default([]).meta({
      title: 'Flags',
      description: 'Compatibility flags of workerd, such as "nodejs_compat".',
    }),
    cpuLimitMs: z.number().int().min(1).max(300_000).default(30_000).meta({
      title: 'CPU limit (ms)',
      description: 'CPU time of a request. One that uses more fails with error 1102, and its isolate is ended.',
    }),
    requestsPerIsolate: z.number().int().min(1).max(10_000).default(100).meta({
      title: 'Requests per isolate',
      description: 'At once, before another isolate is started.',
    }),
    maxIsolates: z.number().int().min(1).max(64).default(2).meta({
      title: 'Isolates at most',
      description: 'Each keeps one core busy at most. With all of them full, requests crowd into them.',
    }),
    idleTimeoutMs: z.number().int().min(50).max(3_600_000).default(10_000).meta({
      title: 'Idle timeout',
      description: 'An isolate without requests is ended after this time.',
    }),
    environment: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name of letters, digits and "_"'), z.string())
      .default({})
      .meta({
        title: 'Environment',
        description: 'What the Worker finds in env, beside the addresses of the edges.',
      }),
  }),
  defaults: { source: greeter },
  accepts: 'http',
  calls: protocolSchema.options,
  applyConfig: 'live',
  cores: 'all',
  faults: webFunctionProgram,
  measures: [
    ...webFunctionMeasures({ environments: 'Isolates', environment: 'isolate' }),
    {
      id: 'limitExceeded',
      title: 'Over the CPU limit',
      help: 'Requests that were ended because they used more CPU time than they may: error 1102.',
      unit: 'count',
      source: { type: 'total', counter: 'limitExceeded' },
    },
    {
      id: 'runsWorkerd',
      title: 'Runtime',
      help: "What isolates run in: Cloudflare's workerd, or Node.",
      unit: 'count',
      states: ['isolates', 'workerd'],
      source: { type: 'gauge', gauge: 'runsWorkerd', over: 'max' },
      onCard: true,
    },
  ],
  billed: [
    { price: 'workersRequest', counter: 'invocations', perUnit: 1, unit: 'requests', isRequest: true },
    { price: 'workersCpuMs', counter: 'cpuMs', perUnit: 1, unit: 'CPU-ms' },
  ],
  balances: [webFunctionBalance({ counter: 'limitExceeded', title: 'over the limit' })],
  fidelity: {
    real: [
      "Cloudflare's runtime where workerd is installed, else a V8 isolate of Node's: the node says which",
      'many requests at once in an isolate',
      'CPU time as the operating system counts it, and the end of what exceeds the limit',
    ],
    modelled: [
      'of requests that are in an isolate together, each is taken to use the same share of the CPU time',
      'the network of locations: one computer stands for it',
    ],
  },
  code: ({ source, file, environment }) => [
    {
      path: file === '' ? 'source' : 'file',
      text: [
        file === '' ? source : `the module ${file}, as it is when an isolate starts`,
        ...Object.entries(environment).map(([name, value]) => `with ${name}=${value}`),
      ].join('\n'),
    },
  ],
  check: checkWorkers,
});
