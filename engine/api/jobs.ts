import { hasJobs, hasUnfinished, jobsDirectory, markUnfinished } from '../jobs/directory.ts';
import { ownerOf, takeOwnership } from '../jobs/owner.ts';
import type { Door, JobData, JobsStore } from '../jobs/store.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError, toArchipelError } from '../model/error.ts';
import type { Engine, SweepRequest } from './engine.ts';
import { sweptDocuments } from './sweep-documents.ts';
import type { Sweeps } from './sweeps.ts';
import type { Job, JobState, JobStatus, JobsPicture, SweepResult } from './types.ts';
import { waitUntil } from './wait.ts';

/** What jobs use of the engine around them. */
export interface JobsGround {
  /** Where they are started, and which go on by themselves. */
  door: Door;
  sweeps: Pick<Sweeps, 'start' | 'begin' | 'check'>;
  /** The code in the document may run: it was trusted when the job was started. */
  trust(document: ArchipelDocument): Promise<void>;
  /** Nothing runs that a measurement would disturb, or be disturbed by. */
  isFree(): boolean;
  changed(): void;
  onProblem(error: unknown): void;
}

export interface Jobs {
  start: Engine['startJob'];
  list: Engine['jobs'];
  get: Engine['job'];
  request: Engine['jobRequest'];
  done: Engine['jobDone'];
  cancel: Engine['cancelJob'];
  resume: Engine['resumeJob'];
  delete: Engine['deleteJobs'];
  /** Undefined until the jobs were looked at. */
  picture(): JobsPicture | undefined;
  /** Takes up what an earlier engine of a window has left behind. Opens nothing when there is nothing. */
  takeUp(): Promise<void>;
  /** What runs is interrupted, and goes on in a later engine. */
  close(): Promise<void>;
}

const FREE_POLL_MS = 200;
/** Progress goes to the disk at most so often; the live picture has it at once. */
const TELL_MS = 1000;

const isOver = (state: JobState): boolean => state !== 'waiting' && state !== 'running';
const canGoOn = (state: JobState): boolean => state === 'cancelled' || state === 'interrupted';

