import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { strategySchema } from '../model/deploy.ts';
import { type ArchipelDocument, documentSchema } from '../model/document.ts';
import { toArchipelError } from '../model/error.ts';
import { experimentSchema } from '../model/experiment.ts';
import { faultCourseFields, faultTargetSchema } from '../model/fault.ts';
import { messageByHandSchema } from '../model/message-by-hand.ts';
import { peekSchema } from '../model/peek.ts';
import { comparisonSchema, repeatSchema } from '../model/repetition.ts';
import { requestByHandSchema } from '../model/request-by-hand.ts';
import { rewindFields } from '../model/rewind.ts';
import { scenarioSchema } from '../model/scenario.ts';
import { sweepSchema } from '../model/sweep.ts';
import { reportFormats } from '../reports/report-format.ts';
import type { Engine } from './engine.ts';

export interface Context {
  engine: Engine;
  /** File that this front door was started with. */
  initialPath: string | null;
}

const trpc = initTRPC.context<Context>().create({
  errorFormatter({ shape, error }) {
    const cause = error.cause ? toArchipelError(error.cause) : null;
    return {
      ...shape,
      data: {
        ...shape.data,
        stack: undefined,
        archipel: cause && { code: cause.code, message: cause.message, nextStep: cause.nextStep, errors: cause.errors },
      },
    };
  },
});

/** Errors of the engine cross the border with their code, message and next step. */
const call = trpc.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok && !(result.error.cause instanceof z.ZodError)) {
    const cause = toArchipelError(result.error.cause ?? result.error);
    throw new TRPCError({ code: 'BAD_REQUEST', message: cause.message, cause });
  }
  return result;
});

const path = z.string().min(1).max(4096);
const seed = z.number().int().min(0).max(4_294_967_295);
const traceId = z.string().regex(/^[0-9a-f]{32}$/);
const leaseMs = z.number().int().min(100).max(3_600_000);

/** Also the name of a file. */
const windowKey = z.string().regex(/^[a-z0-9-]{1,64}$/);
const picture = z.object({ document: documentSchema, format: z.enum(['svg', 'png', 'mermaid']) });

const experimentFile = z.object({ experiment: experimentSchema, format: z.enum(['archipel', 'chaostoolkit']) });

const sweptDocument = z.object({ document: documentSchema, directory: path.nullable().optional() });

const sweepRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sweep'), ...sweptDocument.shape, sweep: z.union([z.string(), sweepSchema]) }),
  z.object({ type: z.literal('repeat'), ...sweptDocument.shape, repeat: repeatSchema }),
  z.object({
    type: z.literal('batch'),
    of: z
      .array(sweptDocument.extend({ names: z.array(z.string().min(1)).min(1).max(200).optional() }))
      .min(1)
      .max(100),
    seed: seed.optional(),
  }),
  z.object({ type: z.literal('ab'), a: sweptDocument, b: sweptDocument, plan: comparisonSchema }),
]);
const jobId = z.string().regex(/^j[0-9a-f]{8}$/);

