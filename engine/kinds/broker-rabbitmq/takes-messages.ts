import { connect } from 'amqplib';
import { connectionOptions, type ServerAddress } from './link.ts';

/** A server that takes messages confirms one within so long, also when it is busy. */
const CONFIRM_MS = 1000;

/** Whether a message that is published now is taken and confirmed. It goes to no queue, so nothing of it stays. */
export async function takesMessages(address: ServerAddress): Promise<boolean> {
  const connection = await connect(connectionOptions(address), { noDelay: true });
  connection.on('error', () => {});
  const stream = (connection as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
  let timer: NodeJS.Timeout | undefined;
  try {
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    return await new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, CONFIRM_MS, false);
      connection.once('blocked', () => resolve(false));
      channel.publish('amq.fanout', '', Buffer.alloc(0), {}, (error) => resolve(!error));
    });
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}
