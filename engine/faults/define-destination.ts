import { z } from 'zod';

/** Which messages a fault means. */
export const destination = z.string().max(200).default('').meta({
  title: 'Destination',
  description: 'Only messages of this queue, stream, channel or topic. Empty: all.',
});
