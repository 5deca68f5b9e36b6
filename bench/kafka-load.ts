import { Admin, Consumer, Producer } from '@platformatic/kafka';

const client = (port: number) => ({ clientId: 'bench', bootstrapBrokers: [`127.0.0.1:${port}`] });

/** A topic of one partition that is there and led. */
export async function createTopic(port: number, topic: string): Promise<void> {
  const admin = new Admin(client(port));
  try {
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
    for (;;) {
      const { topics } = await admin.metadata({ topics: [topic] }).catch(() => ({ topics: new Map() }));
      if (topics.get(topic)?.partitions[0]?.leader >= 0) return;
    }
  } finally {
    await admin.close();
  }
}

/** Messages per second from the first that is sent to the last that is confirmed, so many requests at a time. */
export async function produceRate(
  port: number,
  load: { topic: string; messages: number; batch: number; bytes: number; atOnce: number; acks: -1 | 1 },
): Promise<number> {
  const { topic, messages, batch, bytes, atOnce, acks } = load;
  const producer = new Producer(client(port));
  const value = Buffer.alloc(bytes, 'x');
  const each = Array.from({ length: batch }, (_, i) => ({ topic, key: Buffer.from(`key ${i}`), value, partition: 0 }));
  try {
    await producer.send({ messages: each, acks });
    let left = messages / batch;
    const fromMs = performance.now();
    const sender = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await producer.send({ messages: each, acks });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    return (messages * 1000) / (performance.now() - fromMs);
  } finally {
    await producer.close();
  }
}

/** Messages per second of a consumer that reads the topic from its beginning, from its first message on. */
export async function fetchRate(port: number, topic: string, messages: number): Promise<number> {
  const consumer = new Consumer({ ...client(port), groupId: `bench-${Math.random()}`, maxBytes: 4 * 1024 * 1024 });
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 500 });
    let [count, fromMs] = [0, 0];
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('data', () => {
        if (count === 0) fromMs = performance.now();
        count += 1;
        if (count === messages) resolve();
      });
    });
    return (messages * 1000) / (performance.now() - fromMs);
  } finally {
    await consumer.close(true);
  }
}
