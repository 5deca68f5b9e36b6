import { z } from 'zod';
import { distributionSchema } from './distribution.ts';

export const httpMethodSchema = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** An absolute request path, without the prefix that the engine keeps for itself. */
export const httpPathSchema = z
  .string()
  .regex(/^\/[^\s?#]*$/, 'must start with "/" and hold no space, "?" or "#"')
  .refine((path) => !path.startsWith('/-/'), 'paths under "/-/" are reserved for the engine');

/** Steps that hold no others. */
const plainStepSchema = z.discriminatedUnion('do', [
  /** Holds the request's slot and uses no CPU, as waiting for something outside does. */
  z.strictObject({ do: z.literal('wait'), duration: distributionSchema }),
  /** Burns CPU time, and holds up everything else in the process for it. */
  z.strictObject({ do: z.literal('cpu'), duration: distributionSchema }),
  /** Burns a share of its duration, and waits for the rest. */
  z.strictObject({ do: z.literal('mixed'), duration: distributionSchema, cpuShare: z.number().min(0).max(1) }),
  z.strictObject({
    do: z.literal('query'),
    edge: z.string().min(1),
    sql: z.string().min(1),
    /** Values of $1, $2 …: texts in which `{name}` stands for a parameter of the request. */
    parameters: z.array(z.string()).default([]),
    /** Reads may go to a read replica, which may lag behind. Without one, the primary answers. */
    target: z.enum(['primary', 'replica']).default('primary'),
  }),
  z.strictObject({
    do: z.literal('call'),
    edge: z.string().min(1),
    method: httpMethodSchema.default('GET'),
    /** `{name}` stands for a parameter of the request. */
    path: httpPathSchema,
  }),
  /** Sends a message to a broker; see docs/messages.md. */
  z.strictObject({
    do: z.literal('publish'),
    edge: z.string().min(1),
    to: z.string().min(1).max(200).meta({
      title: 'To',
      description: 'The queue, exchange, stream, channel or topic.',
    }),
    key: z.string().max(1000).default('').meta({
      title: 'Key',
      description:
        'Messages with the same key belong together, such as all of one order. "{name}" stands for a parameter. Empty: none.',
    }),
    routingKey: z.string().max(255).nullable().default(null).meta({
      title: 'Routing key',
      description:
        'By which an exchange chooses among its queues, such as order.created; "{name}" stands for a parameter. Empty: the key.',
    }),
    headers: z
      .array(z.strictObject({ name: z.string().min(1).max(127), value: z.string().max(1000) }))
      .max(20)
      .default([])
      .meta({
        title: 'Headers',
        description: 'By which a headers exchange chooses; "{name}" in a value stands for a parameter.',
      }),
    confirm: z.boolean().default(true).meta({
      title: 'Wait for the confirmation',
      description: 'Off: the step is through as soon as the message is sent.',
    }),
    payloadBytes: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(256)
      .meta({ title: 'Size', description: 'Bytes of made-up contents.' }),
    priority: z.number().int().min(1).max(1000).nullable().default(null).meta({
      title: 'Priority',
      description: '1 comes first. Empty: none. Only queues have priorities.',
    }),
    delayMs: z.number().int().min(0).max(86_400_000).default(0).meta({
      title: 'Delay',
      description: 'The broker keeps it back for so long. Only queues do.',
    }),
    ttlMs: z.number().int().min(1).max(86_400_000).nullable().default(null).meta({
      title: 'Time to live',
      description: 'A message that is older when it is delivered has expired, and is not handled. Empty: it never is.',
    }),
  }),
  /** A function of the user's own; see docs/handler-code.md. */
  z.strictObject({
    do: z.literal('code'),
    source: z.string().min(1).max(100_000).meta({
      title: 'Code',
      description: 'async (request, { call, query, publish, state, random, require }) => what to answer',
      contentMediaType: 'text/javascript',
    }),
    timeoutMs: z.number().int().min(1).max(600_000).default(10_000),
  }),
]);

const [, , , , callStepSchema, publishStepSchema] = plainStepSchema.options;

/** Steps with which something begins elsewhere. */
export const triggerStepSchema = z.discriminatedUnion('do', [callStepSchema, publishStepSchema]);

/** Takes a value from a cache; see docs/cache.md. */
const cacheStepSchema = z.strictObject({
  do: z.literal('cache'),
  edge: z.string().min(1),
  key: z.string().min(1).max(1000).meta({
    title: 'Key',
    description: '"{name}" stands for a parameter of the request, such as in product:{id}.',
  }),
  pattern: z.enum(['cache-aside', 'read-through']).default('cache-aside').meta({
    title: 'Pattern',
    description:
      'Cache-aside: on a miss this service loads by the steps below, and writes to the cache. Read-through: the cache itself loads what it does not hold, by its own rules.',
  }),
  ttlMs: z.number().int().min(1).max(86_400_000).nullable().default(60_000).meta({
    title: 'Time to live',
    description:
      'How long a value counts after it was written. Empty: until the cache evicts it, or its own default. Cache-aside.',
  }),
  ttlJitter: z.number().min(0).max(1).default(0).meta({
    title: 'Jitter',
    description:
      'Share by which each time to live is made shorter or longer, at random, so that values written together do not expire together.',
  }),
  singleFlight: z.boolean().default(false).meta({
    title: 'Single-flight',
    description: 'Requests of one process that miss the same key wait for one load instead of each making its own.',
  }),
  staleWhileRevalidateMs: z.number().int().min(0).max(86_400_000).default(0).meta({
    title: 'Stale while revalidate',
    description: 'So long after its time to live a value is still answered, while it is loaded anew in the background.',
  }),
  valueBytes: z.number().int().min(0).max(1_000_000).default(1024).meta({
    title: 'Size of a value',
    description: 'Bytes that are written for each key.',
  }),
  onCacheFailure: z.enum(['load', 'fail']).default('load').meta({
    title: 'When the cache fails',
    description: 'Load: the request goes on as after a miss. Fail: it fails for the reason that the cache failed for.',
  }),
  steps: z.array(plainStepSchema).default([]).meta({
    title: 'Loads by',
    description: 'What loads the value on a miss. Read-through: only when the cache itself fails.',
  }),
});

/** One step of a handler. Steps of a route run one after the other. */
export const stepSchema = z.discriminatedUnion('do', [...plainStepSchema.options, cacheStepSchema]);

export const routeSchema = z.strictObject({
  method: httpMethodSchema.default('GET'),
  /** Segments that start with ":" match any one segment. */
  path: httpPathSchema,
  steps: z.array(stepSchema).default([]),
});

export const moduleSchema = z.strictObject({ name: z.string().min(1).max(80), routes: z.array(routeSchema).min(1) });

export type Step = z.infer<typeof stepSchema>;
export type PublishStep = Extract<Step, { do: 'publish' }>;
export type Route = z.infer<typeof routeSchema>;
export type ServerModule = z.infer<typeof moduleSchema>;
