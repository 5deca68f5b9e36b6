// node bench/amqp-filler.ts PORT QUEUE MESSAGES: fills a queue from a process of its own, so that only the server is measured.
import { connect } from 'amqplib';

const [port, queue = '', messages] = process.argv.slice(2);
const connection = await connect({ hostname: '127.0.0.1', port: Number(port) }, { noDelay: true });
const channel = await connection.createConfirmChannel();
await channel.assertQueue(queue, { durable: false });
const body = Buffer.alloc(10, 'x');
for (let n = 1; n <= Number(messages); n += 1) {
  channel.sendToQueue(queue, body);
  if (n % 1000 === 0) await channel.waitForConfirms();
}
await channel.waitForConfirms();
await connection.close();
