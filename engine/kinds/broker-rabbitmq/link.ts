import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import type { WiredEdge } from '../../process-kit/protocol.ts';

export interface ServerAddress {
  host: string;
  port: number;
  login?: WiredEdge['login'];
}

/** The engine's own way to a server: one connection that is kept, and made anew when it is gone. */
export interface RabbitLink {
  /** Whether it answers a question on a channel. Never throws. */
  healthy(timeoutMs: number): Promise<boolean>;
  /** Does something on a channel that nobody else uses meanwhile. Rejects when it takes longer than a second. */
  run<Result>(work: (channel: ConfirmChannel) => Promise<Result>, timeoutMs?: number): Promise<Result>;
  /** The same on a channel of its own, which may end with an error of the server without harm to the connection. */
  aside<Result>(work: (channel: Channel) => Promise<Result>): Promise<Result>;
}

const ANSWER_MS = 1000;

export const connectionOptions = ({ host, port, login }: ServerAddress) => ({
  ...{ protocol: 'amqp', hostname: host, port, heartbeat: 0 },
  username: login?.user || 'guest',
  password: login?.password || 'guest',
  vhost: login?.database || '/',
});

/** Ending the signal closes it. */
export function createRabbitLink(address: ServerAddress, signal: AbortSignal): RabbitLink {
  let kept: Promise<{ connection: ChannelModel; channel: ConfirmChannel }> | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const drop = (): void => {
    const dropped = kept;
    kept = null;
    // One that does not answer any more would not close in order either.
    dropped?.then(
      ({ connection }) =>
        (connection as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy(),
      () => {},
    );
  };
  signal.addEventListener('abort', drop, { once: true });

  const open = async () => {
    const connection = await connect(connectionOptions(address), { noDelay: true, timeout: ANSWER_MS });
    connection.on('error', () => {});
    connection.on('close', () => {
      kept = null;
    });
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => drop());
    if (signal.aborted) drop();
    return { connection, channel };
  };

  const within = <Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  };

  const inTurn = <Result>(
    work: (opened: { connection: ChannelModel; channel: ConfirmChannel }) => Promise<Result>,
    timeoutMs: number,
  ): Promise<Result> => {
    const mine = turn.then(async () => {
      if (signal.aborted) throw new Error('the topology has stopped');
      kept ??= open();
      const opened = kept;
      try {
        return await within(opened.then(work), timeoutMs);
      } catch (error) {
        drop();
        throw error;
      }
    });
    turn = mine.catch(() => {});
    return mine;
  };
  const run: RabbitLink['run'] = (work, timeoutMs = ANSWER_MS) => inTurn(({ channel }) => work(channel), timeoutMs);

  return {
    healthy: (timeoutMs) =>
      run((channel) => channel.checkExchange('amq.direct'), timeoutMs).then(
        () => true,
        () => false,
      ),
    run,
    async aside(work) {
      const result = await inTurn(async ({ connection }) => {
        const channel = await connection.createChannel();
        let problem: Error | null = null;
        channel.on('error', (error: Error) => {
          problem = error;
        });
        try {
          const value = await work(channel);
          await channel.close();
          return { value };
        } catch (error) {
          return { error: problem ?? (error as Error) };
        }
      }, ANSWER_MS);
      if ('error' in result) throw result.error;
      return result.value;
    },
  };
}
