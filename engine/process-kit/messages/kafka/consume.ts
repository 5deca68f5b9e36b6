import { Consumer, type MessagesStream } from '@platformatic/kafka';
import type { WiredEdge } from '../../protocol.ts';
import type { ConsumeOptions, Consumption } from '../client.ts';
import { createLocalWork } from '../local-work.ts';
import { goByLink, optionsOf } from './address.ts';
import { assignPartitions } from './assign.ts';
import { isSessionRefused } from './failure.ts';
import { createProgress, type Progress } from './progress.ts';
import { contentsOf, type KafkaMessage } from './record.ts';

/** Nobody may have published for so long. */
const WAIT_MS = 500;
const AFTER_PROBLEM_MS = 200;
const RECONNECT_MS = 100;
const CLOSE_MS = 1000;
/** Of the time after which a member that says nothing is no longer one. */
const HEARTBEATS = 4;
/** The shortest session that a cluster allows whose owner has said nothing about it (`group.min.session.timeout.ms`). */
const LEAST_SESSION_MS = 6000;

type Group = Consumer<Buffer, Buffer, Buffer, Buffer>;
type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

/** One process of a consumer group. It commits up to where everything is through. */
export function consumeTopic(
  edge: WiredEdge,
  clientId: string,
  { destination: { name: topic }, group, concurrency, prefetch, ack, redeliverAfterMs, handle }: ConsumeOptions,
  onProblem: (message: string) => void,
): Consumption {
  const local = createLocalWork({ concurrency, handle });
  /** Of the partitions that are this process', as long as they are. */
  const progress = new Map<number, Progress>();
  let consumer: Group | null = null;
  let stream: Stream | null = null;
  let stopping = false;
  let sessionMs = redeliverAfterMs;
  let onListening: () => void = () => {};
  const listening = new Promise<void>((resolve) => {
    onListening = resolve;
  });

  const open = (): Group => {
    const opened: Group = new Consumer({
      ...optionsOf(edge, clientId),
      groupId: group,
      partitionAssigner: assignPartitions,
      // Until the broker is back.
      retries: true,
      retryDelay: RECONNECT_MS,
      autocommit: false,
      highWaterMark: prefetch,
      maxWaitTime: WAIT_MS,
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: Math.ceil(sessionMs / HEARTBEATS),
    });
    goByLink(opened, edge);
    return opened;
  };

  /** One commit at a time, of whatever is new then. Resolves when what was through when it was called is committed, or cannot be. */
  let committing: Promise<void> | null = null;
  let again = false;
  const commit = (): Promise<void> => {
    if (committing) again = true;
    committing ??= (async () => {
      do {
        again = false;
        await commitOnce();
      } while (again);
    })().finally(() => {
      committing = null;
    });
    return committing;
  };
  const commitOnce = async (): Promise<void> => {
    const due = [...progress].flatMap(([partition, of]) => {
      const offset = of.toCommit();
      return offset === null ? [] : [{ partition, of, offset }];
    });
    if (due.length === 0 || !consumer) return;
    try {
      await consumer.commit({
        offsets: due.map(({ partition, offset }) => ({ topic, partition, offset, leaderEpoch: -1 })),
      });
      for (const { of, offset } of due) of.committed(offset);
    } catch (error) {
      // It is told again with the next one; who is no longer in the group has nothing to tell.
      if (!stopping) onProblem((error as Error).message);
    }
  };

  const take = async (message: KafkaMessage, from: Stream): Promise<void> => {
    await local.untilRoom();
    // Meanwhile others may have its partition.
    if (stopping || from !== stream) return;
    const { partition, offset } = message;
    const of = progress.get(partition) ?? createProgress();
    progress.set(partition, of);
    if (!of.begin(offset)) return;
    const delivery = {
      ...{ brokerId: `${partition}-${offset}`, value: contentsOf(message), attempt: 1 },
      kafka: { partition, offset: Number(offset), timestampMs: Number(message.timestamp) },
    };
    if (ack === 'before') {
      of.through(offset);
      await commit();
    }
    await local.begin(delivery, () => {
      // A rejected message is gone as well: a topic has no place for those.
      if (ack !== 'after') return;
      of.through(offset);
      void commit();
    });
  };

  /** Takes what comes until the stream is not the newest one any more. Rejects where it breaks before that. */
  const pump = async (from: Stream): Promise<void> => {
    try {
      for await (const message of from) {
        if (stopping || from !== stream) return;
        await take(message, from);
      }
    } catch (error) {
      if (!stopping && from === stream) throw error;
    }
  };

  const consume = (of: Group): Promise<Stream> =>
    of.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest' }) as Promise<Stream>;

  /** From joining a group to its end. */
  const session = async (): Promise<void> => {
    const joined = open();
    consumer = joined;
    let fail: (error: Error) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    failed.catch(() => {});
    const renew = async (): Promise<void> => {
      const assigned = new Set(joined.assignments?.find((each) => each.topic === topic)?.partitions);
      for (const partition of progress.keys()) if (!assigned.has(partition)) progress.delete(partition);
      const before = stream;
      // Each time from what is committed on: what the one before has read may be others' by now.
      const fresh = await consume(joined);
      if (stopping || consumer !== joined) return;
      stream = fresh;
      before?.on('error', () => {});
      before?.destroy();
      onListening();
      pump(fresh).catch(fail);
    };
    try {
      joined.on('error', fail);
      await renew();
      joined.on('consumer:group:join', () => void renew().catch(fail));
      await failed;
    } finally {
      progress.clear();
      stream = null;
      consumer = null;
      await close(joined);
    }
  };

  const close = async (of: Group): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.resolve(of.close(true)).catch(() => {}), late]);
    clearTimeout(timer);
  };

  const loop = async (): Promise<void> => {
    while (!stopping)
      try {
        await session();
      } catch (error) {
        if (stopping) return;
        if (isSessionRefused(error) && sessionMs < LEAST_SESSION_MS) {
          onProblem(
            `the cluster allows no session of ${sessionMs} ms (group.min.session.timeout.ms): it is ${LEAST_SESSION_MS} ms`,
          );
          sessionMs = LEAST_SESSION_MS;
          continue;
        }
        onProblem((error as Error).message);
        await new Promise((resolve) => setTimeout(resolve, AFTER_PROBLEM_MS));
      }
  };
  void loop();

  return {
    listening,
    async stop() {
      stopping = true;
      await local.stop();
      await Promise.race([commit(), new Promise((resolve) => setTimeout(resolve, CLOSE_MS))]);
      if (consumer) await close(consumer);
    },
  };
}
