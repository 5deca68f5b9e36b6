import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KafkaClient } from './client.ts';
import { apis } from './protocol/apis.ts';
import { batchesIn } from './records/batch.ts';
import { batchOf, recordsOf } from './records/record.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-kills-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** KAFKA_KILLS=100 kills as often as the claim says. */
const KILLS = Number(process.env.KAFKA_KILLS ?? 4);
const PARTITIONS = 4;
const TOPIC = 'orders';
const GROUP = 'readers';

const produce = (client: KafkaClient, index: number, value: number) =>
  client.send(apis.produce, 9, {
    acks: -1,
    timeoutMs: 10_000,
    topicData: [
      {
        name: TOPIC,
        partitionData: [{ index, records: batchOf([{ key: null, value: Buffer.from(String(value)) }], Date.now()) }],
      },
    ],
  });

async function everything(client: KafkaClient, partition: number): Promise<number[]> {
  const values: number[] = [];
  for (let fetchOffset = 0; ; ) {
    const { responses } = await client.send(apis.fetch, 11, {
      maxWaitMs: 0,
      minBytes: 0,
      isolationLevel: 0,
      sessionId: 0,
      rackId: '',
      topics: [{ topic: TOPIC, partitions: [{ partition, fetchOffset, partitionMaxBytes: 10_000_000 }] }],
    });
    const found = responses[0]?.partitions[0];
    expect(found?.errorCode).toBe(0);
    const before = fetchOffset;
    for (const batch of batchesIn(found?.records ?? Buffer.alloc(0))) {
      for (const { value } of recordsOf(batch)) values.push(Number(value));
      fetchOffset = batch.nextOffset;
    }
    if (fetchOffset === before) return values;
  }
}

const commit = async (client: KafkaClient, offset: number): Promise<number> => {
  const { topics } = await client.send(apis.offsetCommit, 8, {
    groupId: GROUP,
    memberId: '',
    topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }] }],
  });
  return topics[0]?.partitions[0]?.errorCode ?? -1;
};

test(`with fsync always nothing that was confirmed is lost, in ${KILLS} of ${KILLS} kills under load`, async () => {
  const script = `
    const { createServer } = await import(${JSON.stringify(new URL('./server.ts', import.meta.url).href)});
    const server = createServer({
      dataDir: ${JSON.stringify(directory)},
      fsync: 'always',
      internalTopicPartitions: 1,
      topicDefaults: { 'segment.bytes': '20000' },
    });
    if (server.recovered.topics === 0) server.createTopic({ name: ${JSON.stringify(TOPIC)}, partitions: ${PARTITIONS} });
    console.log(await server.listen());
  `;
  /** The greatest value of each partition that was confirmed; values are written in order. */
  const confirmed = new Array<number>(PARTITIONS).fill(0);
  let committed = -1;
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const port = Number(await new Promise((resolve) => child.stdout.once('data', (line) => resolve(String(line)))));
    const reader = new KafkaClient(port);
    for (const [partition, last] of confirmed.entries()) {
      const values = await everything(reader, partition);
      expect(values).toEqual(Array.from({ length: values.length }, (_, i) => i + 1));
      // One more may have been written without an answer.
      expect([last, last + 1]).toContain(values.length);
      confirmed[partition] = values.length;
    }
    await reader.send(apis.findCoordinator, 4, { keyType: 0, coordinatorKeys: [GROUP] });
    const { topics } = await reader.send(apis.offsetFetch, 5, { groupId: GROUP, topics: null });
    const offset = topics[0]?.partitions[0]?.committedOffset ?? -1;
    expect([committed, committed + 1]).toContain(offset);
    committed = offset;
    reader.close();
    if (kill === KILLS) {
      child.kill('SIGKILL');
      await gone;
      break;
    }
    let written = 0;
    const writers = Array.from({ length: PARTITIONS }, async (_, partition) => {
      const client = new KafkaClient(port);
      try {
        for (;;) {
          const value = (confirmed[partition] as number) + 1;
          const { responses } = await produce(client, partition, value);
          if (responses[0]?.partitionResponses[0]?.errorCode !== 0) break;
          confirmed[partition] = value;
          written += 1;
        }
      } catch {
        // Killed.
      }
      client.close();
    });
    const committer = (async () => {
      const client = new KafkaClient(port);
      try {
        while ((await commit(client, committed + 1)) === 0) committed += 1;
      } catch {
        // Killed.
      }
      client.close();
    })();
    while (written < 100 + kill * 7) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await gone;
    await Promise.all([...writers, committer]);
  }
}, 600_000);
