import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectResp, type RespClient } from './client.ts';
import { type Subject, subjects, written } from './contract.fixture.ts';
import type { Reply } from './reply.ts';

/* What takes more than one connection: waiting for keys, channels, watched keys, events of keys. */

describe.each(subjects)('%s', (_name, start, missing) => {
  let subject: Subject;
  let clients: RespClient[] = [];

  const connect = async (): Promise<RespClient> => {
    const client = await connectResp({ port: subject.port });
    clients.push(client);
    return client;
  };
  const ask = async (client: RespClient, ...command: string[]): Promise<unknown> =>
    written((await client.send(command))[0] as Reply);
  /** Until so many clients wait. */
  const blocked = async (by: RespClient, count: number): Promise<void> => {
    while (!String(await ask(by, 'INFO', 'clients')).includes(`blocked_clients:${count}`));
  };

  beforeAll(async () => {
    if (!missing) subject = await start();
  });
  afterAll(() => subject?.stop());
  beforeEach(async (context) => {
    context.skip(missing !== null, missing ?? '');
    await ask(await connect(), 'FLUSHALL');
  });
  afterEach(() => {
    for (const client of clients) client.destroy();
    clients = [];
  });

  test('who waits longer for a list is served first, and each gets one element', async () => {
    const [writer, one, two] = [await connect(), await connect(), await connect()];
    const first = ask(one, 'BLPOP', 'none', 'list', '0');
    await blocked(writer, 1);
    const second = ask(two, 'BRPOP', 'list', '0');
    await blocked(writer, 2);
    expect(await ask(writer, 'RPUSH', 'list', 'a', 'b', 'c')).toBe(3);
    expect(await first).toEqual(['list', 'a']);
    expect(await second).toEqual(['list', 'c']);
    expect(await ask(writer, 'LRANGE', 'list', '0', '-1')).toEqual(['b']);
  });

  test('a chain of moves is followed within one command', async () => {
    const [writer, one, two] = [await connect(), await connect(), await connect()];
    const moved = ask(one, 'BLMOVE', 'a', 'b', 'LEFT', 'RIGHT', '0');
    await blocked(writer, 1);
    const taken = ask(two, 'BLPOP', 'b', '0');
    await blocked(writer, 2);
    await ask(writer, 'RPUSH', 'a', 'x');
    expect(await moved).toBe('x');
    expect(await taken).toEqual(['b', 'x']);
  });

  test('what a transaction or a script adds and takes away again wakes nobody', async () => {
    const [writer, waiter] = [await connect(), await connect()];
    const popped = ask(waiter, 'BLPOP', 'list', '0');
    await blocked(writer, 1);
    await writer.send(['MULTI'], ['RPUSH', 'list', 'gone'], ['LPOP', 'list'], ['EXEC']);
    await ask(writer, 'EVAL', "redis.call('rpush', 'list', 'gone') redis.call('del', 'list')", '0');
    await ask(writer, 'EVAL', "redis.call('rpush', 'list', 'kept')", '0');
    expect(await popped).toEqual(['list', 'kept']);
  });

  test('sorted sets, streams and groups are waited for as well', async () => {
    const [writer, one, two, three] = [await connect(), await connect(), await connect(), await connect()];
    await ask(writer, 'XGROUP', 'CREATE', 'stream', 'group', '$', 'MKSTREAM');
    const minimum = ask(one, 'BZPOPMIN', 'scores', '0');
    const read = ask(two, 'XREAD', 'BLOCK', '0', 'STREAMS', 'stream', '$');
    const inGroup = ask(three, 'XREADGROUP', 'GROUP', 'group', 'me', 'BLOCK', '0', 'STREAMS', 'stream', '>');
    await blocked(writer, 3);
    await ask(writer, 'ZADD', 'scores', '2', 'b', '1', 'a');
    await ask(writer, 'XADD', 'stream', '1-1', 'k', 'v');
    expect(await minimum).toEqual(['scores', 'a', '1']);
    const entries = [['stream', [['1-1', ['k', 'v']]]]];
    expect(await read).toEqual(entries);
    expect(await inGroup).toEqual(entries);
    expect(await ask(writer, 'XPENDING', 'stream', 'group')).toEqual([1, '1-1', '1-1', [['me', '1']]]);
  });

  test('waiting ends with its time, when somebody ends it, and with the connection', async () => {
    const [writer, waiter, leaving] = [await connect(), await connect(), await connect()];
    const startMs = performance.now();
    expect(await ask(waiter, 'BLPOP', 'list', '0.05')).toBeNull();
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(49);
    const id = String(await ask(waiter, 'CLIENT', 'ID'));
    const ended = ask(waiter, 'BLPOP', 'list', '0');
    await blocked(writer, 1);
    expect(await ask(writer, 'CLIENT', 'UNBLOCK', id, 'ERROR')).toBe(1);
    expect(await ended).toBe('-UNBLOCKED client unblocked via CLIENT UNBLOCK');
    ask(leaving, 'BLPOP', 'list', '0').catch(() => {});
    await blocked(writer, 1);
    leaving.destroy();
    await blocked(writer, 0);
    await ask(writer, 'RPUSH', 'list', 'stays');
    expect(await ask(writer, 'LLEN', 'list')).toBe(1);
  });

  test('a watched key that another client changes ends the transaction; an expired one too', async () => {
    const [one, other] = [await connect(), await connect()];
    await ask(one, 'SET', 'a', '1');
    await ask(one, 'WATCH', 'a', 'b');
    await ask(other, 'SET', 'b', '1');
    expect((await one.send(['MULTI'], ['SET', 'a', '2'], ['EXEC'])).map(written)).toEqual(['+OK', '+QUEUED', null]);
    expect((await one.send(['MULTI'], ['SET', 'a', '2'], ['EXEC'])).map(written)).toEqual(['+OK', '+QUEUED', ['+OK']]);
    await ask(one, 'WATCH', 'a');
    await ask(other, 'FLUSHALL');
    expect((await one.send(['MULTI'], ['PING'], ['EXEC'])).map(written)).toEqual(['+OK', '+QUEUED', null]);
  });

  test('messages reach who subscribes to the channel or to a pattern, in order', async () => {
    const [publisher, subscriber] = [await connect(), await connect()];
    // An empty request has no answer, but a place for a message.
    const messages = subscriber.send(['SUBSCRIBE', 'news', 'other'], ['PSUBSCRIBE', 'n?ws*'], ['PING'], [], [], []);
    while ((await ask(publisher, 'PUBSUB', 'NUMPAT')) !== 1);
    expect(await ask(publisher, 'PUBLISH', 'news', 'hello')).toBe(2);
    expect((await messages).map(written)).toEqual([
      ['subscribe', 'news', 1],
      ['subscribe', 'other', 2],
      ['psubscribe', 'n?ws*', 3],
      ['pong', ''],
      ['message', 'news', 'hello'],
      ['pmessage', 'n?ws*', 'news', 'hello'],
    ]);
    expect(await ask(publisher, 'PUBSUB', 'CHANNELS', 'n*')).toEqual(['news']);
    expect(await ask(publisher, 'PUBLISH', 'nobody', 'x')).toBe(0);
  });

  test('events of keys are published where they are asked for', async () => {
    const [writer, subscriber] = [await connect(), await connect()];
    await ask(writer, 'CONFIG', 'SET', 'notify-keyspace-events', 'KEA');
    const told = subscriber.send(['PSUBSCRIBE', '__key*__:*'], ...Array.from({ length: 16 }, () => [] as string[]));
    while ((await ask(writer, 'PUBSUB', 'NUMPAT')) !== 1);
    for (const command of [
      ['SET', 'a', '1', 'PX', '20'],
      ['LPUSH', 'l', 'x'],
      ['LPOP', 'l'],
      ['HSET', 'h', 'f', 'v'],
      ['RENAME', 'h', 'h2'],
    ])
      await ask(writer, ...command);
    const names = (await told).slice(1).map((message) => (message as string[]).slice(2).join(' '));
    expect(names.filter((each) => each.includes('keyevent'))).toEqual([
      '__keyevent@0__:set a',
      '__keyevent@0__:expire a',
      '__keyevent@0__:lpush l',
      '__keyevent@0__:lpop l',
      '__keyevent@0__:del l',
      '__keyevent@0__:hset h',
      '__keyevent@0__:rename_from h',
      '__keyevent@0__:rename_to h2',
    ]);
    const last = subscriber.send([], []);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await ask(writer, 'GET', 'a')).toBeNull();
    expect((await last).map(written)).toEqual([
      ['pmessage', '__key*__:*', '__keyspace@0__:a', 'expired'],
      ['pmessage', '__key*__:*', '__keyevent@0__:expired', 'a'],
    ]);
    await ask(writer, 'CONFIG', 'SET', 'notify-keyspace-events', '');
  });
});
