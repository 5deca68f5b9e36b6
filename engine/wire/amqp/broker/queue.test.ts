import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodies, Clock, declare, Inbox, long, newBroker, publish, text } from './broker.fixture.ts';
import type { Consumer } from './consumers.ts';
import type { Entry } from './entry.ts';
import type { Queue } from './queue.ts';

test('messages are handed out in order, and come back to where they were, in whatever order that is', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), fc.nat(30), (choices, count) => {
      const broker = newBroker();
      const queue = declare(broker, 'q');
      for (let n = 0; n < count; n += 1) publish(broker, String(n), { key: 'q' });
      const waiting = new Set(Array.from({ length: count }, (_, n) => n));
      const held: Entry[] = [];
      for (const choice of choices) {
        if (choice % 3 !== 0 || held.length === 0) {
          const entry = queue.get(false);
          expect(entry?.message.body).toBe(waiting.size === 0 ? undefined : String(Math.min(...waiting)));
          if (!entry) continue;
          held.push(entry);
          waiting.delete(Number(entry.message.body));
        } else {
          const [entry] = held.splice(choice % held.length, 1) as [Entry];
          queue.requeue(entry);
          waiting.add(Number(entry.message.body));
        }
        expect([queue.ready.length, queue.unacked]).toEqual([waiting.size, held.length]);
      }
    }),
    { numRuns: 200 },
  );
});

/** All that went in, and where it is or what became of it. */
function expectConserved(queue: Queue): void {
  const { counters, ready, unacked } = queue;
  const { published, recovered, acknowledged, deadLettered, expired, dropped, rejected, purged } = counters;
  const dead = Object.values(deadLettered).reduce((sum, count) => sum + count, 0);
  expect(published + recovered).toBe(
    acknowledged + dead + expired + dropped + rejected + purged + ready.length + unacked,
  );
  expect(ready.bytes).toBe(bodies(queue).reduce((sum, { length }) => sum + length, 0));
}

test('whatever happens, no message is lost or counted twice', () => {
  const settings = fc.record({
    maxLength: fc.option(fc.nat(5), { nil: undefined }),
    overflow: fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'),
    ttl: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    priorities: fc.constantFrom(0, 5),
    dead: fc.boolean(),
    single: fc.boolean(),
  });
  const actions = fc.array(
    fc.tuple(
      fc.constantFrom('publish', 'get', 'ack', 'nack', 'reject', 'consume', 'cancel', 'wait', 'purge', 'room'),
      fc.nat(100),
    ),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(settings, actions, ({ maxLength, overflow, ttl, priorities, dead, single }, steps) => {
      const clock = new Clock();
      const broker = newBroker(clock);
      const graveyard = declare(broker, 'dead');
      const queue = declare(broker, 'q', {
        args: [
          ['x-overflow', text(overflow)],
          ['x-max-priority', long(priorities)],
          ['x-single-active-consumer', { type: 'bool', value: single }],
          ...(maxLength === undefined ? [] : [['x-max-length', long(maxLength)] as const]),
          ...(ttl === undefined ? [] : [['x-message-ttl', long(ttl)] as const]),
          ...(dead
            ? [['x-dead-letter-exchange', text('')] as const, ['x-dead-letter-routing-key', text('dead')] as const]
            : []),
        ],
      });
      const inbox = new Inbox();
      const consumers: Consumer[] = [];
      const held: Entry[] = [];
      let sent = 0;
      for (const [action, n] of steps) {
        const mine = [...held, ...inbox.entries.filter(({ isDone }) => !isDone)];
        const one = mine[n % Math.max(1, mine.length)];
        const forget = (entry: Entry): void => {
          const at = held.indexOf(entry);
          if (at !== -1) held.splice(at, 1);
          const there = inbox.entries.indexOf(entry);
          if (there !== -1) inbox.entries.splice(there, 1);
          for (const consumer of consumers) {
            if (there !== -1 && consumer.unacked > 0) consumer.unacked -= 1;
            queue.wake(consumer);
          }
          queue.run();
        };
        if (action === 'publish') {
          sent += 1;
          publish(broker, 'x'.repeat(n % 7), {
            key: 'q',
            priority: n % 10,
            ...(n % 3 === 0 ? { expiration: String(n % 40) } : {}),
          });
        } else if (action === 'get') {
          const entry = queue.get(n % 2 === 0);
          if (entry && n % 2 === 1) held.push(entry);
        } else if (action === 'consume' && consumers.length < 3)
          consumers.push(inbox.consume(queue, { noAck: n % 4 === 0, prefetch: n % 3 }));
        else if (action === 'cancel' && consumers.length > 0) {
          queue.unsubscribe(consumers.shift() as Consumer);
          queue.run();
        } else if (action === 'wait') {
          clock.ms += n;
          queue.run();
        } else if (action === 'purge') queue.purge();
        else if (action === 'room') inbox.room = n;
        else if (one && (action === 'ack' || action === 'nack' || action === 'reject')) {
          queue[action === 'ack' ? 'acknowledge' : action === 'nack' ? 'requeue' : 'reject'](one);
          forget(one);
        }
        broker.settle();
        expectConserved(queue);
        expectConserved(graveyard);
      }
      const { counters } = queue;
      const refusedAndGone = overflow === 'reject-publish-dlx' ? 0 : counters.refused;
      expect(counters.published + refusedAndGone).toBe(sent);
      const deaths = Object.values(counters.deadLettered).reduce((sum, count) => sum + count, 0);
      expect(graveyard.counters.published).toBe(deaths);
      broker.stop();
      for (const each of broker.virtualHost('/').queues.values()) {
        each.purge();
        for (const entry of [...held, ...inbox.entries])
          if (!entry.isDone && entry.queue === each) each.acknowledge(entry);
      }
      // What nobody holds costs nothing.
      expect(broker.heldBytes).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('a million messages in and out take a moment, wherever they come back to', () => {
  const broker = newBroker();
  const queue = declare(broker, 'q');
  const fromMs = performance.now();
  for (let n = 0; n < 1_000_000; n += 1) publish(broker, 'm', { key: 'q' });
  const held: Entry[] = [];
  for (let entry = queue.get(false); entry; entry = queue.get(false)) held.push(entry);
  for (const entry of held.reverse()) queue.requeue(entry);
  expect(queue.purge()).toBe(1_000_000);
  // Quadratic in anything it would take minutes.
  expect(performance.now() - fromMs).toBeLessThan(15_000);
});

test('a chain of dead letters is followed to its end', () => {
  const broker = newBroker();
  const length = 300;
  for (let n = 0; n < length; n += 1)
    declare(broker, `q${n}`, {
      args: [
        ['x-max-length', long(0)],
        ['x-dead-letter-exchange', text('')],
        ['x-dead-letter-routing-key', text(`q${n + 1}`)],
      ],
    });
  const last = declare(broker, `q${length}`);
  publish(broker, 'm', { key: 'q0' });
  broker.settle();
  expect(bodies(last)).toEqual(['m']);
});
