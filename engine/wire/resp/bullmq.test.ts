import {
  createNodeRedisClient,
  FlowProducer,
  type Job,
  Queue,
  QueueEvents,
  RedisConnection,
  UnrecoverableError,
  Worker,
} from 'bullmq';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findReal, type Subject, startOurs, startReal } from './contract.fixture.ts';

/* BullMQ, unchanged, through both of its stock clients, against ours and, where there is one, redis-server. */

type Closable = { close(): Promise<unknown>; on(event: 'error', listener: (error: Error) => void): unknown };

const real = findReal();
const subjects = [
  ['our server', 'ioredis', () => startOurs()],
  ['our server', 'node-redis', () => startOurs()],
  ['redis-server', 'ioredis', () => startReal(real as string)],
] as const;

describe.each(subjects)('%s through %s', (name, client, start) => {
  const skipped = name === 'redis-server' && real === null;
  let subject: Subject;
  let connection: { host: string; port: number };
  let open: Closable[] = [];
  let queueNumber = 0;
  let queueName = '';
  let events: QueueEvents;

  beforeAll(async () => {
    if (skipped) return;
    subject = await start();
    connection = { host: '127.0.0.1', port: subject.port };
    if (client === 'node-redis')
      RedisConnection.clientFactory = ({ host, port }) =>
        createNodeRedisClient(createClient({ socket: { host, port } }) as never);
  });
  afterAll(async () => {
    delete RedisConnection.clientFactory;
    await subject?.stop();
  });

  const keep = <T extends Closable>(opened: T): T => {
    // Connections that are closed on purpose complain.
    opened.on('error', () => {});
    open.push(opened);
    return opened;
  };
  const queueOf = (): Queue => keep(new Queue(queueName, { connection }));
  const workerOf = (process: (job: Job) => Promise<unknown>, options: object = {}): Worker =>
    keep(new Worker(queueName, process, { connection, drainDelay: 1, ...options }));

  beforeEach(async (context) => {
    context.skip(skipped, 'there is no redis-server on PATH to compare with');
    queueNumber += 1;
    queueName = `queue ${queueNumber}`;
    events = keep(new QueueEvents(queueName, { connection }));
    await events.waitUntilReady();
  });
  afterEach(async () => {
    for (const each of open.reverse()) await each.close();
    open = [];
  });

  test('jobs are processed, each once, in their order, and results come back', async () => {
    const queue = queueOf();
    const seen: number[] = [];
    await queue.addBulk(Array.from({ length: 50 }, (_, n) => ({ name: 'job', data: { n } })));
    workerOf(async (job) => {
      seen.push(job.data.n);
      return job.data.n * 2;
    });
    const last = await queue.add('job', { n: 50, text: 'naïve 🙂' });
    expect(await last.waitUntilFinished(events)).toBe(100);
    expect(seen).toEqual(Array.from({ length: 51 }, (_, n) => n));
    const counts = await queue.getJobCounts();
    expect(counts).toMatchObject({ completed: 51, active: 0, waiting: 0, failed: 0 });
    expect((await queue.getJob(last.id as string))?.data).toEqual({ n: 50, text: 'naïve 🙂' });
  });

  test('a delayed job runs not before its time', async () => {
    const queue = queueOf();
    workerOf(async () => Date.now());
    const startedAtMs = Date.now();
    const job = await queue.add('later', {}, { delay: 300 });
    expect(await job.getState()).toBe('delayed');
    expect((await job.waitUntilFinished(events)) - startedAtMs).toBeGreaterThanOrEqual(300);
  });

  test('a job that fails is tried again with exponential backoff, and fails for good in the end', async () => {
    const queue = queueOf();
    const triedAtMs: number[] = [];
    workerOf(async (job) => {
      triedAtMs.push(Date.now());
      if (job.name === 'hopeless') throw new UnrecoverableError('hopeless');
      if (job.attemptsMade < 2) throw new Error(`attempt ${job.attemptsMade}`);
      return 'at last';
    });
    const job = await queue.add('flaky', {}, { attempts: 3, backoff: { type: 'exponential', delay: 60 } });
    expect(await job.waitUntilFinished(events)).toBe('at last');
    const [first = 0, second = 0, third = 0] = triedAtMs;
    expect(second - first).toBeGreaterThanOrEqual(60);
    expect(third - second).toBeGreaterThanOrEqual(120);
    const hopeless = await queue.add('hopeless', {}, { attempts: 5 });
    await expect(hopeless.waitUntilFinished(events)).rejects.toThrow('hopeless');
    expect(await queue.getFailedCount()).toBe(1);
    expect((await queue.getFailed())[0]?.failedReason).toBe('hopeless');
    await hopeless.retry();
    await expect(hopeless.waitUntilFinished(events)).rejects.toThrow('hopeless');
  });

  test('priorities decide the order, and changing one moves the job', async () => {
    const queue = queueOf();
    for (const priority of [5, 1, 3]) await queue.add(`priority ${priority}`, {}, { priority });
    const late = await queue.add('late', {}, { priority: 9 });
    await late.changePriority({ priority: 2 });
    const plain = await queue.add('plain', {});
    const order: string[] = [];
    const done = new Promise<void>((resolve) => {
      workerOf(async (job) => {
        order.push(job.name);
        if (order.length === 5) resolve();
      });
    });
    await done;
    expect(plain.name).toBe('plain');
    expect(order).toEqual(['plain', 'priority 1', 'late', 'priority 3', 'priority 5']);
  });

  test('a scheduler makes a job for each turn until it is removed', async () => {
    const queue = queueOf();
    let runs = 0;
    const enough = new Promise<void>((resolve) => {
      workerOf(async () => {
        runs += 1;
        if (runs === 3) resolve();
      });
    });
    await queue.upsertJobScheduler('every', { every: 80 }, { name: 'tick' });
    await enough;
    expect(await queue.getJobSchedulersCount()).toBe(1);
    expect(await queue.removeJobScheduler('every')).toBe(true);
    expect(await queue.getJobSchedulersCount()).toBe(0);
  });

  test('the parent of a flow waits for its children and gets their results', async () => {
    queueOf();
    workerOf(async (job) => {
      if (job.name !== 'sum') return job.data.n;
      const values = Object.values(await job.getChildrenValues());
      return values.reduce((sum: number, value) => sum + (value as number), 0);
    });
    const flow = keep(new FlowProducer({ connection }));
    const { job } = await flow.add({
      name: 'sum',
      queueName,
      children: [1, 2, 3].map((n) => ({ name: 'part', queueName, data: { n } })),
    });
    expect(await job.waitUntilFinished(events)).toBe(6);
  });

  test('a rate limit is kept', async () => {
    const queue = queueOf();
    const startedAtMs: number[] = [];
    const done = new Promise<void>((resolve) => {
      workerOf(
        async () => {
          startedAtMs.push(Date.now());
          if (startedAtMs.length === 5) resolve();
        },
        { limiter: { max: 2, duration: 250 } },
      );
    });
    await queue.addBulk(Array.from({ length: 5 }, () => ({ name: 'limited', data: {} })));
    await done;
    // Two in each window: the fifth comes in the third.
    expect((startedAtMs[4] as number) - (startedAtMs[0] as number)).toBeGreaterThanOrEqual(400);
  });

  test('a job whose worker went away is taken up by another', async () => {
    const queue = queueOf();
    let starts = 0;
    const process = async (): Promise<string> => {
      starts += 1;
      if (starts === 1) await new Promise(() => {});
      return 'saved';
    };
    const gone = new Worker(queueName, process, {
      connection,
      lockDuration: 200,
      skipLockRenewal: true,
      skipStalledCheck: true,
    });
    gone.on('error', () => {});
    const stalled = new Promise((resolve) => events.on('stalled', ({ jobId }) => resolve(jobId)));
    const taken = new Promise((resolve) => gone.once('active', resolve));
    const job = await queue.add('job', {});
    await taken;
    await gone.close(true);
    workerOf(process, { stalledInterval: 100, lockDuration: 200 });
    expect(await job.waitUntilFinished(events)).toBe('saved');
    expect(await stalled).toBe(job.id);
    expect(starts).toBe(2);
  });

  test('events tell of each step; progress, logs, pause, drain and obliterate work', async () => {
    const queue = queueOf();
    const told: string[] = [];
    for (const event of [
      'added',
      'waiting',
      'active',
      'progress',
      'completed',
      'paused',
      'resumed',
      'drained',
    ] as const)
      events.on(event, () => told.push(event));
    await queue.pause();
    expect(await queue.isPaused()).toBe(true);
    const job = await queue.add('job', {});
    workerOf(async (each) => {
      await each.log('a line');
      await each.updateProgress(50);
      return null;
    });
    await queue.resume();
    await job.waitUntilFinished(events);
    expect((await queue.getJobLogs(job.id as string)).logs).toEqual(['a line']);
    expect(told).toEqual(expect.arrayContaining(['paused', 'added', 'resumed', 'active', 'progress', 'completed']));
    expect(await queue.add('same', {}, { deduplication: { id: 'one' }, delay: 60_000 }).then(({ id }) => id)).toBe(
      (await queue.add('same', {}, { deduplication: { id: 'one' }, delay: 60_000 })).id,
    );
    await queue.drain(true);
    expect(await queue.clean(0, 100, 'completed')).toEqual([job.id]);
    await queue.obliterate({ force: true });
    expect(await queue.getJobCounts()).toMatchObject({ completed: 0, waiting: 0, delayed: 0 });
  });
});
