import type { WiredEdge } from '../../protocol.ts';
import type { ConsumeOptions, Consumption } from '../client.ts';
import { jsonOrText } from '../envelope.ts';
import { createLocalWork } from '../local-work.ts';
import { openPatient } from './connection.ts';
import { type Entry, entriesOf } from './stream-entries.ts';

/** The field of an entry that holds the message. */
export const FIELD = 'message';

/** Nobody may have published for so long. */
const BLOCK_MS = 2000;
const AFTER_PROBLEM_MS = 200;

/** One process of a consumer group. At its start it takes up what it had; what others had for too long, it claims. */
export function consumeStream(
  edge: WiredEdge,
  consumerName: string,
  { destination: { name: key }, group, concurrency, prefetch, ack, redeliverAfterMs, handle }: ConsumeOptions,
  onProblem: (message: string) => void,
): Consumption {
  const redis = openPatient(edge);
  /** A blocked connection does nothing else. */
  const blocked = openPatient(edge);
  for (const connection of [redis, blocked]) connection.on('error', ({ message }: Error) => onProblem(message));
  const local = createLocalWork({ concurrency, handle });
  /** In the hands of this process, by their ids in the stream. */
  const held = new Set<string>();
  let stopping = false;
  let onListening: () => void = () => {};
  const listening = new Promise<void>((resolve) => {
    onListening = resolve;
  });

  const whatWentWrong = (error: Error): Promise<void> => {
    if (!stopping) onProblem(error.message);
    return new Promise((resolve) => setTimeout(resolve, AFTER_PROBLEM_MS));
  };

  const createGroup = async (): Promise<void> => {
    await redis.xgroup('CREATE', key, group, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error;
    });
  };

  const begin = async ([id, fields]: Entry, attempt: number): Promise<void> => {
    if (held.has(id)) return;
    if (fields === null) {
      // Trimmed while it was pending: there is nothing left to do.
      await redis.xack(key, group, id);
      return;
    }
    held.add(id);
    const at = fields.indexOf(FIELD);
    const value = at % 2 === 0 ? jsonOrText(fields[at + 1] ?? '') : Object.fromEntries(pairs(fields));
    await local.untilRoom();
    if (ack === 'before') await redis.xack(key, group, id);
    await local.begin({ brokerId: id, value, attempt }, () => {
      held.delete(id);
      // A rejected message is gone as well: a stream has no place for those.
      if (ack === 'after') redis.xack(key, group, id).catch(({ message }: Error) => onProblem(message));
    });
  };

  /** How often each of these was delivered, by the broker's count. */
  const deliveriesOf = async (id: string): Promise<number> => {
    const [pending] = (await redis.xpending(key, group, id, id, 1)) as [string, string, number, number][];
    return pending?.[3] ?? 1;
  };

  /** What this process had when it ended, or when its connection broke. */
  const takeUpOwn = async (): Promise<void> => {
    let from = '0';
    for (;;) {
      const read = await redis.xreadgroup('GROUP', group, consumerName, 'COUNT', 100, 'STREAMS', key, from);
      const entries = entriesOf(read);
      if (entries.length === 0) return;
      for (const entry of entries) await begin(entry, (await deliveriesOf(entry[0])) + 1);
      from = entries.at(-1)?.[0] ?? from;
    }
  };

  const readNew = async (): Promise<void> => {
    await local.untilRoom();
    const count = Math.max(1, prefetch - held.size);
    const noAck = ack === 'none' ? (['NOACK'] as const) : [];
    const read = await blocked.call(
      ...(['XREADGROUP', 'GROUP', group, consumerName, 'COUNT', String(count), 'BLOCK', String(BLOCK_MS)] as const),
      ...noAck,
      ...(['STREAMS', key, '>'] as const),
    );
    for (const entry of entriesOf(read)) await begin(entry, 1);
  };

  /** Says that this process is still at work on what it has, and takes what others no longer say that of. */
  const claim = async (): Promise<void> => {
    if (held.size > 0) await redis.xclaim(key, group, consumerName, 0, ...held, 'JUSTID');
    const idle = Math.round(redeliverAfterMs);
    const room = prefetch - held.size;
    if (room <= 0) return;
    const [, entries] = (await redis.xautoclaim(key, group, consumerName, idle, '0', 'COUNT', room)) as [
      string,
      Entry[],
    ];
    for (const entry of entries) await begin(entry, await deliveriesOf(entry[0]));
  };

  const claims = setInterval(
    () => {
      if (redis.status === 'ready' && ack === 'after') claim().catch(ignoreGone);
    },
    Math.max(50, redeliverAfterMs / 3),
  );
  /** The loop makes a group that is gone anew. */
  const ignoreGone = ({ message }: Error): void => {
    if (!stopping && !/^NOGROUP/.test(message)) onProblem(message);
  };

  const loop = async (): Promise<void> => {
    let isNew = true;
    while (!stopping)
      try {
        if (isNew) {
          await createGroup();
          if (ack === 'after') await takeUpOwn();
          isNew = false;
          onListening();
        }
        await readNew();
      } catch (error) {
        // The group may be gone, and what this process was given may never have come.
        isNew = true;
        await whatWentWrong(error as Error);
      }
  };
  const ended = loop();

  return {
    listening,
    async stop() {
      stopping = true;
      clearInterval(claims);
      blocked.disconnect();
      await local.stop();
      await ended;
      await redis.quit().catch(() => {});
      redis.disconnect();
    },
  };
}

function* pairs(fields: readonly string[]): Generator<[string, string]> {
  for (let at = 0; at + 1 < fields.length; at += 2) yield [fields[at] as string, fields[at + 1] as string];
}
