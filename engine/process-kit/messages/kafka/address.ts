import type { Consumer, Producer } from '@platformatic/kafka';
import type { WiredEdge } from '../../protocol.ts';

type Client = Consumer<Buffer, Buffer, Buffer, Buffer> | Producer<Buffer, Buffer, Buffer, Buffer>;

/** Options that all clients of an edge have in common. */
export const optionsOf = ({ ports, config }: WiredEdge, clientId: string) => ({
  clientId,
  bootstrapBrokers: ports.map((port) => ({ host: '127.0.0.1', port })),
  connectTimeout: config.timeoutMs,
  autocreateTopics: false,
});

/**
 * Brokers tell their own addresses, and clients go by the link: the broker with the id N by its Nth port. Of a cluster that
 * has more brokers than the link has ports, which is one that we did not start, only the first way in leads through it.
 */
export function goByLink(client: Client, { ports }: WiredEdge): void {
  client.on('client:metadata', ({ brokers }: { brokers: Map<number, { host: string; port: number }> }) => {
    const ids = [...brokers.keys()].sort((a, b) => a - b);
    if (ids.length > ports.length) return;
    for (const [id, broker] of brokers) {
      const port = ports.length === 1 ? ports[0] : ports[id - 1];
      if (port !== undefined) Object.assign(broker, { host: '127.0.0.1', port });
    }
  });
}
