import { randomBytes } from 'node:crypto';
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { SweepRequest } from '../api/engine.ts';
import type { JobStatus, SweepResult, SweepStatus } from '../api/types.ts';
import type { Point } from '../sweeps/course.ts';
import { createServer } from '../wire/resp/server.ts';

/*
 * Jobs in BullMQ, over a server of the protocol of Redis in this process whose log lies in a directory. Alone in its
 * bundle: an engine without jobs does not even read it.
 */

export type Door = JobStatus['door'];

export interface JobData extends Pick<JobStatus, 'type' | 'name' | 'document' | 'door'> {
  request: SweepRequest;
  /** Somebody has ended it while it did not run. */
  isCancelled?: boolean;
}

type Measuring = Job<JobData, SweepResult>;

/** Runs one job. Resolves with its result, or that of what was measured when it was cancelled; null: it can go on later. */
type Run = (id: string, data: JobData, signal: AbortSignal) => Promise<SweepResult | null>;

/** One queue for each door: an engine takes only what is for its own. */
const queues: Record<Door, string> = { window: 'measurements', command: 'measurements-of-commands' };
const INTERRUPTED = 'interrupted';
const POINTS = 'archipel:points:';
/** Of those that are over, so many are kept in each queue. */
const KEPT = 50;
/** Also a computer that slept for days has it still: nobody else takes jobs from this directory. */
const LOCK_MS = 7 * 24 * 3_600_000;
/** One that ended the engine so often without a new measurement is not started again by itself. */
const MAX_VAIN_STARTS = 3;

export interface JobsStore {
  add(data: JobData): Promise<string>;
  /** The newest first. */
  list(): Promise<JobStatus[]>;
  status(id: string): Promise<JobStatus | null>;
  data(id: string): Promise<JobData | null>;
  /** Of one that has ended with one. */
  result(id: string): Promise<SweepResult | null>;
  points(id: string): Promise<Point[]>;
  /** Resolves when it is on the disk. One that is there already stays as it is. */
  keepPoint(id: string, index: number, point: Point): Promise<void>;
  tell(id: string, progress: SweepStatus): Promise<void>;
  /** Puts one that was cancelled or interrupted in the line of this engine. */
  resume(id: string): Promise<void>;
  /** Aborts the signal of one that runs; of another, it is over. */
  cancel(id: string): Promise<void>;
  /** Only of one that does not run. */
  delete(id: string): Promise<void>;
  /** What an earlier engine left before its end, and may go on by itself here. */
  leftBehind(): Promise<string[]>;
  /** From now on takes the jobs of its door, one after the other. */
  work(run: Run): void;
  /** Waits for what runs: end it first. */
  close(): Promise<void>;
}