/** Sweeps that outlive the window and the engine, one at a time, in the order in which they were asked for. */
export function createJobs(ground: JobsGround): Jobs {
  const { door } = ground;
  const directory = jobsDirectory();
  let opening: Promise<JobsStore> | null = null;
  let picture: JobsPicture | undefined;
  let changes = 0;
  let looking = false;
  let marked: boolean | null = null;
  let failure: ArchipelError | null = null;
  const closing = new AbortController();
  let waiters: (() => void)[] = [];

  const onChange = (): void => {
    changes += 1;
    for (const wake of waiters.splice(0)) wake();
    lookSoon();
  };

  /** One look at a time; a change meanwhile is seen by the next one. */
  const lookSoon = (): void => {
    if (looking || closing.signal.aborted) return;
    looking = true;
    void look()
      .catch(ground.onProblem)
      .finally(() => {
        looking = false;
        if (picture && picture.changes !== changes) lookSoon();
      });
  };

  async function look(): Promise<void> {
    const seen = changes;
    const jobs = await (await store()).list();
    picture = {
      changes: seen,
      waiting: jobs.filter(({ state }) => state === 'waiting').length,
      running: jobs.find(({ state }) => state === 'running')?.id ?? null,
    };
    ground.changed();
    const unfinished = jobs.some((job) => job.door === 'window' && (!isOver(job.state) || job.state === 'interrupted'));
    if (unfinished === marked) return;
    await markUnfinished(directory, unfinished);
    marked = unfinished;
  }

  const store = (): Promise<JobsStore> => {
    if (failure) return Promise.reject(failure);
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };

  async function open(): Promise<JobsStore> {
    const ownership = await takeOwnership(directory);
    if (!ownership) {
      const owner = await ownerOf(directory);
      throw new ArchipelError(
        'wrong-state',
        `Another engine of yours has the jobs open${owner?.pid ? `, process ${owner.pid}` : ''}.`,
        'Use that one, or end it first.',
      );
    }
    try {
      // In a bundle of its own, which an engine without jobs never reads.
      const { openJobsStore } = await import('../jobs/store.ts');
      const opened = await openJobsStore({
        ...{ directory, door, password: ownership.password, onChange },
        onListen: ownership.at,
        onFailure(error) {
          failure = new ArchipelError(
            'file-unwritable',
            `The jobs in ${directory} cannot be written any more: ${error.message}`,
            'Make room there, and start Archipel again.',
            { cause: error },
          );
          ground.onProblem(failure);
          for (const wake of waiters.splice(0)) wake();
        },
      });
      opened.work((id, data, signal) => run(opened, id, data, signal));
      return {
        ...opened,
        async close() {
          await opened.close();
          ownership.release();
        },
      };
    } catch (error) {
      ownership.release();
      throw error;
    }
  }

  async function run(
    opened: JobsStore,
    id: string,
    { request }: JobData,
    cancelled: AbortSignal,
  ): Promise<SweepResult | null> {
    const abort = new AbortController();
    const endFor = (reason: string) => () => abort.abort(new ArchipelError('stopped', reason, 'Resume it.'));
    cancelled.addEventListener('abort', endFor('It was stopped by the user.'));
    closing.signal.addEventListener('abort', endFor('It ended because the engine was closed.'));
    const recorded = await opened.points(id);
    await trustAll(request);
    while (!ground.isFree() && !abort.signal.aborted) await waitUntil(FREE_POLL_MS, abort.signal).catch(() => {});
    // What runs meanwhile is none of its business: it ends without having begun.
    if (abort.signal.aborted || closing.signal.aborted) return null;
    let toldAtMs = 0;
    const sweep = ground.sweeps.begin(request, {
      abort,
      points: {
        recorded,
        keep: (index, point) => opened.keepPoint(id, index, point).catch((error) => Promise.reject(failure ?? error)),
      },
      onStatus(status) {
        if (status.state === 'running' && Date.now() - toldAtMs < TELL_MS) return;
        toldAtMs = Date.now();
        opened.tell(id, status).catch(ground.onProblem);
      },
    });
    const result = await sweep.done;
    return closing.signal.aborted && result.state === 'stopped' ? null : result;
  }

  async function statusOf(id: string): Promise<JobStatus> {
    const status = (await hasJobs(directory)) ? await (await store()).status(id) : null;
    if (status) return status;
    throw new ArchipelError('not-found', `There is no job "${id}".`, 'List them with `archipel jobs`.');
  }

  const trustAll = async (request: SweepRequest): Promise<void> => {
    for (const document of sweptDocuments(request)) await ground.trust(document);
  };

  return {
    async start(request) {
      // Refused at once, and not when its turn comes.
      const { type, name, document } = ground.sweeps.check(request);
      const opened = await store().catch((error: unknown) => toArchipelError(error));
      if (opened instanceof ArchipelError) {
        ground.onProblem(opened);
        await ground.sweeps.start(request);
        return { id: null, notKept: opened.message };
      }
      return { id: await opened.add({ request, type, name, document, door }), notKept: null };
    },
    list: async () => ((await hasJobs(directory)) ? (await store()).list() : []),
    async get(id) {
      const status = await statusOf(id);
      return { status, result: isOver(status.state) ? await (await store()).result(id) : null };
    },
    async request(id) {
      await statusOf(id);
      return ((await (await store()).data(id)) as JobData).request;
    },
    async done(id): Promise<Job> {
      for (;;) {
        if (closing.signal.aborted)
          throw new ArchipelError('stopped', 'The engine was closed.', 'Resume the job with another one.');
        const changed = new Promise<void>((resolve) => waiters.push(resolve));
        const status = await statusOf(id);
        if (isOver(status.state)) return { status, result: await (await store()).result(id) };
        await changed;
      }
    },
    async cancel(id) {
      const { state } = await statusOf(id);
      if (isOver(state) && state !== 'interrupted')
        throw new ArchipelError('wrong-state', `The job "${id}" is over.`, 'There is nothing left to cancel.');
      await (await store()).cancel(id);
    },
    async resume(id) {
      const { state } = await statusOf(id);
      if (!canGoOn(state))
        throw new ArchipelError(
          'wrong-state',
          `The job "${id}" is ${state}, and only one that was cancelled or interrupted can go on.`,
          'Start it anew.',
        );
      const opened = await store();
      const data = await opened.data(id);
      if (data) {
        // Its code was trusted when it was started.
        await trustAll(data.request);
        ground.sweeps.check(data.request);
      }
      await opened.resume(id);
    },
    async delete(ids) {
      for (const id of ids) {
        const { state } = await statusOf(id);
        if (!isOver(state)) throw new ArchipelError('wrong-state', `The job "${id}" is ${state}.`, 'Cancel it first.');
        await (await store()).delete(id);
      }
    },
    picture: () => picture,
    async takeUp() {
      if (door !== 'window' || !(await hasUnfinished(directory)) || (await ownerOf(directory))) return;
      const opened = await store();
      for (const id of await opened.leftBehind()) await opened.resume(id);
      onChange();
    },
    async close() {
      closing.abort();
      for (const wake of waiters.splice(0)) wake();
      waiters = [];
      const opened = await opening?.catch(() => null);
      await opened?.close();
    },
  };
}
