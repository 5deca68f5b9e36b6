import { connect } from 'amqplib';

/** As many messages may be on their way to a confirm; half of that wakes the sender. */
const IN_FLIGHT = 1000;
const PREFETCH = 200;

/**
 * Messages per second from the first that is published to the last that is confirmed, consumed and acknowledged; one client,
 * whose sender and receiver share a connection.
 */
export async function messageRate(
  port: number,
  options: { messages: number; bodyBytes: number; isPersistent: boolean },
): Promise<number> {
  const { messages, bodyBytes, isPersistent } = options;
  const connection = await connect({ hostname: '127.0.0.1', port }, { noDelay: true });
  try {
    const sender = await connection.createConfirmChannel();
    const receiver = await connection.createChannel();
    const { queue } = await sender.assertQueue(`bench ${messages} ${isPersistent}`, { durable: isPersistent });
    await receiver.prefetch(PREFETCH);
    let missing = messages;
    const received = new Promise<void>((resolve) => {
      void receiver.consume(queue, (message) => {
        if (!message) return;
        receiver.ack(message);
        missing -= 1;
        if (missing === 0) resolve();
      });
    });
    await receiver.checkQueue(queue);
    const body = Buffer.alloc(bodyBytes, 'x');
    let inFlight = 0;
    let wake = (): void => {};
    const confirmed = (): void => {
      inFlight -= 1;
      if (inFlight === IN_FLIGHT / 2) wake();
    };
    const fromMs = performance.now();
    for (let n = 0; n < messages; n += 1) {
      inFlight += 1;
      sender.sendToQueue(queue, body, { persistent: isPersistent }, confirmed);
      if (inFlight >= IN_FLIGHT)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    await sender.waitForConfirms();
    await received;
    const rate = (messages * 1000) / (performance.now() - fromMs);
    await sender.deleteQueue(queue);
    return rate;
  } finally {
    await connection.close();
  }
}

/** Fills a queue, and tells how long a request of another connection took at the longest meanwhile. */
export async function longestPauseMs(port: number, work: () => Promise<void>): Promise<number> {
  const connection = await connect({ hostname: '127.0.0.1', port }, { noDelay: true });
  const channel = await connection.createChannel();
  let [longest, isOver] = [0, false];
  const watching = (async () => {
    while (!isOver) {
      const fromMs = performance.now();
      await channel.checkExchange('amq.direct');
      longest = Math.max(longest, performance.now() - fromMs);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  await work();
  isOver = true;
  await watching;
  await connection.close();
  return longest;
}
