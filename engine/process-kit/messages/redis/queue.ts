import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { WiredEdge } from '../../protocol.ts';
import type { ConsumeOptions, Consumption, Delivery, OutgoingMessage } from '../client.ts';
import { createLocalWork } from '../local-work.ts';
import { openPatient } from './connection.ts';

/** How often a job may be tried is the consumer's business: each of ours counts for itself. */
const ANY_NUMBER = 1_000_000;
/** After a problem with the connection, a worker asks again so soon. */
const ASK_AGAIN_MS = 200;
const NAME = 'message';

/** The publishing side of BullMQ queues, all over one connection. */
export interface Queues {
  add(message: OutgoingMessage, redis: Redis): Promise<string>;
  close(): Promise<void>;
}

export function createQueues(onProblem: (message: string) => void): Queues {
  const open = new Map<string, Queue>();
  const queueOf = async (name: string, redis: Redis): Promise<Queue> => {
    const known = open.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: redis, skipMetasUpdate: true });
    open.set(name, queue);
    queue.on('error', ({ message }) => onProblem(message));
    // One whose connection broke meanwhile would never be ready.
    await queue.waitUntilReady().catch((error: Error) => {
      open.delete(name);
      throw error;
    });
    return queue;
  };
  return {
    async add({ destination, id, envelope, priority, delayMs }, redis) {
      const queue = await queueOf(destination.name, redis);
      await queue.add(NAME, envelope, {
        // A message that is sent again is the same job.
        jobId: id,
        attempts: ANY_NUMBER,
        removeOnComplete: true,
        ...(priority !== null && { priority }),
        ...(delayMs > 0 && { delay: delayMs }),
      });
      return '';
    },
    async close() {
      await Promise.all([...open.values()].map((queue) => queue.close().catch(() => {})));
    },
  };
}

/** A BullMQ worker. A job is the worker's until it says how it ended; one whose worker says nothing any more is delivered again. */
export function consumeQueue(
  edge: WiredEdge,
  { destination, concurrency, ack, redeliverAfterMs, handle }: ConsumeOptions,
  onProblem: (message: string) => void,
): Consumption {
  const connection = openPatient(edge);
  connection.on('error', ({ message }: Error) => onProblem(message));
  const local = createLocalWork({ concurrency, handle });

  const take = async (job: Job, token: string | undefined): Promise<void> => {
    const delivery: Delivery = { brokerId: job.id ?? '', value: job.data, attempt: Math.max(1, job.attemptsStarted) };
    if (ack !== 'after') {
      // Acknowledged by the end of this function, before its work is done.
      await local.begin(delivery);
      return;
    }
    const outcome = await handle(delivery);
    if (outcome.type === 'rejected') throw new UnrecoverableError(outcome.reason);
    if (outcome.type !== 'retry') return;
    await job.moveToDelayed(Date.now() + Math.max(1, outcome.afterMs), token);
    throw new DelayedError();
  };

  const worker = new Worker(destination.name, take, {
    connection,
    concurrency,
    lockDuration: redeliverAfterMs,
    stalledInterval: redeliverAfterMs,
    maxStalledCount: ANY_NUMBER,
    runRetryDelay: ASK_AGAIN_MS,
    removeOnComplete: { count: 0 },
  });
  worker.on('error', ({ message }) => onProblem(message));

  return {
    listening: worker.waitUntilReady().catch(() => {}),
    async stop() {
      await worker.close();
      await local.stop();
      connection.disconnect();
    },
  };
}
