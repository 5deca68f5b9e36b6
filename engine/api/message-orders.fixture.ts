import { expect, vi } from 'vitest';
import type { Engine } from './engine.ts';
import type { MessageCounts, QueueStatus } from './types.ts';

/** What tests of messages do with a topology whose node `shop` publishes what is ordered to its node `broker`, and see of it. */
export interface MessageOrders {
  /** Of the first process of a node. */
  portOf(id: string): number;
  pidOf(id: string): number;
  /** Resolves with the status of the answer. */
  order(id: number): Promise<number>;
  /** So many at once. */
  orders(count: number): Promise<number[]>;
  /** What the broker tells of one of its destinations. */
  queue(name: string): QueueStatus | undefined;
  untilCounted(name: string, counts: Partial<MessageCounts>): Promise<void>;
  untilState(id: string, state: 'ready' | 'dead'): Promise<void>;
  /** Ends the first process of a node abruptly, and waits until the engine knows. */
  kill(id: string): Promise<void>;
}

/** Tests that wait fail by what they miss, and not by how slow the computer is, unless it takes as long as this. */
const PATIENCE_MS = 20_000;

export function messageOrders(engine: () => Engine): MessageOrders {
  const replicaOf = (id: string) => engine().frame().nodes[id]?.replicas[0];
  const portOf = (id: string): number => replicaOf(id)?.port as number;
  const pidOf = (id: string): number => replicaOf(id)?.pid as number;
  const order = async (id: number): Promise<number> =>
    (await fetch(`http://127.0.0.1:${portOf('shop')}/orders/${id}`)).status;
  const queue = (name: string): QueueStatus | undefined =>
    engine()
      .frame()
      .nodes.broker?.queues?.find(({ destination }) => destination === name);
  const untilState = (id: string, state: 'ready' | 'dead'): Promise<void> =>
    vi.waitFor(() => expect(engine().frame().nodes[id]?.state).toBe(state), { timeout: PATIENCE_MS, interval: 20 });
  return {
    ...{ portOf, pidOf, order, queue, untilState },
    orders: (count) => Promise.all(Array.from({ length: count }, (_, id) => order(id))),
    untilCounted: (name, counts) =>
      vi.waitFor(() => expect(queue(name)?.counts).toMatchObject(counts), { timeout: PATIENCE_MS, interval: 50 }),
    async kill(id) {
      process.kill(pidOf(id), 'SIGKILL');
      await untilState(id, 'dead');
    },
  };
}
