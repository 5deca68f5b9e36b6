import { z } from 'zod';

/** Of nodes, edges and groups: what may stand in a file name, a host name and a header. */
export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and "-", and start with a letter or digit');
