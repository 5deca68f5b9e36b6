import { z } from 'zod';

/** Config fields of every kind that handles requests in slots. Each replica has slots and a queue of its own. */
export const workLimitFields = {
  concurrency: z.number().int().min(1).max(10_000).nullable().default(null).meta({
    title: 'Concurrency',
    description:
      'Requests that a replica handles at once: its slots. A request holds one until it is handled. Empty: no limit.',
  }),
  memoryLimitMb: z.number().int().min(16).max(65_536).nullable().default(null).meta({
    title: 'Memory limit (MB)',
    description:
      'What the heap of a replica may grow to. One that needs more ends, and says so. Takes effect when a process starts.',
  }),
  queue: z
    .strictObject({
      limit: z.number().int().min(0).max(1_000_000).default(1000).meta({
        title: 'Queue limit',
        description:
          'Requests of a replica that may wait for a slot. One more is refused at once, with reason "queue-full".',
      }),
      order: z.enum(['fifo', 'lifo']).default('fifo').meta({
        title: 'Order',
        description:
          'Who gets the next free slot: the request that came first (fifo), or the one that came last (lifo), whose caller is the most likely to wait still.',
      }),
    })
    .prefault({})
    .meta({
      title: 'Queue',
      description: 'Where requests wait for a slot. Without a limit of concurrency nobody waits.',
    }),
  shedding: z
    .strictObject({
      maxWaitMs: z.number().min(1).max(600_000).default(1000).meta({
        title: 'Longest wait',
        description: 'A request that has waited so long for a slot is answered at once, with reason "shed".',
      }),
    })
    .nullable()
    .default(null)
    .meta({
      title: 'Load shedding',
      description:
        'Gives up requests that have waited too long, in favour of those that still can be answered in time.',
    }),
};

const workLimitsSchema = z.strictObject(workLimitFields);
export type WorkLimits = z.output<typeof workLimitsSchema>;
