import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import type { Consumer } from '../../model/consumer.ts';
import type { Measured } from '../run-process.ts';
import type { Consumption } from './client.ts';
import { envelopeOf } from './envelope.ts';
import { type ConsumersOptions, createMessageHandler } from './handle-message.ts';

/** What a process takes from brokers. */
export interface Consumers {
  /** Consumes by this config and these edges from now on; what stays the same goes on undisturbed. */
  configure(consumers: readonly Consumer[]): void;
  /** Resolves when all that there are take messages, or when the time is over. */
  listening(withinMs: number): Promise<void>;
  /** Resolves when what is in hand is through. */
  stop(): Promise<void>;
  /** Messages as if they were requests: begun, failed, in hand, and how long the work on each took. */
  measure(): Pick<Measured, 'requests' | 'errors' | 'inFlight' | 'latency'> & { handlingMs: number };
}

export function createConsumers(options: ConsumersOptions): Consumers {
  const { nodeId, replica, journal, callers } = options;
  /** By what they depend on. */
  const running = new Map<string, Consumption>();
  const stopping = new Set<Promise<void>>();
  const latency = createHistogram();
  const figures = { requests: 0, errors: 0, inFlight: 0, handlingMs: 0 };

  const start = (consumer: Consumer): Consumption => {
    const { edge, caller } = callers.broker(consumer.edge);
    const destination = caller.destination(consumer.from);
    const group = consumer.group ?? nodeId;
    const subscription = { queue: '', log: group, channel: `${nodeId}/${replica}`, exchange: '' }[destination.pattern];
    const by = journal.consumer(edge.id, destination.name, subscription);
    const client = caller.client();
    const handle = createMessageHandler({
      ...options,
      ...{ consumer, edge, destination, by },
      returnsRetries: client.returnsRetries(destination, consumer.ack),
      onBegun() {
        figures.inFlight += 1;
      },
      onEnded(failed, tookMs) {
        figures.inFlight -= 1;
        figures.requests += 1;
        figures.handlingMs += tookMs;
        if (failed) figures.errors += 1;
        record(latency, tookMs);
      },
    });
    return client.consume({
      ...{ destination, group, handle },
      ...{ concurrency: consumer.concurrency, prefetch: consumer.prefetch ?? consumer.concurrency },
      ...{ ack: consumer.ack, redeliverAfterMs: consumer.redeliverAfterMs },
      taken: ({ value, brokerId }) => journal.note({ type: 'taken', by, id: envelopeOf(value, brokerId).id }),
    });
  };

  const stop = (key: string, consumption: Consumption): void => {
    running.delete(key);
    const stopped = consumption.stop().catch(() => {});
    stopping.add(stopped);
    void stopped.then(() => stopping.delete(stopped));
  };

  return {
    configure(consumers) {
      const wanted = new Map<string, Consumer>();
      for (const consumer of consumers)
        try {
          const { ports, login, destinations } = callers.broker(consumer.edge).edge;
          if (ports.length > 0) wanted.set(JSON.stringify([consumer, ports, login, destinations]), consumer);
        } catch {
          // Its edge comes or goes with the next word of the host.
        }
      for (const [key, consumption] of running) if (!wanted.has(key)) stop(key, consumption);
      for (const [key, consumer] of wanted) if (!running.has(key)) running.set(key, start(consumer));
    },
    async listening(withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([late, Promise.all([...running.values()].map((consumption) => consumption.listening))]);
      clearTimeout(timer);
    },
    async stop() {
      for (const [key, consumption] of running) stop(key, consumption);
      await Promise.all(stopping);
    },
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return { ...figures, latency: sparse };
    },
  };
}
