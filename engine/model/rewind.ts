import { z } from 'zod';

/** From where a group reads a log again. */
export const rewindToSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('earliest') }).meta({ title: 'The first message' }),
    z
      .strictObject({
        type: z.literal('time'),
        agoMs: z.number().int().min(0).max(604_800_000).meta({
          title: 'Not older than',
          description: 'What was published so long before now, and since.',
        }),
      })
      .meta({ title: 'A time' }),
    z
      .strictObject({
        type: z.literal('offset'),
        offset: z
          .string()
          .regex(/^\d{1,19}(-\d{1,19})?$/)
          .meta({
            title: 'Offset',
            description:
              'The first message to come again: on Kafka its offset in each partition, on Redis the id of its entry.',
          }),
      })
      .meta({ title: 'An offset' }),
  ])
  .meta({ title: 'From', description: 'The first message that comes again. A group is never set forward.' });

/** A group of a log whose position is set back. */
export const rewindFields = {
  node: z.string().min(1).meta({ title: 'Broker' }),
  destination: z.string().min(1).meta({ title: 'Destination', description: 'A topic of Kafka, or a stream of Redis.' }),
  group: z.string().min(1).meta({
    title: 'Group',
    description:
      'By default a consumer has the id of its node. On Kafka it must have no members: scale them to 0 before.',
  }),
  from: rewindToSchema,
};

export type RewindTo = z.infer<typeof rewindToSchema>;
export interface Rewind {
  node: string;
  destination: string;
  group: string;
  from: RewindTo;
}
