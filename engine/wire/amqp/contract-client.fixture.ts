import { type Channel, type ChannelModel, type ConfirmChannel, connect, type GetMessage } from 'amqplib';

/** What ends a channel or connection, as the server says it. */
const textOf = (error: Error): string => /with message "(.*)"$/s.exec(error.message)?.[1] ?? error.message;

/** A stock client of one server, with names that no other test uses. */
export class Client {
  readonly #connections: ChannelModel[] = [];
  readonly port: number;
  static #names = 0;

  constructor(port: number) {
    this.port = port;
  }

  name(what = 'queue'): string {
    Client.#names += 1;
    return `${what} ${Client.#names}`;
  }

  async connect(
    options: { vhost?: string; username?: string; password?: string; frameMax?: number; channelMax?: number } = {},
  ) {
    const connection = await connect({ hostname: '127.0.0.1', port: this.port, ...options }, { noDelay: true });
    connection.on('error', () => {});
    this.#connections.push(connection);
    return connection;
  }

  async channel(): Promise<Channel> {
    const channel = await (await this.connect()).createChannel();
    channel.on('error', () => {});
    return channel;
  }

  async confirmChannel(): Promise<ConfirmChannel> {
    const channel = await (await this.connect()).createConfirmChannel();
    channel.on('error', () => {});
    return channel;
  }

  /** What the server says when it ends the channel or the connection for what was done; what it ends with it. */
  async refusal(act: (channel: Channel) => unknown): Promise<string> {
    const connection = await connect({ hostname: '127.0.0.1', port: this.port }, { noDelay: true });
    this.#connections.push(connection);
    const channel = await connection.createChannel();
    const refused = new Promise<string>((resolve) => {
      channel.once('error', (error: Error) => resolve(textOf(error)));
      connection.once('error', (error: Error) => resolve(`connection: ${textOf(error)}`));
    });
    const accepted = Promise.resolve(act(channel)).then(
      () => channel.checkExchange('amq.direct').then(() => 'accepted'),
      () => refused,
    );
    return Promise.race([refused, accepted.catch(() => refused)]);
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.splice(0)) await connection.close().catch(() => {});
  }
}

/** All that waits in a queue, as texts. */
export async function drain(channel: Channel, queue: string): Promise<string[]> {
  const texts: string[] = [];
  for (
    let message = await channel.get(queue, { noAck: true });
    message;
    message = await channel.get(queue, { noAck: true })
  )
    texts.push(message.content.toString());
  return texts;
}

/** The first message of a queue, to be acknowledged; it must be there. */
export async function hold(channel: Channel, queue: string): Promise<GetMessage> {
  const message = await channel.get(queue);
  if (!message) throw new Error(`there is nothing in ${queue}`);
  return message;
}

/** The first message of a queue, which must come within a moment. */
export async function take(channel: Channel, queue: string): Promise<GetMessage> {
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (message) return message;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Until it holds; asked anew every few milliseconds. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
