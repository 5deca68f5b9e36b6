import { z } from 'zod';

/** How a version behaves. All but `ok` are bad in a way that shows only once it runs. */
const behaviourSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ok') }),
  z.strictObject({
    type: z.literal('errors'),
    ratio: z.number().min(0).max(1).default(0.3).meta({
      title: 'Error ratio',
      description: 'Share of its requests that it fails, with reason "handler-error".',
    }),
  }),
  z.strictObject({
    type: z.literal('slow'),
    factor: z.number().min(1).max(1000).default(5).meta({
      title: 'Factor',
      description: 'Each request takes so many times as long, and holds its slot for it.',
    }),
  }),
  z.strictObject({
    type: z.literal('leak'),
    mbPerSec: z.number().positive().max(1000).default(20).meta({
      title: 'MB per second',
      description: 'Memory that each of its processes really takes and never gives back.',
    }),
    limitMb: z.number().int().min(1).max(4096).default(256).meta({
      title: 'Limit (MB)',
      description: 'A process that has leaked so much ends, as one that a container runs out of memory.',
    }),
  }),
  z.strictObject({ type: z.literal('fails-to-start') }),
]);

export const versionSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'must be 1 to 32 letters, digits, ".", "_" and "-"')
    .meta({ title: 'Name', description: 'Such as v2.' }),
  behaviour: behaviourSchema.prefault({ type: 'ok' }).meta({
    title: 'Behaviour',
    description: 'How its processes behave: well, or in a way that tests did not find.',
  }),
});

export const versionsField = z
  .array(versionSchema)
  .max(20)
  .superRefine((versions, context) => {
    for (const [index, { name }] of versions.entries())
      if (versions.findIndex((other) => other.name === name) < index)
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `another version is called "${name}" too` });
  })
  .default([])
  .meta({
    title: 'Versions',
    description: 'What can be deployed. The first runs from the start; without any, a version "v1" does.',
  });

const analysisSchema = z
  .strictObject({
    maxErrorRatio: z.number().min(0).max(1).default(0.02).meta({
      title: 'Max error ratio',
      description: 'A new version that surely fails more of its requests is rolled back.',
    }),
    maxP99Ms: z.number().positive().max(600_000).nullable().default(null).meta({
      title: 'Max p99',
      description: 'A new version whose p99 latency is higher is rolled back. Empty: latency is not looked at.',
    }),
    minRequests: z.number().int().min(1).max(1_000_000).default(20).meta({
      title: 'Min requests',
      description: 'So many of its requests are needed for a judgement; without them it is rolled back.',
    }),
  })
  .prefault({})
  .meta({ title: 'Analysis', description: 'What the new version must show to go on. Else it is rolled back.' });

const stepDurationMs = (value: number) =>
  z.number().int().min(200).max(3_600_000).default(value).meta({
    title: 'Duration',
    description: 'How long it is observed.',
  });

export const strategySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('recreate') }),
  z
    .strictObject({
      type: z.literal('rolling'),
      maxSurge: z.number().int().min(0).max(64).default(1).meta({
        title: 'Max surge',
        description: 'Replicas that may run beyond the desired number.',
      }),
      maxUnavailable: z.number().int().min(0).max(64).default(0).meta({
        title: 'Max unavailable',
        description: 'Replicas that may be missing from the desired number.',
      }),
    })
    .refine(({ maxSurge, maxUnavailable }) => maxSurge + maxUnavailable > 0, {
      path: ['maxSurge'],
      message: 'must not be 0 while "maxUnavailable" is 0, or no replica could ever be replaced',
    }),
  z.strictObject({ type: z.literal('blue-green') }),
  z.strictObject({
    type: z.literal('canary'),
    steps: z
      .array(
        z.strictObject({
          weight: z.number().min(0.01).max(0.99).default(0.1).meta({
            title: 'Weight',
            description: 'Share of the requests that the new version gets.',
          }),
          durationMs: stepDurationMs(3000),
        }),
      )
      .min(1)
      .max(20)
      .default([{ weight: 0.1, durationMs: 3000 }])
      .meta({ title: 'Steps', description: 'One after the other; after the last the new version takes over.' }),
    analysis: analysisSchema,
  }),
  z.strictObject({
    type: z.literal('shadow'),
    durationMs: stepDurationMs(5000),
    promote: z.boolean().default(false).meta({
      title: 'Take over',
      description: 'Whether a new version that showed itself good takes over afterwards. Else it goes again.',
    }),
    analysis: analysisSchema,
  }),
]);

/** How a node's new version reaches its users. */
export const deploymentField = z
  .strictObject({
    strategy: strategySchema.prefault({ type: 'rolling' }).meta({
      title: 'Strategy',
      description: 'How the replicas of the old version give way to those of the new one.',
    }),
    minReadyMs: z.number().int().min(0).max(600_000).default(0).meta({
      title: 'Min ready',
      description: 'A new replica counts as available after it was ready for so long without a crash.',
    }),
    pipeline: z
      .strictObject({
        fixedMs: z.number().int().min(0).max(86_400_000).default(60_000).meta({
          title: 'Fixed',
          description: 'Build and test of anything, however small.',
        }),
        buildMsPerModule: z.number().int().min(0).max(86_400_000).default(20_000).meta({
          title: 'Build per module',
          description: 'Added for each module of the unit that is deployed.',
        }),
        testMsPerModule: z.number().int().min(0).max(86_400_000).default(40_000).meta({
          title: 'Test per module',
          description: 'Added for each module of the unit that is deployed.',
        }),
        timeScale: z.number().min(0).max(1).default(0.01).meta({
          title: 'Time scale',
          description: 'Part of the modelled time that is really waited. 0.01: a minute passes in 0.6 s.',
        }),
      })
      .prefault({})
      .meta({
        title: 'Build and test',
        description:
          'Modelled: fixed + modules × (build + test). A service is one module; a server has as many as it says.',
      }),
  })
  .prefault({})
  .meta({ title: 'Deployment', description: 'How a new version of this node is built and rolled out.' });

export type Version = z.output<typeof versionSchema>;
export type Strategy = z.output<typeof strategySchema>;
export type Analysis = z.output<typeof analysisSchema>;
export type Deployment = z.output<typeof deploymentField>;

const initialVersion: Version = { name: 'v1', behaviour: { type: 'ok' } };

/** The versions that a node's config knows, the one it starts with first. */
export function versionsOf(config: Record<string, unknown>): readonly Version[] {
  const versions = (config.versions ?? []) as readonly Version[];
  return versions.length > 0 ? versions : [initialVersion];
}

/** How a node with this config is deployed; null where its kind cannot be. */
export const deploymentOf = (config: Record<string, unknown>): Deployment | null =>
  (config.deployment as Deployment | undefined) ?? null;

/** How long build and test of a unit with so many modules take: modelled, and as long as they are made to take here. */
export function pipelineTime({ pipeline }: Deployment, modules: number): { modelledMs: number; waitedMs: number } {
  const { fixedMs, buildMsPerModule, testMsPerModule, timeScale } = pipeline;
  const modelledMs = fixedMs + modules * (buildMsPerModule + testMsPerModule);
  return { modelledMs, waitedMs: Math.round(modelledMs * timeScale) };
}
