import {
  createNodeRedisClient,
  FlowProducer,
  type Job,
  Queue,
  QueueEvents,
  QueueEventsProducer,
  RedisConnection,
  Relay,
  UnrecoverableError,
  Worker,
} from 'bullmq';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectResp } from './client.ts';
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
      RedisConnection.clientFactory = ({ host, port, connectionName }) =>
        createNodeRedisClient(createClient({ socket: { host, port }, name: connectionName }) as never);
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

  /** Asks the server itself, with a client of our own. */
  const ask = async (...request: string[]): Promise<unknown> => {
    const direct = await connectResp({ port: subject.port });
    const [reply] = await direct.send(request);
    direct.destroy();
    return reply;
  };
  const keysOf = async (): Promise<string[]> => {
    const keys = (await ask('KEYS', `bull:${queueName}:*`)) as string[];
    return keys.map((key) => key.slice(`bull:${queueName}:`.length)).sort();
  };
  const refusalOf = (made: Promise<unknown>): Promise<string> =>
    made.then(
      () => 'none',
      (error: Error) => error.message,
    );

  test('of jobs with one id of deduplication a delayed one is replaced, and the last one follows an active one', async () => {
    const queue = queueOf();
    const once = (id: string, options: object = {}): object => ({ deduplication: { id, ...options } });
    await queue.add('first', {}, { jobId: 'first', ...once('plain') });
    await queue.add('second', {}, { jobId: 'second', ...once('plain') });
    expect(await queue.getJob('second')).toBeUndefined();
    await queue.remove('first');
    expect(await queue.getDeduplicationJobId('plain')).toBeNull();
    for (const n of [1, 2, 3]) await queue.add('late', { n }, { delay: 60_000, ...once('late', { replace: true }) });
    expect((await queue.getDelayed()).map(({ data }) => data.n)).toEqual([3]);
    await queue.add('held', {}, once('held', { ttl: 60_000 }));
    expect(await ask('PTTL', `bull:${queueName}:de:held`)).toBeGreaterThan(30_000);
    await queue.drain(true);

    const seen: number[] = [];
    let finish: () => void = () => {};
    const isActive = new Promise<void>((resolve) => {
      workerOf(async ({ data }) => {
        seen.push(data.n);
        if (data.n > 0) return;
        resolve();
        await new Promise<void>((done) => {
          finish = done;
        });
      });
    });
    for (const n of [0, 1, 2]) {
      await queue.add('busy', { n }, once('busy', { keepLastIfActive: true }));
      if (n === 0) await isActive;
    }
    const last = new Promise((resolve) => events.on('drained', resolve));
    finish();
    await last;
    expect(seen).toEqual([0, 2]);
  });

  test('cleaning, orphans and obliterating leave nothing behind', async () => {
    const queue = queueOf();
    const flow = keep(new FlowProducer({ connection }));
    const children = [1, 2].map((n) => ({ name: 'part', queueName, data: { n } }));
    await flow.add({ name: 'whole', queueName, children });
    expect((await queue.clean(0, 0, 'wait')).length).toBe(2);
    expect(await keysOf()).toEqual(['events', 'id', 'marker', 'meta']);
    for (const [state, options] of [
      ['delayed', { delay: 60_000 }],
      ['prioritized', { priority: 3 }],
      ['wait', {}],
    ] as const) {
      await queue.addBulk(Array.from({ length: 5 }, (_, n) => ({ name: state, data: { n }, opts: options })));
      expect((await queue.clean(60_000, 10, state)).length).toBe(0);
      expect((await queue.clean(0, 2, state)).length).toBe(2);
    }
    for (const id of ['lost', 'strayed']) await ask('HSET', `bull:${queueName}:${id}`, 'name', 'orphan');
    await ask('SET', `bull:${queueName}:gone:lock`, 'token');
    expect(await queue.removeOrphanedJobs(10)).toBe(3);
    expect(await queue.count()).toBe(9);
    await queue.upsertJobScheduler('every', { every: 60_000 });
    await queue.addBulk(Array.from({ length: 300 }, () => ({ name: 'many', data: {} })));
    await queue.obliterate({ count: 100 });
    expect(await keysOf()).toEqual([]);
  });

  test('a child that fails fails its parent, lets it go on, or is forgotten, as it was told', async () => {
    const queue = queueOf();
    const flow = keep(new FlowProducer({ connection }));
    const nodes = [];
    for (const then of ['failParentOnFailure', 'ignoreDependencyOnFailure', 'removeDependencyOnFailure'])
      nodes.push(
        await flow.add({
          name: then,
          queueName,
          children: [
            { name: 'bad', queueName, opts: { [then]: true } },
            { name: 'good', queueName },
          ],
        }),
      );
    workerOf(async (job) => {
      if (job.name === 'bad') throw new Error('bad');
      return job.name;
    });
    const [failed, ignoring, forgetting] = nodes.map(({ job }) => job) as [Job, Job, Job];
    await expect(failed.waitUntilFinished(events)).rejects.toThrow(/child bull:.* failed/);
    expect(await ignoring.waitUntilFinished(events)).toBe('ignoreDependencyOnFailure');
    expect(await forgetting.waitUntilFinished(events)).toBe('removeDependencyOnFailure');
    expect(Object.values(await ignoring.getIgnoredChildrenFailures())).toEqual(['bad']);
    expect(await ignoring.getDependenciesCount()).toMatchObject({ processed: 1, ignored: 1, unprocessed: 0 });
    expect(Object.values(await forgetting.getChildrenValues())).toEqual(['good']);
    expect((await queue.getFailed()).map(({ name }) => name).sort()).toEqual([
      'bad',
      'bad',
      'bad',
      'failParentOnFailure',
    ]);
  });

  test('jobs are taken by hand; who has not the lock is refused', async () => {
    const queue = queueOf();
    const worker = keep(new Worker(queueName, null, { connection }));
    await queue.addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {}, opts: { attempts: 2 } })));
    const a = (await worker.getNextJob('mine')) as Job;
    const lock = `bull:${queueName}:${a.id}:lock`;
    expect([a.name, await ask('GET', lock)]).toEqual(['a', 'mine']);
    expect(await refusalOf(a.moveToCompleted(1, 'yours', false))).toMatch(/Lock mismatch/);
    await ask('DEL', lock);
    expect(await refusalOf(a.moveToCompleted(1, 'mine', false))).toMatch(/Missing lock/);
    const b = (await worker.getNextJob('mine')) as Job;
    await b.moveToDelayed(Date.now() + 60_000, 'mine');
    expect(await b.getState()).toBe('delayed');
    expect(await refusalOf(b.retry())).toMatch(/not in the failed state/);
    await b.promote();
    expect(await refusalOf(b.promote())).toMatch(/not in the delayed state/);
    const c = (await worker.getNextJob('mine')) as Job;
    await c.moveToFailed(new Error('once'), 'mine');
    expect([await c.getState(), await queue.getWaitingCount()]).toEqual(['waiting', 2]);
    await ask('DEL', `bull:${queueName}:${c.id}`);
    expect(await refusalOf(c.updateProgress(1))).toMatch(/Missing key/);
  });

  test('no more than so many are active in all workers; getters page through what there is', async () => {
    const queue = queueOf();
    await queue.setGlobalConcurrency(2);
    let active = 0;
    let most = 0;
    const process = async (): Promise<void> => {
      active += 1;
      most = Math.max(most, active);
      await queue.getGlobalConcurrency();
      active -= 1;
    };
    workerOf(process, { concurrency: 5 });
    workerOf(process, { concurrency: 5, metrics: { maxDataPoints: 10 } });
    const jobs = await queue.addBulk(Array.from({ length: 12 }, (_, n) => ({ name: 'job', data: { n } })));
    for (const job of jobs) await job.waitUntilFinished(events);
    expect(most).toBe(2);
    expect((await queue.getCompleted(1, 2)).length).toBe(2);
    expect((await queue.getJobs(['completed'], 20, 30, true)).length).toBe(0);
    await queue.pause();
    await queue.addBulk(Array.from({ length: 9 }, (_, n) => ({ name: 'job', data: {}, opts: { priority: n % 3 } })));
    expect(await queue.getCountsPerPriority([0, 1, 2, 3])).toEqual({ 0: 3, 1: 3, 2: 3, 3: 0 });
    expect(await queue.exportPrometheusMetrics()).toContain(`state="completed"} 12`);
    expect((await queue.getWorkers()).length).toBe(2);
    expect((await queue.getQueueEvents()).length).toBe(1);
  });

  test('the stream of events is trimmed, read from a point, and has events of others in it', async () => {
    const queue = queueOf();
    await queue.addBulk(Array.from({ length: 150 }, (_, n) => ({ name: 'job', data: { n } })));
    const stream = `bull:${queueName}:events`;
    expect(await ask('XLEN', stream)).toBe(300);
    await queue.trimEvents(120);
    const left = (await ask('XLEN', stream)) as number;
    expect(left).toBeGreaterThanOrEqual(120);
    expect(left).toBeLessThan(300);
    const listener = keep(new QueueEvents(queueName, { connection, lastEventId: '0-0' }));
    const heard: string[] = [];
    listener.on('waiting', ({ jobId }) => heard.push(jobId));
    const told = new Promise((resolve) => listener.on('mine' as never, resolve as never));
    const producer = keep(new QueueEventsProducer(queueName, { connection }));
    await producer.publishEvent({ eventName: 'mine', text: 'naïve 🙂' });
    expect(await told).toEqual({ text: 'naïve 🙂' });
    expect(heard).toEqual(Array.from({ length: left / 2 }, (_, n) => String(151 - left / 2 + n)));
  });

  test('a worker whose connection is cut comes back, and misses nothing', async () => {
    const queue = queueOf();
    const seen: number[] = [];
    let heard: () => void = () => {};
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        heard = resolve;
      });
    let turn = next();
    const worker = workerOf(
      async ({ data }) => {
        seen.push(data.n);
        heard();
      },
      { runRetryDelay: 20 },
    );
    await worker.waitUntilReady();
    for (const n of [1, 2, 3]) {
      await queue.add('job', { n });
      await turn;
      turn = next();
      if (n === 1) expect(await ask('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')).toBeGreaterThan(0);
    }
    expect(seen.filter((n, place) => seen.indexOf(n) === place)).toEqual([1, 2, 3]);
  });

  const relays = async (namespace: string): Promise<{ publisher: Relay; subscriber: Relay }> => {
    const relayOf = (): Relay => keep(new Relay({ connection, namespace }));
    const both = { publisher: relayOf(), subscriber: relayOf() };
    await Promise.all([both.publisher.waitUntilReady(), both.subscriber.waitUntilReady()]);
    return both;
  };

  /** Subscribes; `all` resolves with the first `count` of what it is sent. */
  const hear = async (relay: Relay, pattern: string, count: number): Promise<{ all: Promise<unknown[]> }> => {
    const heard: unknown[] = [];
    let last: () => void = () => {};
    const all = new Promise<unknown[]>((resolve) => {
      last = () => resolve(heard);
    });
    await relay.subscribe(pattern, ({ data }) => {
      if (heard.push(data) === count) last();
    });
    return { all };
  };

  test('a relay gives each subscriber what matches, in order, and the last message to who comes later', async () => {
    const { publisher, subscriber } = await relays(`relay-${queueNumber}`);
    const heard = await hear(subscriber, 'jobs.*.done', 20);
    await publisher.publish('jobs.1.begun', 'not this');
    for (let n = 0; n < 20; n += 1) await publisher.publish(`jobs.${n}.done`, n, { retain: 60_000 });
    expect(await heard.all).toEqual(Array.from({ length: 20 }, (_, n) => n));
    const late: unknown[] = [];
    await subscriber.subscribe('jobs.7.done', ({ data, retained }) => {
      late.push([data, retained]);
    });
    expect(late).toEqual([[7, true]]);
  });

  test('dependencies come in pages, first those that wait and then those that are done', async () => {
    const queue = queueOf();
    const worker = keep(new Worker(queueName, null, { connection }));
    await queue.add('whole', {}, { jobId: 'whole' });
    const whole = (await worker.getNextJob('mine')) as Job;
    const parent = { id: 'whole', queue: queue.qualifiedName };
    await queue.addBulk(Array.from({ length: 65 }, (_, n) => ({ name: 'part', data: { n }, opts: { parent } })));
    const first = await whole.getDependencies({ unprocessed: { count: 50 } });
    expect(first.unprocessed?.length).toBeGreaterThanOrEqual(50);
    const cursor = first.nextUnprocessedCursor as number;
    const rest = cursor === 0 ? [] : (await whole.getDependencies({ unprocessed: { count: 50, cursor } })).unprocessed;
    expect(new Set([...(first.unprocessed ?? []), ...(rest ?? [])]).size).toBe(65);
    expect(await refusalOf(whole.moveToCompleted(1, 'mine', false))).toMatch(/pending dependencies/);
    expect(await whole.moveToWaitingChildren('mine')).toBe(true);
    for (let n = 0; n < 65; n += 1)
      await ((await worker.getNextJob('mine')) as Job).moveToCompleted(`part ${n}`, 'mine', false);
    expect(await whole.getState()).toBe('waiting');
    expect(Object.values((await whole.getDependencies()).processed ?? {}).sort()).toEqual(
      Array.from({ length: 65 }, (_, n) => `part ${n}`).sort(),
    );
  });

  test('a worker that lost its lock is told, and what stalls too often fails', async () => {
    const queue = queueOf();
    const job = await queue.add('job', {});
    let finish: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const robbed = workerOf(() => held, { skipStalledCheck: true });
    const complaint = new Promise<string>((resolve) => robbed.once('error', ({ message }) => resolve(message)));
    while ((await job.getState()) !== 'active');
    await ask('SET', `bull:${queueName}:${job.id}:lock`, 'another');
    finish();
    expect(await complaint).toMatch(/Lock mismatch/);
    await robbed.close();
    await ask('DEL', `bull:${queueName}:${job.id}:lock`);
    const gone = new Promise<string>((resolve) => events.once('failed', ({ failedReason }) => resolve(failedReason)));
    workerOf(async () => 'never', { stalledInterval: 30, maxStalledCount: 0 });
    expect(await gone).toBe('job stalled more than allowable limit');
    expect(await job.getState()).toBe('failed');
  });

  test('orphans that many scans meet are removed once each, and what is no orphan stays', async () => {
    const queue = queueOf();
    for (let n = 0; n < 150; n += 1) await ask('HSET', `bull:${queueName}:orphan-${n}`, 'name', 'orphan');
    await queue.addBulk([1, 2].map((n) => ({ name: 'kept', data: { n } })));
    expect(await queue.removeOrphanedJobs(10)).toBe(150);
    expect(await queue.getWaitingCount()).toBe(2);
  });

  test('a relay whose connection is cut gets what was published meanwhile, and leaves nothing of itself', async () => {
    const namespace = `cut-${queueNumber}`;
    const { publisher, subscriber } = await relays(namespace);
    const heard = await hear(subscriber, 'jobs.*', 3);
    const readers = async (): Promise<string[]> =>
      ((await ask('CLIENT', 'LIST')) as string).split('\n').filter((line) => line.includes('cmd=xread'));
    while ((await readers()).length < 3);
    for (const line of await readers()) await ask('CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(line)?.[1] as string);
    for (let n = 0; n < 3; n += 1) await publisher.publish(`jobs.${n}`, n);
    expect(await heard.all).toEqual([0, 1, 2]);
    await subscriber.close();
    await publisher.close();
    expect(await ask('KEYS', `bull*relay*${namespace}*`)).toEqual([]);
  });
});
