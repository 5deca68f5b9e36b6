import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { amqpDeclarationOf, bindingArguments } from '../../../model/amqp-declaration.ts';
import type { Destination } from '../../../model/broker.ts';
import type { WiredEdge } from '../../protocol.ts';

/** A connection with one channel on which publishing is confirmed. */
export interface Opened {
  connection: ChannelModel;
  channel: ConfirmChannel;
  /** Says why it is over, once it is. */
  over: Promise<Error>;
  /** At once, and without a word. */
  cut(): void;
}

/** Connects, and declares what the document says, which is there already but for what a restart has forgotten. */
export async function openChannel({ ports: [port], login, config, destinations = [] }: WiredEdge): Promise<Opened> {
  const address = {
    ...{ protocol: 'amqp', hostname: '127.0.0.1', port: port as number, heartbeat: 0 },
    username: login?.user || 'guest',
    password: login?.password || 'guest',
    vhost: login?.database || '/',
  };
  const connection = await connect(address, { noDelay: true, timeout: config.timeoutMs });
  const { stream } = (
    connection as unknown as {
      connection: { stream: { destroy(): void; on: (event: 'close', then: () => void) => void } };
    }
  ).connection;
  let problem: Error | null = null;
  const over = new Promise<Error>((resolve) => {
    const end = (error?: Error): void => resolve(error ?? problem ?? reset());
    connection.on('error', (error: Error) => {
      problem = error;
    });
    connection.on('close', end);
    stream.on('close', () => end());
  });
  const cut = (): void => stream.destroy();
  try {
    const channel = await connection.createConfirmChannel();
    channel.on('error', (error: Error) => {
      problem ??= error;
      cut();
    });
    await declare(channel, destinations);
    return { connection, channel, over, cut };
  } catch (error) {
    cut();
    throw problem ?? error;
  }
}

const reset = (): Error => Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });

/** What is there already in the same form stays as it is. */
export async function declare(channel: ConfirmChannel, destinations: readonly Destination[]): Promise<void> {
  const isExchange = new Set(destinations.flatMap(({ name, pattern }) => (pattern === 'exchange' ? [name] : [])));
  // All at once: a channel answers in order.
  await Promise.all(
    destinations.map((destination) => {
      const declaration = amqpDeclarationOf(destination);
      const { isDurable: durable } = declaration;
      return declaration.kind === 'queue'
        ? channel.assertQueue(destination.name, { durable, arguments: declaration.arguments })
        : channel.assertExchange(destination.name, declaration.type, { durable });
    }),
  );
  await Promise.all(
    destinations.flatMap(({ name, routing }) =>
      (routing?.bindings ?? []).map((binding) => {
        const args = bindingArguments(routing as NonNullable<typeof routing>, binding);
        return isExchange.has(binding.to)
          ? channel.bindExchange(binding.to, name, binding.key, args)
          : channel.bindQueue(binding.to, name, binding.key, args);
      }),
    ),
  );
}
