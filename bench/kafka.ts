import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findReal, startReal } from '../engine/wire/kafka/contract/subjects.fixture.ts';
import { type BrokerProcess, startBroker } from './broker-process.ts';
import { median } from './figures.ts';
import { createTopic, fetchRate, produceRate } from './kafka-load.ts';

const ROUNDS = 5;
const WARM_UP_ROUNDS = 3;
/** In requests of a hundred, so a topic has ten megabytes. */
const MESSAGES = 100_000;
const BYTES = 100;

/** With its topics on the disk, which go with it. */
async function startOurs(): Promise<BrokerProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'archipel-bench-kafka-'));
  const ours = await startBroker('kafka', '--data', directory);
  return {
    ...ours,
    async stop() {
      await ours.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const loads = [
  {
    name: 'messages produced per second, acks=all',
    detail: 'requests of 100 messages of 100 bytes, 10 at a time',
    measure: (port: number, topic: string) =>
      produceRate(port, { topic, messages: MESSAGES, batch: 100, bytes: BYTES, atOnce: 10, acks: -1 }),
  },
  {
    name: 'requests of one message per second, acks=all',
    detail: 'one at a time',
    measure: (port: number, topic: string) =>
      produceRate(port, { topic, messages: 2000, batch: 1, bytes: BYTES, atOnce: 1, acks: -1 }),
  },
  {
    name: 'messages fetched per second',
    detail: `${MESSAGES} messages of 100 bytes from the beginning of a topic`,
    measure: (port: number, topic: string) => fetchRate(port, topic, MESSAGES),
  },
];

/** Each round has a topic of its own, and does all of it there. */
async function round(port: number, topic: string): Promise<number[]> {
  await createTopic(port, topic);
  const rates: number[] = [];
  for (const { measure } of loads) rates.push(await measure(port, topic));
  return rates;
}

/** Records through the embedded Kafka, against those through the Apache Kafka of this computer. */
export default async function kafka() {
  const name = 'the embedded Kafka against Apache Kafka';
  const home = findReal();
  const ours = await startOurs();
  const real = home === null ? null : await startReal(home);
  const rates: { ours: number[][]; real: number[][] } = { ours: [], real: [] };
  try {
    for (let i = -WARM_UP_ROUNDS; i < ROUNDS; i += 1)
      for (const who of ['ours', 'real'] as const) {
        const subject = who === 'ours' ? ours : real;
        if (!subject) continue;
        const measured = await round(subject.port, `round-${i + WARM_UP_ROUNDS}`);
        if (i >= 0) rates[who].push(measured);
      }
    const results = loads.map((load, i) => {
      const [own, theirs] = [rates.ours, rates.real].map((each) =>
        median(each.map((measured) => measured[i] as number)),
      );
      const ratio = real ? (own as number) / (theirs as number) : (own as number);
      const how = `${load.detail}; medians of ${ROUNDS} rounds in turns after ${WARM_UP_ROUNDS} that warm up, through @platformatic/kafka`;
      return {
        metric: real ? `${load.name}: ours / Apache Kafka` : load.name,
        value: Number(ratio.toFixed(2)),
        comparison: '>=' as const,
        limit: real ? 0.8 : 0,
        holds: !real || ratio >= 0.8,
        detail: real ? `${Math.round(own as number)} / ${Math.round(theirs as number)} per second; ${how}` : how,
      };
    });
    results.push({
      metric: 'start until it is ready, ms',
      value: Math.round(ours.upMs),
      comparison: '>=',
      limit: 0,
      holds: true,
      detail: process.platform === 'linux' ? `private memory after all rounds: ${privateMegabytes(ours.pid)} MB` : '',
    });
    const skipped = 'ARCHIPEL_KAFKA_HOME names no Apache Kafka to compare with';
    return real ? { name, results } : { name, results, skipped };
  } finally {
    await ours.stop();
    await real?.stop();
  }
}

function privateMegabytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce(
    (sum, [, each]) => sum + Number(each),
    0,
  );
  return Math.round(kilobytes / 1024);
}
