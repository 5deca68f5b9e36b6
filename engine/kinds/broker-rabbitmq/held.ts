import { isDelayedFor } from '../../model/amqp-declaration.ts';
import type { DestinationSeen } from '../../runtime/launch.ts';
import type { Fate } from '../../wire/amqp/broker/counters.ts';
import type { AmqpServer } from '../../wire/amqp/server.ts';

/** What the process of an embedded broker answers, as it travels over IPC. */
export interface HeldAnswer {
  held: string[];
  fates: { id: string; fate: Fate }[];
}

/** So many fates are remembered of each queue; they are asked for twice a second. */
const MOST_FATES = 100_000;

/** What of its messages a server has let go by its own rules. */
export function createFates() {
  const ofQueue = new Map<string, Map<string, Fate>>();
  return {
    note({ queue, id }: { queue: string; id: string }, fate: Fate): void {
      if (id === '') return;
      const fates = ofQueue.get(queue) ?? new Map<string, Fate>();
      ofQueue.set(queue, fates);
      fates.set(id, fate);
      if (fates.size > MOST_FATES) fates.delete(fates.keys().next().value as string);
    },
    of: (queue: string, id: string): Fate | undefined => ofQueue.get(queue)?.get(id),
  };
}

export type Fates = ReturnType<typeof createFates>;

/** Which of these messages the queue has, those that wait for their time included, and what became of the others. */
export function heldBy(server: AmqpServer, fates: Fates, { queue, ids }: { queue: string; ids: string[] }): HeldAnswer {
  const names = server.queues().map(({ name }) => name);
  const asked = new Set(ids);
  const held = new Set<string>();
  for (const name of names)
    if (name === queue || isDelayedFor(name, queue))
      for (const id of server.messageIds(name)) if (asked.has(id)) held.add(id);
  return {
    held: [...held],
    fates: ids.flatMap((id) => {
      const fate = held.has(id) ? undefined : fates.of(queue, id);
      return fate ? [{ id, fate }] : [];
    }),
  };
}

/** What each of these queues holds, with what waits for its time. */
export function lookAt(server: AmqpServer, names: readonly string[], nowMs: number): DestinationSeen[] {
  const all = server.queues();
  return names.map((name) => {
    const mine = all.filter((queue) => queue.name === name || isDelayedFor(queue.name, name));
    const depth = mine.reduce((sum, { ready }) => sum + ready, 0);
    const unacked = mine.reduce((sum, queue) => sum + queue.unacked, 0);
    const oldestAgeMs = all.find((queue) => queue.name === name)?.oldestAgeMs ?? null;
    return {
      ...{ name, depth, unacked, lag: depth + unacked, setAside: 0 },
      oldestAtMs: oldestAgeMs === null ? null : nowMs - oldestAgeMs,
    };
  });
}
