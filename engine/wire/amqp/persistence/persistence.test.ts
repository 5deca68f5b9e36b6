import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfirmChannel, connect } from 'amqplib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Clock, declare, long, newBroker, publish, text } from '../broker/broker.fixture.ts';
import type { Broker } from '../broker/broker.ts';
import type { Entry } from '../broker/entry.ts';
import { Client } from '../contract/client.fixture.ts';
import { createServer } from '../server.ts';
import { Log } from './log.ts';
import { DamagedLogError, type Recovered, recover } from './recover.ts';

let directory: string;
let logs: Log[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'amqp-log-'));
});
afterEach(async () => {
  for (const log of logs) await log.close();
  logs = [];
  rmSync(directory, { recursive: true, force: true });
});

const file = (): string => join(directory, 'amqp.log');

/** A broker whose log is in the directory. */
function open(clock = new Clock(), rewriteMinBytes?: number): { broker: Broker; log: Log; recovered: Recovered } {
  const broker = newBroker(clock);
  const recovered = recover(directory, broker);
  const log = new Log({ directory, broker, bytes: recovered.bytes, rewriteMinBytes });
  broker.journal = log;
  recovered.handOver(log);
  logs.push(log);
  return { broker, log, recovered };
}

/** All that must be there again, in a form that can be compared. Whatever is handed out comes back. */
function kept(broker: Broker) {
  const { exchanges, queues, bindings } = broker.virtualHost('/');
  return {
    exchanges: [...exchanges.values()]
      .filter(({ isDurable }) => isDurable)
      .map(({ name, type, isAutoDelete, isInternal, args }) => [name, type, isAutoDelete, isInternal, args])
      .sort(),
    bindings: [...exchanges.values()]
      .flatMap((exchange) => bindings.from(exchange))
      .filter(({ source, destination }) => source.isDurable && destination.isDurable)
      .map(({ source, destination, key, args }) => [source.name, destination.name, key, args])
      .sort(),
    queues: [...queues.values()]
      .filter(({ isDurable }) => isDurable)
      .map((queue) => [
        queue.name,
        queue.args,
        [...queue.ready]
          .filter(({ message }) => queue.keeps(message))
          .sort((a, b) => a.seq - b.seq)
          .map(({ message, isRedelivered, returns, expiresAtMs, publishedAtMs }) => [
            message.exchange,
            message.routingKey,
            message.properties,
            String(message.body),
            isRedelivered,
            queue.countsReturns ? returns : 0,
            expiresAtMs === 0 ? 0 : broker.startedAtMs + expiresAtMs,
            broker.startedAtMs + publishedAtMs,
          ]),
      ])
      .sort(),
  };
}

