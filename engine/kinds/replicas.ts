import { z } from 'zod';

/** The config field of every kind that can run as several copies. */
export const replicasField = z.number().int().min(0).max(64).default(1).meta({
  title: 'Replicas',
  description: 'How many copies run, each its own operating-system process.',
});
