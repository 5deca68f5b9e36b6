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

/** Figures of the last deploy of a node, whatever became of it. */
export const deployFigure = defineProbe({
  title: 'Deploy',
  help: 'What the last deploy of a node took: the time to get it to its users or back again, the processes that were started for it, the requests that failed meanwhile.',
  by: 'change',
  measure: z.strictObject({
    type: z.literal('deploy'),
    node: z.string().min(1),
    read: z.enum(['lead-time', 'rollback-time', 'modules', 'started', 'failed']).meta({
      title: 'Judged',
      description:
        'The time from the deploy until the new version had taken over, build and test as long as they really took; the time until the old one served again after that was decided; how many modules the unit has, all of which are built, tested and restarted; how many processes were started, those of a rollback included; how many requests failed while users could meet the new version.',
    }),
  }),
  check: nodeOf,
});