test('what is durable comes back as it was, and nothing else', async () => {
  const clock = new Clock();
  const { broker, log } = open(clock);
  const host = broker.virtualHost('/');
  const exchange = { isDurable: true, isAutoDelete: false, isInternal: false, args: [] };
  host.declareExchange({ ...exchange, name: 'x', type: 'topic', args: [['alternate-exchange', text('y')]] });
  host.declareExchange({ ...exchange, name: 'y', type: 'headers', isInternal: true });
  host.declareExchange({ ...exchange, name: 'passing', type: 'fanout', isDurable: false });
  declare(broker, 'q\xc3\xa9', { durable: true, args: [['x-message-ttl', long(60_000)]] });
  declare(broker, 'first', { durable: true, args: [['x-max-priority', long(5)]] });
  declare(broker, 'counted', { durable: true, args: [['x-queue-type', text('quorum')]] });
  declare(broker, 'passing');
  const to = (name: string) => ({ kind: 'queue' as const, name });
  host.bind({ source: 'x', destination: to('q\xc3\xa9'), key: 'a.*', args: [] });
  host.bind({ source: 'y', destination: to('first'), key: '', args: [['x-match', text('any')]] });
  host.bind({ source: 'x', destination: { kind: 'exchange', name: 'y' }, key: '#', args: [] });
  host.bind({ source: 'passing', destination: to('first'), key: '', args: [] });
  host.bind({ source: 'x', destination: to('passing'), key: '', args: [] });

  publish(broker, 'kept', { exchange: 'x', key: 'a.b', persistent: true, headers: [['h', text('\0\xff')]] });
  publish(broker, 'lost', { exchange: 'x', key: 'a.b' });
  publish(broker, 'y'.repeat(100_000), { key: 'q\xc3\xa9', persistent: true, expiration: '5000' });
  publish(broker, 'low', { key: 'first', persistent: true, priority: 1 });
  publish(broker, 'high', { key: 'first', persistent: true, priority: 4 });
  publish(broker, 'counted', { key: 'counted' });
  publish(broker, 'passing', { key: 'passing', persistent: true });
  clock.ms += 1000;
  const high = host.queue('first').get(false) as Entry;
  expect(high.message.body).toBe('high');
  const counted = host.queue('counted').get(false) as Entry;
  counted.queue.requeue(counted);
  host.queue('counted').get(false);
  host.queue('counted').requeue(counted);
  await log.close();

  clock.ms += 1000;
  const again = open(clock);
  expect(again.recovered).toMatchObject({ queues: 3, messages: 5, cutOffBytes: 0 });
  // What was handed out and not acknowledged is there again, and marked.
  high.queue.requeue(high);
  expect(kept(again.broker)).toEqual(kept(broker));
  const first = again.broker.virtualHost('/').queue('first');
  expect([first.get(true)?.isRedelivered, first.get(true)?.isRedelivered]).toEqual([true, false]);
  expect(again.broker.virtualHost('/').queues.has('passing')).toBe(false);
  // Time has gone on meanwhile: what was over is.
  clock.ms += 4000;
  const expiring = again.broker.virtualHost('/').queue('q\xc3\xa9');
  expect(expiring.get(true)?.message.body).toBe('kept');
  expect(expiring.get(true)).toBe(null);
});

const steps = fc.array(
  fc.tuple(
    fc.constantFrom(
      'publish',
      'publish',
      'publish',
      'get',
      'ack',
      'nack',
      'purge',
      'delete',
      'declare',
      'bind',
      'unbind',
      'rewrite',
      'wait',
    ),
    fc.nat(1000),
  ),
  { maxLength: 60 },
);