/** The contract: every call that the window, the browser and the CLI can make. */
export const router = trpc.router({
  info: call.query(({ ctx }) => ctx.engine.info()),
  initialPath: call.query(({ ctx }) => ctx.initialPath),

  documents: trpc.router({
    open: call.input(z.object({ path })).query(({ ctx, input }) => ctx.engine.openDocument(input.path)),
    save: call
      .input(z.object({ path, document: documentSchema, expectedRevision: z.string().nullable() }))
      .mutation(({ ctx, input }) => ctx.engine.saveDocument(input)),
    trust: call
      .input(z.object({ path: path.nullable(), document: documentSchema }))
      .mutation(({ ctx, input }) => ctx.engine.trustDocument(input)),
    validate: call.input(z.object({ value: z.unknown() })).query(({ ctx, input }) => ctx.engine.validate(input.value)),
    templates: call.query(({ ctx }) => ctx.engine.templates()),
    saveTemplate: call
      .input(z.object({ document: documentSchema }))
      .mutation(({ ctx, input }) => ctx.engine.saveTemplate(input.document)),
    deleteTemplate: call.input(z.object({ path })).mutation(({ ctx, input }) => ctx.engine.deleteTemplate(input.path)),
    receive: call
      .input(z.object({ name: z.string().min(1).max(255), text: z.string().max(20 * 1024 * 1024) }))
      .query(({ ctx, input }) => ctx.engine.receiveDocument(input)),
    picture: call.input(picture).query(({ ctx, input }) => ctx.engine.picture(input)),
    savePicture: call.input(picture.extend({ path })).mutation(({ ctx, input }) => ctx.engine.savePicture(input)),
    openComparison: call.input(z.object({ path })).query(({ ctx, input }) => ctx.engine.openComparison(input.path)),
    saveComparison: call
      .input(
        z.object({
          path,
          title: z.string().max(200),
          statement: z.string().max(2000),
          a: path,
          b: path,
          plan: z.record(z.string(), z.unknown()),
          expectedRevision: z.string().nullable(),
        }),
      )
      .mutation(({ ctx, input }) => ctx.engine.saveComparison(input)),
    comparisonTemplates: call.query(({ ctx }) => ctx.engine.comparisonTemplates()),
    recent: call.query(({ ctx }) => ctx.engine.recentFiles()),
    addRecent: call
      .input(z.object({ path, name: z.string().max(200) }))
      .mutation(({ ctx, input }) => ctx.engine.addRecentFile(input)),
    forgetRecent: call
      .input(z.object({ path: path.nullable() }))
      .mutation(({ ctx, input }) => ctx.engine.forgetRecentFiles(input.path)),
    keepEdits: call
      .input(
        z.object({
          key: windowKey,
          path: path.nullable(),
          directory: path.nullable(),
          revision: z.string().nullable(),
          atMs: z.number(),
          // What is being typed may not be sound yet; nothing of it is lost for that.
          document: z.custom<ArchipelDocument>((value) => typeof value === 'object' && value !== null),
        }),
      )
      .mutation(({ ctx, input }) => ctx.engine.keepEdits(input)),
    discardEdits: call
      .input(z.object({ key: windowKey }))
      .mutation(({ ctx, input }) => ctx.engine.discardEdits(input.key)),
    recoverable: call
      .input(z.object({ key: windowKey }))
      .query(({ ctx, input }) => ctx.engine.recoverableEdits(input.key)),
  }),

  topology: trpc.router({
    prepare: call
      .input(z.object({ document: documentSchema.nullable() }))
      .mutation(({ ctx, input }) => ctx.engine.prepareTopology(input.document)),
    document: call.query(({ ctx }) => ctx.engine.runningDocument()),
    start: call
      .input(z.object({ document: documentSchema, directory: path.nullable().optional() }))
      .mutation(({ ctx, input }) => ctx.engine.startTopology(input.document, input)),
    update: call
      .input(z.object({ document: documentSchema }))
      .mutation(({ ctx, input }) => ctx.engine.applyDocument(input.document)),
    stop: call.mutation(({ ctx }) => ctx.engine.stopTopology()),
    restartProcess: call
      .input(z.object({ node: z.string(), replica: z.number().int().min(0) }))
      .mutation(({ ctx, input }) => ctx.engine.restartProcess(input)),
    scale: call
      .input(z.object({ node: z.string(), replicas: z.number().int().min(0) }))
      .mutation(({ ctx, input }) => ctx.engine.scaleNode(input)),
    deploy: call
      .input(
        z.object({
          node: z.string(),
          version: z.string(),
          strategy: strategySchema.optional(),
          /** Answers when the deploy is over, one way or the other. */
          wait: z.boolean().optional(),
        }),
      )
      .mutation(({ ctx, input }) => ctx.engine.deploy(input)),
    rollBack: call.input(z.object({ node: z.string() })).mutation(({ ctx, input }) => ctx.engine.rollBack(input)),
  }),

  traffic: trpc.router({
    start: call
      .input(
        z.object({
          scenario: scenarioSchema,
          seed: seed.optional(),
          durationMs: z.number().int().positive().nullable().optional(),
          directory: path.nullable().optional(),
          recordArrivals: z.boolean().optional(),
        }),
      )
      .mutation(({ ctx, input }) => ctx.engine.startTraffic(input)),
    stop: call.mutation(({ ctx }) => ctx.engine.stopTraffic()),
    /** Waits for the end of the traffic. */
    done: call.query(({ ctx }) => ctx.engine.trafficDone()),
    last: call.query(({ ctx }) => ctx.engine.lastRun()),
    recorded: call.mutation(({ ctx }) => ctx.engine.recordedTraffic()),
  }),

  requests: trpc.router({
    send: call.input(requestByHandSchema).mutation(({ ctx, input }) => ctx.engine.sendRequest(input)),
  }),

  messages: trpc.router({
    send: call.input(messageByHandSchema).mutation(({ ctx, input }) => ctx.engine.sendMessage(input)),
    peek: call.input(peekSchema).query(({ ctx, input }) => ctx.engine.peekMessages(input)),
    rewind: call.input(z.strictObject(rewindFields)).mutation(({ ctx, input }) => ctx.engine.rewindGroup(input)),
  }),

  faults: trpc.router({
    inject: call
      .input(
        z.object({
          fault: z.string(),
          target: faultTargetSchema,
          parameters: z.record(z.string(), z.unknown()),
          leaseMs,
          ...z.object(faultCourseFields).partial().shape,
          seed: seed.optional(),
        }),
      )
      .mutation(({ ctx, input }) => ctx.engine.injectFault(input)),
    renew: call.input(z.object({ id: z.string(), leaseMs })).mutation(({ ctx, input }) => ctx.engine.renewFault(input)),
    clear: call.input(z.object({ id: z.string() })).mutation(({ ctx, input }) => ctx.engine.clearFault(input)),
    clearAll: call.mutation(({ ctx }) => ctx.engine.clearAllFaults()),
  }),

  experiments: trpc.router({
    start: call
      .input(
        z.object({
          document: documentSchema,
          name: z.string().optional(),
          seed: seed.optional(),
          directory: path.nullable().optional(),
        }),
      )
      .mutation(({ ctx, input }) => ctx.engine.startExperiment(input)),
    stop: call.mutation(({ ctx }) => ctx.engine.stopExperiment()),
    /** Waits for the verdict. */
    done: call.query(({ ctx }) => ctx.engine.experimentDone()),
    last: call.query(({ ctx }) => ctx.engine.lastExperiment()),
    import: call
      .input(z.object({ value: z.unknown(), scenario: z.string().nullable() }))
      .query(({ ctx, input }) => ctx.engine.importExperiment(input)),
    export: call.input(experimentFile).query(({ ctx, input }) => ctx.engine.exportExperiment(input)),
    save: call.input(experimentFile.extend({ path })).mutation(({ ctx, input }) => ctx.engine.saveExperiment(input)),
  }),

  sweeps: trpc.router({
    start: call.input(sweepRequest).mutation(({ ctx, input }) => ctx.engine.startSweep(input)),
    stop: call.mutation(({ ctx }) => ctx.engine.stopSweep()),
    /** Waits for the end of the sweep. */
    done: call.query(({ ctx }) => ctx.engine.sweepDone()),
    /** Of one that runs, what is known so far. */
    last: call.query(({ ctx }) => ctx.engine.lastSweep()),
  }),

  jobs: trpc.router({
    start: call.input(sweepRequest).mutation(({ ctx, input }) => ctx.engine.startJob(input)),
    list: call.query(({ ctx }) => ctx.engine.jobs()),
    get: call.input(z.object({ id: jobId })).query(({ ctx, input }) => ctx.engine.job(input.id)),
    request: call.input(z.object({ id: jobId })).query(({ ctx, input }) => ctx.engine.jobRequest(input.id)),
    /** Waits for the end of the job. */
    done: call.input(z.object({ id: jobId })).query(({ ctx, input }) => ctx.engine.jobDone(input.id)),
    cancel: call.input(z.object({ id: jobId })).mutation(({ ctx, input }) => ctx.engine.cancelJob(input.id)),
    resume: call.input(z.object({ id: jobId })).mutation(({ ctx, input }) => ctx.engine.resumeJob(input.id)),
    delete: call
      .input(z.object({ ids: z.array(jobId).min(1).max(1000) }))
      .mutation(({ ctx, input }) => ctx.engine.deleteJobs(input.ids)),
  }),

  traces: trpc.router({
    list: call
      .input(
        z.object({
          failed: z.boolean().optional(),
          name: z.string().max(4096).optional(),
          reason: z.string().max(64).optional(),
          hop: z.string().max(256).optional(),
          minDurationMs: z.number().min(0).optional(),
          limit: z.number().int().min(1).max(1000).optional(),
        }),
      )
      .query(({ ctx, input }) => ctx.engine.traces(input)),
    get: call.input(z.object({ traceId })).query(({ ctx, input }) => ctx.engine.trace(input.traceId)),
    status: call.query(({ ctx }) => ctx.engine.tracing()),
    flush: call.mutation(({ ctx }) => ctx.engine.flushTraces()),
    configure: call
      .input(z.object({ ratio: z.number().min(0).max(1).nullable(), otlpUrl: z.string().max(2048).nullable() }))
      .mutation(({ ctx, input }) => ctx.engine.configureTracing(input)),
  }),

  records: trpc.router({
    list: call.query(({ ctx }) => ctx.engine.records.list()),
    open: call.input(z.object({ id: z.string() })).query(({ ctx, input }) => ctx.engine.records.open(input.id)),
    document: call.input(z.object({ id: z.string() })).query(({ ctx, input }) => ctx.engine.records.document(input.id)),
    traces: call.input(z.object({ id: z.string() })).query(({ ctx, input }) => ctx.engine.records.traces(input.id)),
    log: call.input(z.object({ id: z.string() })).query(({ ctx, input }) => ctx.engine.records.log(input.id)),
    compare: call
      .input(z.object({ a: z.string(), b: z.string() }))
      .query(({ ctx, input }) => ctx.engine.records.compare(input)),
    report: call
      .input(z.object({ id: z.string(), format: z.enum(reportFormats) }))
      .query(({ ctx, input }) => ctx.engine.records.report(input)),
    saveReport: call
      .input(z.object({ id: z.string(), format: z.enum(reportFormats), path }))
      .mutation(({ ctx, input }) => ctx.engine.records.saveReport(input)),
    writePage: call
      .input(z.object({ id: z.string() }))
      .mutation(({ ctx, input }) => ctx.engine.records.writePage(input.id)),
    delete: call
      .input(z.object({ ids: z.array(z.string()).min(1).max(1000) }))
      .mutation(({ ctx, input }) => ctx.engine.records.delete(input.ids)),
  }),

  frame: call.query(({ ctx }) => ctx.engine.frame()),
  frames: call.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.frames(signal ?? new AbortController().signal);
  }),
  logs: call.input(z.object({ node: z.string().optional() })).subscription(async function* ({ ctx, input, signal }) {
    yield* ctx.engine.logs(input, signal ?? new AbortController().signal);
  }),
});

export type Router = typeof router;

/** For a front door in the engine's own process: the same calls without a socket. */
export const createCaller = trpc.createCallerFactory(router);
