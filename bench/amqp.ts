import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { findReal, startReal } from '../engine/wire/amqp/contract/subjects.fixture.ts';
import { longestPauseMs, messageRate } from './amqp-load.ts';
import { startBroker } from './broker-process.ts';
import { type Figure, figure, median } from './figures.ts';

const run = promisify(execFile);
const ROUNDS = 5;
const MESSAGES = 30_000;
const BODY_BYTES = 100;
/** Until the compiler of V8 has seen enough; RabbitMQ needs none, and gets the same. */
const WARM_UP_ROUNDS = 2;
const MILLION = 1_000_000;
const QUEUE = 'a million';

const filler = fileURLToPath(new URL('./amqp-filler.ts', import.meta.url));

const residentMegabytes = (pid: number): number | null =>
  process.platform === 'linux'
    ? Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
    : null;

async function aMillion(): Promise<Figure[]> {
  const ours = await startBroker('rabbitmq');
  try {
    const before = residentMegabytes(ours.pid);
    const pauseMs = await longestPauseMs(ours.port, async () => {
      await run(process.execPath, [filler, String(ours.port), QUEUE, String(MILLION)]);
    });
    const after = residentMegabytes(ours.pid);
    const connection = await connect({ hostname: '127.0.0.1', port: ours.port });
    const channel = await connection.createChannel();
    const { messageCount } = await channel.checkQueue(QUEUE);
    if (messageCount !== MILLION) throw new Error(`there are ${messageCount} messages in the queue`);
    await connection.close();
    const results = [
      figure(
        'longest wait of another client while a queue grows to a million messages, ms',
        pauseMs,
        '<=',
        100,
        'a request every 2 ms; bodies of 10 bytes, confirmed by the thousand',
      ),
    ];
    if (before !== null && after !== null)
      results.push(
        figure(
          'bytes of memory for each of a million small messages',
          ((after - before) * 1024 * 1024) / MILLION,
          '<=',
          600,
          `${Math.round(before)} MB before, ${Math.round(after)} MB after`,
        ),
      );
    return results;
  } finally {
    await ours.stop();
  }
}

async function startUps(): Promise<Figure> {
  const upsMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await startBroker('rabbitmq');
    upsMs.push(ours.upMs);
    await ours.stop();
  }
  return figure(
    'ms until it is ready',
    median(upsMs),
    '<=',
    150,
    `median of ${ROUNDS} starts of archipel broker rabbitmq`,
  );
}

async function compare(real: string, isPersistent: boolean): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'amqp-bench-'));
  const ours = await startBroker('rabbitmq', '--data', directory);
  const theirs = await startReal(real);
  const rates = { ours: [] as number[], real: [] as number[] };
  try {
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1)
      for (const [who, { port }] of [
        ['ours', ours],
        ['real', theirs],
      ] as const) {
        const rate = await messageRate(port, { messages: MESSAGES, bodyBytes: BODY_BYTES, isPersistent });
        if (round >= 0) rates[who].push(rate);
      }
  } finally {
    await ours.stop();
    await theirs.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const [a, b] = [median(rates.ours), median(rates.real)];
  const kind = isPersistent ? 'persistent' : 'transient';
  return figure(
    `${kind} messages published with confirm and consumed with acknowledgement per second: ours / RabbitMQ`,
    a / b,
    '>=',
    0.95,
    `${Math.round(a)} / ${Math.round(b)} per second, medians of ${ROUNDS} rounds of ${MESSAGES} in turns, after ${WARM_UP_ROUNDS} that warm up; one amqplib client, bodies of ${BODY_BYTES} bytes`,
  );
}

/** Messages through the embedded RabbitMQ, against those through the `rabbitmq-server` of this computer. */
export default async function amqp() {
  const name = 'the embedded RabbitMQ against RabbitMQ';
  const results = [await startUps(), ...(await aMillion())];
  const real = findReal();
  if (!real) return { name, results, skipped: 'there is no rabbitmq-server on PATH to compare speed with' };
  results.push(await compare(real, false), await compare(real, true));
  return { name, results };
}
