import { afterAll, beforeAll, describe, test } from 'vitest';
import { KafkaClient } from '../client.ts';
import { converse, type Part } from './conversation.fixture.ts';
import { groups } from './groups.fixture.ts';
import { records } from './records.fixture.ts';
import { requests } from './requests.fixture.ts';
import { type Subject, subjects } from './subjects.fixture.ts';
import { topics } from './topics.fixture.ts';
import { transactions } from './transactions.fixture.ts';

/* What the broker answers to bare requests, held against Apache Kafka too where there is one: both must say the same. */

describe.each(subjects)('%s', (_, start, missing) => {
  let subject: Subject;
  let client: KafkaClient;
  let topicsMade = 0;

  beforeAll(async () => {
    if (missing !== null) return;
    subject = await start();
    client = new KafkaClient(subject.port);
  }, 60_000);
  afterAll(async () => {
    client?.close();
    await subject?.stop();
  });

  const contract: Parameters<Part>[0] = (name, work) =>
    test(name, async ({ skip }) => {
      if (missing !== null) skip(missing);
      topicsMade += 1;
      await work(converse({ client, port: subject.port, topic: `topic-${topicsMade}` }));
    });

  for (const part of [requests, records, topics, groups, transactions]) part(contract);
});