export async function openJobsStore(options: {
  directory: string;
  password: string;
  door: Door;
  onListen(port: number): Promise<void>;
  /** Something about a job has changed. */
  onChange(): void;
  /** Nothing can be kept any more; what is asked of the store from now on need not be answered. */
  onFailure(error: Error): void;
}): Promise<JobsStore> {
  const { onChange, door, password } = options;
  let fail = (_: Error): void => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  let hasFailed = false;
  failed.catch((error: Error) => {
    hasFailed = true;
    options.onFailure(error);
  });
  const server = createServer({ dataDir: options.directory, fsync: 'always', password, onDiskFailure: (e) => fail(e) });
  const port = await server.listen();
  await options.onListen(port);
  const connection = { host: '127.0.0.1', port, password, maxRetriesPerRequest: null };
  const open = (name: string): Queue<JobData, SweepResult> => {
    const queue = new Queue<JobData, SweepResult>(name, {
      connection,
      defaultJobOptions: { removeOnComplete: { count: KEPT }, removeOnFail: { count: KEPT } },
    });
    // The connection complains when it is closed at the end.
    queue.on('error', () => {});
    return queue;
  };
  const own = open(queues[door]);
  const others = (Object.keys(queues) as Door[]).filter((other) => other !== door).map((other) => open(queues[other]));
  const everywhere = [own, ...others];
  let worker: Worker<JobData, SweepResult> | null = null;

  const queueOf = async (id: string): Promise<{ queue: Queue<JobData, SweepResult>; job: Measuring } | null> => {
    for (const queue of everywhere) {
      const job = await queue.getJob(id);
      if (job) return { queue, job };
    }
    return null;
  };

  const all = async (): Promise<Measuring[]> => {
    const found = new Map<string, Measuring>();
    for (const queue of everywhere)
      for (const job of await queue.getJobs(['active', 'waiting', 'completed', 'failed']))
        if (job?.id && !found.has(job.id)) found.set(job.id, job);
    return [...found.values()];
  };

  const pointsKept = async (id: string): Promise<number> => Number(await server.execute('HLEN', POINTS + id));

  async function statusOf(job: Measuring): Promise<JobStatus> {
    const { data, returnvalue, progress, finishedOn, failedReason } = job;
    const id = job.id as string;
    const state = stateOf(data, await job.getState(), returnvalue);
    return {
      ...{ id, type: data.type, name: data.name, document: data.document, door: data.door, state },
      createdAtMs: job.timestamp,
      endedAtMs: state === 'waiting' || state === 'running' ? null : (finishedOn ?? null),
      pointsKept: await pointsKept(id),
      progress: typeof progress === 'object' ? (progress as SweepStatus) : null,
      conclusion: returnvalue?.conclusion ?? (failedReason && failedReason !== INTERRUPTED ? failedReason : null),
    };
  }

  /** What an engine that is gone had under way. Only one engine at a time has this directory, so that nobody works on it. */
  async function endStale(): Promise<void> {
    for (const queue of everywhere)
      for (const job of await queue.getJobs(['active'])) {
        const token = 'gone';
        await server.execute('SET', queue.toKey(`${job.id}:lock`), token, 'PX', String(LOCK_MS));
        await job.moveToFailed(new UnrecoverableError(INTERRUPTED), token);
      }
    if (door === 'window') return;
    // Nobody waits for what an earlier command has put in the line.
    const taker = new Worker<JobData, SweepResult>(own.name, null, { connection, skipStalledCheck: true });
    taker.on('error', () => {});
    for (;;) {
      const job = await taker.getNextJob('gone', { block: false });
      if (!job) break;
      await job.moveToFailed(new UnrecoverableError(INTERRUPTED), 'gone', false);
    }
    await taker.close();
  }

  /** Of jobs that are not kept any more. */
  async function forgetPoints(): Promise<void> {
    const known = new Set((await all()).map(({ id }) => POINTS + id));
    for (const key of (await server.execute('KEYS', `${POINTS}*`)) as string[])
      if (!known.has(key)) await server.execute('DEL', key);
  }

  await endStale();
  await forgetPoints();

  return {
    async add(data) {
      const jobId = `j${randomBytes(4).toString('hex')}`;
      await own.add(data.type, data, { jobId });
      onChange();
      return jobId;
    },
    async list() {
      const found = await Promise.all((await all()).map(statusOf));
      return found.sort((a, b) => b.createdAtMs - a.createdAtMs);
    },
    async status(id) {
      const found = await queueOf(id);
      return found && statusOf(found.job);
    },
    data: async (id) => (await queueOf(id))?.job.data ?? null,
    result: async (id) => (await queueOf(id))?.job.returnvalue ?? null,
    async points(id) {
      // The n-th one is its field n: they are kept one after the other, and none is taken away.
      const fields = Array.from({ length: await pointsKept(id) }, (_, index) => String(index));
      if (fields.length === 0) return [];
      return ((await server.execute('HMGET', POINTS + id, ...fields)) as string[]).map(fromBytes);
    },
    async keepPoint(id, index, point) {
      await Promise.race([server.execute('HSETNX', POINTS + id, String(index), toBytes(point)), failed]);
      onChange();
    },
    async tell(id, progress) {
      await (await own.getJob(id))?.updateProgress(progress);
      onChange();
    },
    async resume(id) {
      const found = await queueOf(id);
      if (!found) return;
      const { queue, job } = found;
      const { isCancelled: _, ...data } = job.data;
      if (queue === own) {
        await job.updateData(data);
        await job.retry((await job.isFailed()) ? 'failed' : 'completed');
      } else {
        // First in the new queue: an engine that dies in between has it in both, and sees its own.
        await own.add(data.type, { ...data, door }, { jobId: id, timestamp: job.timestamp });
        await job.remove();
      }
      onChange();
    },
    async cancel(id) {
      if (worker?.cancelJob(id)) return;
      const found = await queueOf(id);
      if (found) await found.job.updateData({ ...found.job.data, isCancelled: true });
      onChange();
    },
    async delete(id) {
      await (await queueOf(id))?.job.remove();
      await server.execute('DEL', POINTS + id);
      onChange();
    },
    async leftBehind() {
      const left: string[] = [];
      for (const { id, data, attemptsStarted } of await own.getJobs(['failed']))
        if (id && !data.isCancelled && attemptsStarted - (await pointsKept(id)) <= MAX_VAIN_STARTS) left.push(id);
      // The oldest first: `getJobs` begins with the newest.
      return left.reverse();
    },
    work(run) {
      worker = new Worker<JobData, SweepResult>(
        own.name,
        async (job, _token, signal) => {
          onChange();
          // Read anew: it may have been cancelled in the line.
          const { data } = (await own.getJob(job.id as string)) ?? job;
          const result = data.isCancelled ? null : await run(job.id as string, data, signal as AbortSignal);
          if (result) return result;
          if (signal?.aborted) await job.updateData({ ...data, isCancelled: true });
          throw new UnrecoverableError(INTERRUPTED);
        },
        { connection, skipStalledCheck: true, lockDuration: LOCK_MS },
      );
      worker.on('error', () => {});
      worker.on('completed', onChange);
      worker.on('failed', onChange);
    },
    async close() {
      if (hasFailed) {
        // They would wait for confirmations that do not come.
        void worker?.close(true).catch(() => {});
        for (const queue of everywhere) void queue.disconnect().catch(() => {});
      } else {
        await worker?.close();
        await Promise.all(everywhere.map((queue) => queue.close()));
      }
      await server.close();
    },
  };
}

function stateOf(
  { isCancelled }: JobData,
  bull: Awaited<ReturnType<Measuring['getState']>>,
  result: SweepResult | null,
): JobStatus['state'] {
  if (bull === 'active') return 'running';
  if (isCancelled) return 'cancelled';
  if (bull === 'failed') return 'interrupted';
  if (bull !== 'completed' || !result) return 'waiting';
  if (result.state === 'done') return 'done';
  return result.state === 'stopped' ? 'cancelled' : 'inconclusive';
}

/** The server's strings are bytes, one in each unit of a string of ours. */
const toBytes = (point: Point): string => Buffer.from(JSON.stringify(point), 'utf8').toString('latin1');
const fromBytes = (text: string): Point => JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as Point;
