import { type ConfirmChannel, connect } from 'amqplib';
import { connectionOptions, type ServerAddress } from './link.ts';

/** A server that takes messages confirms one within so long, also when it is busy. */
const CONFIRM_MS = 1000;
/** Of a disk that is made slow, too. */
const WRITE_MS = 5000;

/** Whether a message that is published now is taken and confirmed. It goes to no queue, so nothing of it stays. */
export const takesMessages = (address: ServerAddress): Promise<boolean> =>
  publishOne(address, CONFIRM_MS, async (channel, confirmed) => {
    channel.publish('amq.fanout', '', Buffer.alloc(0), {}, confirmed);
  });

/** How long it takes until a message that has to be on the disk is confirmed, in milliseconds. Its queue goes with it. */
export async function timeWrite(address: ServerAddress): Promise<number> {
  let fromMs = 0;
  let untilMs: number | null = null;
  await publishOne(address, WRITE_MS, async (channel, confirmed) => {
    const { queue } = await channel.assertQueue('', { durable: true });
    fromMs = performance.now();
    channel.sendToQueue(queue, Buffer.alloc(0), { persistent: true }, (error) => {
      untilMs = performance.now();
      channel.deleteQueue(queue).then(
        () => confirmed(error),
        () => confirmed(error),
      );
    });
  });
  return untilMs === null ? WRITE_MS : untilMs - fromMs;
}

/** False: it was not confirmed in time, or publishers are held up. */
async function publishOne(
  address: ServerAddress,
  withinMs: number,
  publish: (channel: ConfirmChannel, confirmed: (error: unknown) => void) => Promise<void>,
): Promise<boolean> {
  const connection = await connect(connectionOptions(address), { noDelay: true });
  connection.on('error', () => {});
  const stream = (connection as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
  let timer: NodeJS.Timeout | undefined;
  try {
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    return await new Promise<boolean>((resolve, reject) => {
      timer = setTimeout(resolve, withinMs, false);
      connection.once('blocked', () => resolve(false));
      publish(channel, (error) => resolve(!error)).catch(reject);
    });
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}
