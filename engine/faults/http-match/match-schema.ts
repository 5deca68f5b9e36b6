import { z } from 'zod';

const pattern = z.string().max(500);

/** Which requests a fault acts on: what those on HTTP edges have in common. */
export const httpMatchFields = {
  method: z.enum(['any', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('any').meta({
    title: 'Method',
    description: 'Only requests with this method.',
  }),
  path: pattern.default('').meta({
    title: 'Path',
    description:
      'Only requests with such a path, without the query: "*" stands for any characters, "?" for one. Empty: all but health checks.',
  }),
  header: pattern
    .regex(/^$|^[!#$%&'*+.^_`|~0-9A-Za-z-]+(:.*)?$/, 'must be a name, or a name, ":" and a value')
    .default('')
    .meta({
      title: 'Header',
      description:
        'Only requests with this header, such as "x-user: 7*"; "*" and "?" stand as in the path. A name alone: with any value.',
    }),
  first: z.number().int().min(0).max(1_000_000).default(0).meta({
    title: 'First',
    description: 'Only so many of these requests, the first since the fault is on. 0: no limit.',
  }),
  everyNth: z.number().int().min(1).max(1_000_000).default(1).meta({
    title: 'Every nth',
    description: 'Only one in so many of these requests, beginning with the nth. 1: each.',
  }),
};

const matchSchema = z.strictObject(httpMatchFields);
export type HttpMatch = z.output<typeof matchSchema>;
