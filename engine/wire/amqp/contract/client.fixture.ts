import {
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
  type GetMessage,
  type Options,
} from 'amqplib';

/** What ends a channel or connection, as the server says it. */
const textOf = (error: Error): string => /with message "(.*)"$/s.exec(error.message)?.[1] ?? error.message;

let names = 0;
const newName = (what: string): string => {
  names += 1;
  return `${what} ${names}`;
};

/** A stock client of one server. */
export class Client {
  readonly #connections: ChannelModel[] = [];
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  /** A name that no other test uses. */
  name(): string {
    return newName('queue');
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

export const bodyOf = (text: string): Buffer => Buffer.from(text);

export async function newQueue(channel: Channel, options: Options.AssertQueue = {}): Promise<string> {
  const { queue } = await channel.assertQueue(newName('queue'), { durable: false, ...options });
  return queue;
}

export async function newExchange(
  channel: Channel,
  type: string,
  options: Options.AssertExchange = {},
): Promise<string> {
  const { exchange } = await channel.assertExchange(newName('exchange'), type, { durable: false, ...options });
  return exchange;
}

export function publishAll(channel: Channel, to: string, texts: string[], options?: Options.Publish): void {
  for (const text of texts) channel.sendToQueue(to, bodyOf(text), options);
}

/** Consumes; tells what comes. */
export async function consume(channel: Channel, from: string, options: Options.Consume = {}) {
  const messages: (ConsumeMessage | null)[] = [];
  const { consumerTag } = await channel.consume(from, (message) => messages.push(message), options);
  return {
    consumerTag,
    messages,
    texts: (): string[] => messages.map((message) => message?.content.toString() ?? 'cancelled'),
    count: (n: number) => until(() => messages.length >= n),
  };
}
