import type { WiredEdge } from '../../protocol.ts';
import type { ConsumeOptions, Consumption } from '../client.ts';
import { jsonOrText } from '../envelope.ts';
import { createLocalWork } from '../local-work.ts';
import { openPatient } from './connection.ts';

/** Listens to a channel. What is published while it does not, it never gets. */
export function consumeChannel(
  edge: WiredEdge,
  { destination, concurrency, handle }: ConsumeOptions,
  onProblem: (message: string) => void,
): Consumption {
  const redis = openPatient(edge);
  const local = createLocalWork({ concurrency, handle });
  redis.on('error', ({ message }: Error) => onProblem(message));
  redis.on('message', (_channel: string, text: string) => {
    void local.begin({ brokerId: '', value: jsonOrText(text), attempt: 1 });
  });
  // The client subscribes again by itself when the connection was away.
  const listening = redis.subscribe(destination.name).then(
    () => {},
    ({ message }: Error) => onProblem(message),
  );
  return {
    listening,
    async stop() {
      redis.disconnect();
      await local.stop();
    },
  };
}