test('whatever happens, and however often the log is rewritten meanwhile, the same is there after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      rmSync(file(), { force: true });
      const clock = new Clock();
      const { broker, log } = open(clock);
      const host = broker.virtualHost('/');
      const names = ['a', 'b', 'c'];
      for (const name of names) declare(broker, name, { durable: true });
      const held: Entry[] = [];
      for (const [action, n] of all) {
        const name = names[n % 3] as string;
        const queue = host.queues.get(name);
        const bound = { source: 'amq.fanout', destination: { kind: 'queue' as const, name }, key: '', args: [] };
        if (action === 'publish')
          publish(broker, String(n), { exchange: n % 2 ? 'amq.fanout' : '', key: name, persistent: n % 5 > 0 });
        else if (action === 'get') {
          const entry = queue?.get(false);
          if (entry) held.push(entry);
        } else if ((action === 'ack' || action === 'nack') && held.length > 0) {
          const [entry] = held.splice(n % held.length, 1) as [Entry];
          entry.queue[action === 'ack' ? 'acknowledge' : 'requeue'](entry);
        } else if (action === 'purge') queue?.purge();
        else if (action === 'delete' && queue) host.deleteQueue(queue);
        else if (action === 'declare') declare(broker, name, { durable: true });
        else if (action === 'bind' && queue) host.bind(bound);
        else if (action === 'unbind') host.unbind(bound);
        else if (action === 'rewrite') log.rewrite();
        else if (action === 'wait') await new Promise((resolve) => setImmediate(resolve));
      }
      await log.close();
      const again = open(clock);
      await again.log.close();
      for (const entry of held) entry.queue.requeue(entry);
      // Handed out up to there is all that is known of messages before.
      const withoutMarks = (broker_: Broker): string =>
        JSON.stringify(kept(broker_)).replaceAll(/,(true|false),\d+,/g, ',');
      expect(withoutMarks(again.broker)).toBe(withoutMarks(broker));
      const marked = (broker_: Broker): string[] =>
        [...broker_.virtualHost('/').queues.values()].flatMap((queue) =>
          [...queue.ready].flatMap(({ isRedelivered, message }) =>
            isRedelivered && queue.keeps(message) ? [`${queue.name} ${message.body}`] : [],
          ),
        );
      expect(marked(again.broker)).toEqual(expect.arrayContaining(marked(broker)));
      expect(existsSync(`${file()}.new`)).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test('a rewrite leaves what is over behind', async () => {
  const { broker, log } = open(undefined, 10_000);
  const queue = declare(broker, 'q', { durable: true });
  for (let n = 0; n < 300; n += 1) {
    publish(broker, 'x'.repeat(100), { key: 'q', persistent: true });
    if (n >= 5) queue.acknowledge(queue.get(false) as Entry);
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (log.isRewriting) await new Promise((resolve) => setImmediate(resolve));
  await log.close();
  expect(statSync(file()).size).toBeLessThan(21_000);
  const again = open();
  expect(again.recovered.messages).toBe(5);
});

test('a last write that is not there whole is cut off; other damage is refused', async () => {
  const { broker, log } = open();
  declare(broker, 'q', { durable: true });
  const sizes: number[] = [];
  for (const body of ['a', 'b', 'c']) {
    publish(broker, body, { key: 'q', persistent: true });
    await new Promise<void>((resolve) => log.whenDurable(resolve));
    sizes.push(statSync(file()).size);
  }
  await log.close();
  const whole = readFileSync(file());
  const messages = (): [messages: number, cutOffBytes: number] => {
    const { recovered } = open();
    return [recovered.messages, recovered.cutOffBytes];
  };
  const last = sizes[1] as number;
  for (let end = last; end < whole.length; end += 1) {
    writeFileSync(file(), whole.subarray(0, end));
    expect(messages()).toEqual([2, end - last]);
    expect(statSync(file()).size).toBe(last);
  }
  // A file that was made longer before its bytes were written.
  writeFileSync(file(), whole);
  appendFileSync(file(), Buffer.alloc(5000));
  expect(messages()).toEqual([3, 5000]);
  truncateSync(file(), last);
  appendFileSync(file(), Buffer.concat([whole.subarray(last, last + 5), Buffer.alloc(100)]));
  expect(messages()).toEqual([2, 105]);
  for (const at of [3, 12, 20, 40, last - 3]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 0x55;
    writeFileSync(file(), damaged);
    expect(() => open()).toThrow(DamagedLogError);
    expect(readFileSync(file()).equals(damaged)).toBe(true);
  }
});

test('through a server: confirmed is kept, also in a transaction, and transient is not', async () => {
  const server = createServer({ dataDir: directory });
  const client = new Client(await server.listen());
  const channel = await client.confirmChannel();
  await channel.assertExchange('x', 'topic', { durable: true });
  await channel.assertQueue('kept', { durable: true, maxPriority: 3 });
  await channel.assertQueue('gone', { durable: false });
  await channel.bindQueue('kept', 'x', 'a.#');
  channel.publish('x', 'a.b', Buffer.from('one'), { persistent: true });
  channel.publish('x', 'a.b', Buffer.from('passing'));
  channel.sendToQueue('gone', Buffer.from('passing'), { persistent: true });
  await channel.waitForConfirms();
  await client.close();
  await server.close();

  const again = createServer({ dataDir: directory });
  expect(again.recovered).toMatchObject({ queues: 1, messages: 1 });
  const other = new Client(await again.listen());
  const reader = await other.channel();
  expect(await reader.assertQueue('kept', { durable: true, maxPriority: 3 })).toMatchObject({ messageCount: 1 });
  expect(again.queues()).toMatchObject([{ name: 'kept', ready: 1, counters: { recovered: 1, published: 0 } }]);
  reader.publish('x', 'a.c', Buffer.from('two'), { persistent: true });
  const messages = [await reader.get('kept', { noAck: true }), await reader.get('kept', { noAck: true })];
  expect(messages.map((message) => (message ? message.content.toString() : null))).toEqual(['one', 'two']);
  await other.close();
  await again.close();
});

test('what has to be on a slow disk is confirmed when it is there; what has not is not held up', async () => {
  let delayMs = 0;
  const server = createServer({ dataDir: directory, diskDelayMs: () => delayMs });
  const client = new Client(await server.listen());
  const channel = await client.confirmChannel();
  await channel.assertQueue('kept', { durable: true });
  const confirmedMs = async (persistent: boolean): Promise<number> => {
    const fromMs = performance.now();
    channel.sendToQueue('kept', Buffer.from('x'), { persistent });
    await channel.waitForConfirms();
    return performance.now() - fromMs;
  };
  await confirmedMs(true);
  delayMs = 600;
  expect(await confirmedMs(false)).toBeLessThan(delayMs / 2);
  expect(await confirmedMs(true)).toBeGreaterThan(delayMs - 10);
  await client.close();
  await server.close();
});

/** AMQP_KILLS=100 kills as often as the claim says. */
const KILLS = Number(process.env.AMQP_KILLS ?? 5);

test(`no confirmed message is lost, in ${KILLS} of ${KILLS} kills under load`, async () => {
  const script = `
    const { createServer } = await import(${JSON.stringify(new URL('../server.ts', import.meta.url).href)});
    const server = createServer({ dataDir: ${JSON.stringify(directory)} });
    console.log(await server.listen());
  `;
  const confirmed = new Set<string>();
  const consumed = new Set<string>();
  let sent = 0;
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const port = Number(await new Promise((resolve) => child.stdout.once('data', (line) => resolve(String(line)))));
    const connection = await connect({ hostname: '127.0.0.1', port }, { noDelay: true });
    connection.on('error', () => {});
    const open_ = async (): Promise<ConfirmChannel> => {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      return channel;
    };
    const channel = await open_();
    await channel.assertQueue('kept', { durable: true });
    await channel.assertQueue('work', { durable: true });
    if (kill === KILLS) {
      // Each message went to both queues; of one, a part was consumed.
      const found = new Map<string, Set<string>>();
      for (const name of ['kept', 'work']) {
        const bodies = new Set<string>();
        for (
          let message = await channel.get(name, { noAck: true });
          message;
          message = await channel.get(name, { noAck: true })
        )
          bodies.add(message.content.toString());
        found.set(name, bodies);
      }
      expect([...confirmed].filter((body) => !found.get('kept')?.has(body))).toEqual([]);
      expect([...confirmed].filter((body) => !found.get('work')?.has(body) && !consumed.has(body))).toEqual([]);
      child.kill('SIGKILL');
      await gone;
      break;
    }
    await channel.bindQueue('kept', 'amq.fanout', '');
    await channel.bindQueue('work', 'amq.fanout', '');
    await channel.prefetch(20);
    const before = confirmed.size;
    const reader = await open_();
    await reader.consume('work', (message) => {
      if (!message) return;
      // Before the acknowledgement, which may still be lost.
      consumed.add(message.content.toString());
      reader.ack(message);
    });
    const enough = new Promise<void>((resolve) => {
      const more = (): void => {
        sent += 1;
        const body = String(sent);
        try {
          channel.publish('amq.fanout', '', Buffer.from(body), { persistent: true }, (error) => {
            if (error) return;
            confirmed.add(body);
            if (confirmed.size >= before + 100 + kill * 7) resolve();
            more();
          });
        } catch {
          // It was killed.
        }
      };
      for (let n = 0; n < 20; n += 1) more();
    });
    await enough;
    child.kill('SIGKILL');
    await gone;
    await connection.close().catch(() => {});
  }
}, 300_000);
