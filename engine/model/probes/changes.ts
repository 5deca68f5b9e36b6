import { z } from 'zod';
import { defineProbe } from './define-probe.ts';
import { nodeOf } from './names.ts';

export const timeToScale = defineProbe({
  title: 'Time to scale',
  help: "From a node's load going beyond the target of its autoscaler until enough replicas carried it; the longest of the run.",
  by: 'change',
  measure: z.strictObject({ type: z.literal('time-to-scale'), node: z.string().min(1) }),
  check: nodeOf,
});

export const blastRadius = defineProbe({
  title: 'Blast radius of a deploy',
  help: 'Share of the routes that the last deploy of a node affected.',
  by: 'change',
  measure: z.strictObject({ type: z.literal('blast-radius'), node: z.string().min(1) }),
  check: nodeOf,
});
