import { z } from 'zod';
import { protocolSchema } from '../../model/edge.ts';
import { eventSourcesField } from '../../model/event-source.ts';
import { messageProtocols } from '../../model/message-protocols.ts';
import { defineKind } from '../define-kind.ts';
import { functionProgram } from '../fault-lists.ts';
import { checkLambda } from './check.ts';
import { lambdaMeasures } from './measures.ts';

/** A GB is 1024 MB, as Lambda counts. */
const MB_MS_PER_GB_SEC = 1024 * 1000;

const greeter = [
  'export const handler = async (event, context) => {',
  '  return { statusCode: 200, body: JSON.stringify({ hello: event.rawPath, from: context.functionName }) };',
  '};',
  '',
].join('\n');

export const lambdaDefinition = defineKind({
  kind: 'function-lambda',
  title: 'Function (Lambda style)',
  help: 'Runs on demand: a request starts an execution environment, a process of its own that takes one request at a time. With nothing asked, none runs.',
  family: 'compute',
  config: z.strictObject({
    source: z.string().max(100_000).default('').meta({
      title: 'Code',
      description:
        'A module in JavaScript that exports the handler: an ES module, or CommonJS with "exports.handler = …". Beside Node\'s own modules it finds "pg". Empty where a file is named.',
      contentMediaType: 'text/javascript;goal=module',
    }),
    file: z.string().trim().max(1000).default('').meta({
      title: 'File',
      description:
        'In place of the code above: a module, relative to the document, such as functions/orders.mjs. Its directory is the task root.',
    }),
    handler: z
      .string()
      .regex(/^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/, 'must be the name of an export, such as "handler"')
      .default('handler')
      .meta({
        title: 'Handler',
        description: 'The export that is called for each event, with (event, context) or (event, context, callback).',
      }),
    memoryMb: z.number().int().min(128).max(10_240).default(1769).meta({
      title: 'Memory (MB)',
      description:
        'What an environment may use, and its share of a CPU: 1769 MB are one whole. Below that, answers are held back as if the CPU were slower (a model). It counts for the price.',
    }),
    timeoutMs: z.number().int().min(1).max(900_000).default(3000).meta({
      title: 'Timeout',
      description: 'An invocation that takes longer fails with 504, and its environment is ended.',
    }),
    reservedConcurrency: z.number().int().min(0).max(1000).default(50).meta({
      title: 'Reserved concurrency',
      description: 'Invocations at the same time at most; one more is throttled with 429. 0 throttles all.',
    }),
    provisionedConcurrency: z.number().int().min(0).max(1000).default(0).meta({
      title: 'Provisioned concurrency',
      description: 'Environments that are initialised ahead, and kept. They cost by the hour.',
    }),
    burstLimit: z.number().int().min(1).max(1000).default(1000).meta({
      title: 'Burst limit',
      description:
        'New environments within 10 seconds at most, regained evenly; a request that would need one more is throttled with 429.',
    }),
    idleTimeoutMs: z.number().int().min(50).max(3_600_000).default(10_000).meta({
      title: 'Idle timeout',
      description: 'An environment without work is ended after this time. Lambda waits for some minutes.',
    }),
    invocation: z.enum(['request-response', 'event']).default('request-response').meta({
      title: 'Invocation',
      description:
        'Request-response: the caller waits for the answer. Event: the caller gets 202 at once, and the event is handled later, with retries.',
    }),
    asynchronous: z
      .strictObject({
        retries: z.number().int().min(0).max(2).default(2).meta({
          title: 'Retries',
          description: 'How often a failed event is tried again.',
        }),
        retryDelayMs: z.number().int().min(0).max(3_600_000).default(1000).meta({
          title: 'Retry delay',
          description: 'Before the first retry; twice as long before the second. Lambda waits for a minute, then two.',
        }),
        maxEventAgeMs: z.number().int().min(100).max(21_600_000).default(21_600_000).meta({
          title: 'Max event age',
          description: 'An event that is older is given up.',
        }),
        deadLetterEdge: z.string().min(1).nullable().default(null).meta({
          title: 'Dead-letter edge',
          description: 'An HTTP edge of this node, along which a given-up event is posted. Empty: it is dropped.',
        }),
      })
      .prefault({})
      .meta({ title: 'Asynchronous invocation', description: 'How events are handled that nobody waits for.' }),
    eventSources: eventSourcesField,
    environment: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name of letters, digits and "_"'), z.string())
      .default({})
      .meta({
        title: 'Environment',
        description: 'Variables of the handler, beside those of Lambda and the addresses of the edges.',
      }),
  }),
  defaults: { source: greeter },
  accepts: 'http',
  calls: protocolSchema.options,
  consumes: messageProtocols,
  applyConfig: 'live',
  cores: 'all',
  faults: functionProgram,
  measures: lambdaMeasures,
  billed: [
    { price: 'lambdaRequest', counter: 'invocations', perUnit: 1, unit: 'requests', isRequest: true },
    { price: 'lambdaGbSecond', counter: 'onDemandMbMs', perUnit: MB_MS_PER_GB_SEC, unit: 'GB-s' },
    { price: 'lambdaProvisionedGbSecond', counter: 'provisionedMbMs', perUnit: MB_MS_PER_GB_SEC, unit: 'GB-s' },
    {
      ...{ price: 'lambdaProvisionedCapacityGbSecond', counter: 'provisionedCapacityMbMs' },
      ...{ perUnit: MB_MS_PER_GB_SEC, unit: 'GB-s', isStanding: true },
    },
  ],
  balances: [
    {
      title: 'invocations',
      begun: 'invocations',
      ended: [
        { counter: 'succeeded', title: 'succeeded' },
        { counter: 'functionErrors', title: 'function errors' },
        { counter: 'crashes', title: 'crashes' },
        { counter: 'timeouts', title: 'timeouts' },
      ],
      open: 'inHand',
    },
    {
      title: 'events',
      begun: 'eventsAccepted',
      ended: [
        { counter: 'eventsSucceeded', title: 'succeeded' },
        { counter: 'eventsDeadLettered', title: 'dead-lettered' },
        { counter: 'eventsDropped', title: 'dropped' },
      ],
      open: 'openEvents',
    },
  ],
  fidelity: {
    real: [
      'a process for each execution environment, from INIT to SHUTDOWN',
      'the Runtime API, the event and context of Lambda',
      'INIT time, billed duration, CPU time',
      'timeouts, throttles, crashes',
      'polling of brokers by their own clients; the events of Amazon MQ and of Kafka',
    ],
    modelled: [
      'the CPU share of the memory size: answers are held back',
      'idle environments are not frozen',
      'no account: limits are those of this function',
      'the event of messages of Redis, modelled after that of SQS',
    ],
  },
  code: ({ source, file, environment }) => [
    {
      path: file === '' ? 'source' : 'file',
      text: [
        file === '' ? source : `the module ${file}, as it is when an environment starts`,
        ...Object.entries(environment).map(([name, value]) => `with ${name}=${value}`),
      ].join('\n'),
    },
  ],
  check: checkLambda,
});
