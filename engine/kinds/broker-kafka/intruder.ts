import { KafkaClient } from '../../wire/kafka/client.ts';
import { errorCodes } from '../../wire/kafka/protocol/errors.ts';
import { findCoordinator, joinGroup, leaveGroup } from '../../wire/kafka/protocol/tables/groups.ts';

const SESSION_MS = 6000;
/** Known by every client of a group of consumers, so that nobody refuses the newcomer. */
const PROTOCOL_TYPE = 'consumer';

interface Intrusion {
  /** Of the fault. */
  id: string;
  topic: string;
  group: string;
  everyMs: number;
}

/** Joins a group over and over and leaves it again before it has taken anything: each time all others have to stop and join anew. */
class Intruder {
  /** How often it has joined: each time the group has begun a generation. */
  rebalances = 0;
  #ended = false;
  readonly #done: Promise<void>;
  readonly #port: number;

  constructor(port: number, intrusion: Intrusion) {
    this.#port = port;
    this.#done = this.#run(intrusion);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#done;
  }

  async #run(intrusion: Intrusion): Promise<void> {
    while (!this.#ended) {
      await this.#once(intrusion).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, intrusion.everyMs));
    }
  }

  async #once({ topic, group }: Intrusion): Promise<void> {
    const first = new KafkaClient(this.#port);
    let client = first;
    try {
      const { port } = await first.send(findCoordinator, 2, { key: group, keyType: 0 });
      if (port > 0 && port !== this.#port) client = new KafkaClient(port);
      const join = (memberId: string) =>
        client.send(joinGroup, 5, {
          ...{ groupId: group, sessionTimeoutMs: SESSION_MS, rebalanceTimeoutMs: SESSION_MS, memberId },
          ...{
            protocolType: PROTOCOL_TYPE,
            protocols: names.map((name) => ({ name, metadata: subscriptionTo(topic) })),
          },
        });
      const told = await join('');
      const { memberId } = told;
      const joined = told.errorCode === errorCodes.MEMBER_ID_REQUIRED ? await join(memberId) : told;
      if (joined.errorCode === errorCodes.NONE) this.rebalances += 1;
      await client.send(leaveGroup, 3, { groupId: group, members: [{ memberId }] });
    } finally {
      first.close();
      client.close();
    }
  }
}

/** Ways of assigning partitions that stock clients offer. */
const names = ['roundrobin', 'range', 'RoundRobinAssigner', 'cooperative-sticky'];

/** Version 0 of what a member subscribes to. */
function subscriptionTo(topic: string): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(2 + 4 + 2 + name.length + 4);
  bytes.writeInt32BE(1, 2);
  bytes.writeInt16BE(name.length, 6);
  name.copy(bytes, 8);
  bytes.writeInt32BE(-1, 8 + name.length);
  return bytes;
}

/** What the fault asks for, by name; `port` is that of a broker. */
export function createIntruders(port: () => number): Record<string, (payload: never) => unknown> {
  const intruders = new Map<string, Intruder>();
  return {
    'begin-rebalances'(intrusion: Intrusion) {
      if (!intruders.has(intrusion.id)) intruders.set(intrusion.id, new Intruder(port(), intrusion));
      return null;
    },
    rebalances: ({ id }: { id: string }) => intruders.get(id)?.rebalances ?? 0,
    async 'end-rebalances'({ id }: { id: string }) {
      await intruders.get(id)?.end();
      return null;
    },
  };
}
