import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageResults } from './balance.ts';
import { formatMessageId } from './id-set.ts';
import { formatJournalEvent, type JournalEvent, parseJournalEvent } from './journal-line.ts';
import { createMessageLedger, type MessageLedger } from './ledger.ts';

const queue = { broker: 'broker', destination: 'jobs', subscription: '' };
const id = (number: number): string => formatMessageId({ process: 'aaaaaaaa', number });

function ledgerOf(pattern: 'queue' | 'log' | 'channel' = 'queue', groups: string[] = []): MessageLedger {
  const ledger = createMessageLedger();
  ledger.shape({
    destinations: [{ broker: 'broker', name: 'jobs', pattern }],
    brokerOf: new Map([
      ['in', 'broker'],
      ['out', 'broker'],
    ]),
    groups: groups.map((group) => ({ broker: 'broker', destination: 'jobs', group })),
  });
  ledger.take('shop', { type: 'publisher', number: 1, edge: 'in', destinations: ['jobs'] });
  ledger.take('worker', {
    type: 'consumer',
    number: 1,
    edge: 'out',
    destination: 'jobs',
    subscription: groups[0] ?? '',
  });
  return ledger;
}

let now = 0;
const at = (event: object): JournalEvent => {
  now += 1;
  return { atMs: now, by: 1, key: '', position: '', ...event } as unknown as JournalEvent;
};
const only = (ledger: MessageLedger) => ledger.balances()[0];

test('a message is published once, done once, and over', () => {
  const ledger = ledgerOf();
  ledger.take('shop', at({ type: 'sent', id: id(1) }));
  expect(only(ledger)).toMatchObject({ published: 0, publishing: 1 });
  ledger.take('shop', at({ type: 'confirmed', id: id(1) }));
  expect(only(ledger)).toMatchObject({ published: 1, publishing: 0, inBroker: 1 });
  ledger.take('worker', at({ type: 'begun', id: id(1) }));
  expect(only(ledger)).toMatchObject({ inBroker: 0, inFlight: 1 });
  ledger.take('worker', at({ type: 'done', id: id(1) }));
  expect(only(ledger)).toMatchObject({ published: 1, done: 1, inFlight: 0, redelivered: 0, duplicated: 0 });
  ledger.take('worker', at({ type: 'begun', id: id(1) }));
  ledger.take('worker', at({ type: 'done', id: id(1) }));
  expect(only(ledger)).toMatchObject({ published: 1, done: 1, redelivered: 1, duplicated: 1 });
});

test('who is met before its publisher has told of it counts once', () => {
  const ledger = ledgerOf();
  ledger.take('worker', at({ type: 'begun', id: id(1) }));
  ledger.take('worker', at({ type: 'done', id: id(1) }));
  ledger.take('shop', at({ type: 'sent', id: id(1) }));
  ledger.take('shop', at({ type: 'confirmed', id: id(1) }));
  expect(only(ledger)).toMatchObject({ published: 1, done: 1, inBroker: 0, publishing: 0 });
});

test('what a process that is gone had in hand is in the broker or lost, as the broker says', () => {
  const ledger = ledgerOf();
  for (const number of [1, 2]) {
    ledger.take('shop', at({ type: 'sent', id: id(number) }));
    ledger.take('shop', at({ type: 'confirmed', id: id(number) }));
    ledger.take('worker', at({ type: 'begun', id: id(number) }));
  }
  expect(ledger.candidates(queue, now + 1)).toEqual([]);
  ledger.ended('worker');
  const asked = ledger.candidates(queue, now + 1);
  expect(asked).toHaveLength(2);
  ledger.found(queue, { asked, held: new Set([id(1)]) });
  expect(only(ledger)).toMatchObject({ published: 2, inBroker: 1, lost: 1 });
  // It had only not come yet.
  ledger.take('worker', at({ type: 'begun', id: id(2) }));
  expect(only(ledger)).toMatchObject({ lost: 0, inFlight: 1, redelivered: 1 });
});

test('a message without a confirmation was published if the broker has it, and not if it has not', () => {
  const ledger = ledgerOf();
  for (const number of [1, 2, 3]) ledger.take('shop', at({ type: 'sent', id: id(number) }));
  ledger.take('shop', at({ type: 'unconfirmed', id: id(1) }));
  ledger.take('shop', at({ type: 'unconfirmed', id: id(2) }));
  ledger.take('shop', at({ type: 'refused', id: id(3) }));
  ledger.found(queue, { asked: ledger.candidates(queue, now + 1), held: new Set([id(2)]) });
  expect(only(ledger)).toMatchObject({ published: 1, inBroker: 1, notPublished: 2, lost: 0 });
});

test('on a channel, what has not come after a while is lost to that subscriber', () => {
  const ledger = ledgerOf('channel');
  ledger.take('shop', at({ type: 'sent', id: id(1) }));
  ledger.take('shop', at({ type: 'confirmed', id: id(1) }));
  ledger.tick(now + 1000);
  expect(only(ledger)).toMatchObject({ lost: 0 });
  ledger.tick(now + 3000);
  expect(only(ledger)).toMatchObject({ published: 1, lost: 1 });
  expect(ledger.edges().get('in')).toMatchObject({ lost: 1 });
});

test('order is that of one publisher and key, by when the work was done', () => {
  const ledger = ledgerOf();
  const done = (number: number, key: string): void => {
    ledger.take('worker', at({ type: 'begun', id: id(number) }));
    ledger.take('worker', at({ type: 'done', id: id(number), key }));
  };
  done(2, 'a');
  done(1, 'b');
  expect(only(ledger)).toMatchObject({ reordered: 0 });
  done(0, 'a');
  expect(only(ledger)).toMatchObject({ reordered: 1 });
});

test('a journal line is read as it was written, whatever its ids and keys hold', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(), (name, key, by) => {
      fc.pre(name !== '');
      const events: JournalEvent[] = [
        { type: 'publisher', number: by, edge: 'in', destinations: [name] },
        { type: 'consumer', number: by, edge: 'out', destination: name, subscription: key },
        { type: 'sent', atMs: 12.5, by, id: name, key },
        { type: 'confirmed', atMs: 12.5, by, id: name, position: key },
        { type: 'returned', atMs: 12.5, by, id: name },
      ];
      for (const event of events) {
        const line = formatJournalEvent(event);
        expect(line.endsWith('\n')).toBe(true);
        expect(parseJournalEvent(line.slice(0, -1))).toEqual(event);
      }
    }),
  );
});

/** Any course of a few messages through two groups, with processes that end and brokers that forget. */
const course = fc.array(
  fc.record({
    what: fc.constantFrom(
      'sent',
      'confirmed',
      'unconfirmed',
      'refused',
      'begun',
      'returned',
      'kept',
      'done',
      'recognised',
      'expired',
      'dead-lettered',
      'dropped',
      'ended',
      'asked',
    ),
    number: fc.nat(5),
    by: fc.nat(1),
    held: fc.array(fc.nat(5)),
  }),
  { maxLength: 60 },
);

test('whatever happens in whatever order, published messages are the sum of what became of them', () => {
  fc.assert(
    fc.property(course, (steps) => {
      const ledger = ledgerOf('log', ['a', 'b']);
      ledger.take('other', { type: 'consumer', number: 1, edge: 'out', destination: 'jobs', subscription: 'b' });
      const before = ledger.balances();
      for (const { what, number, by, held } of steps) {
        const consumer = ['worker', 'other'][by] as string;
        const of = { ...queue, subscription: ['a', 'b'][by] as string };
        if (what === 'ended') ledger.ended(consumer);
        else if (what === 'asked')
          ledger.found(of, { asked: ledger.candidates(of, now + 1), held: new Set(held.map(id)) });
        else if (['sent', 'confirmed', 'unconfirmed', 'refused'].includes(what))
          ledger.take('shop', at({ type: what, id: id(number) }));
        else ledger.take(consumer, at({ type: what, id: id(number) }));
        for (const { holds, equation } of messageResults(before, ledger.balances())) expect(holds, equation).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

/** An exchange with two queues, whose broker puts what is rejected to the dead letters. */
function exchangeLedger(): MessageLedger {
  const ledger = createMessageLedger();
  ledger.shape({
    destinations: [
      { broker: 'broker', name: 'orders', pattern: 'exchange' },
      ...['a', 'b'].map((name) => ({ broker: 'broker', name, pattern: 'queue' as const, deadLetter: 'dead' })),
      { broker: 'broker', name: 'dead', pattern: 'queue' },
    ],
    brokerOf: new Map(['in', 'out'].map((edge) => [edge, 'broker'])),
    groups: [],
  });
  ledger.take('shop', { type: 'publisher', number: 1, edge: 'in', destinations: ['a', 'b'] });
  ledger.take('shop', { type: 'publisher', number: 2, edge: 'in', destinations: ['orders'] });
  for (const destination of ['a', 'b', 'dead'])
    ledger.take(destination, { type: 'consumer', number: 1, edge: 'out', destination, subscription: '' });
  return ledger;
}
const of = (ledger: MessageLedger, name: string) => ledger.balances().find(({ destination }) => destination === name);

test('what an exchange hands on is a message of each queue, and counts once on the edge', () => {
  const ledger = exchangeLedger();
  ledger.take('shop', at({ type: 'sent', id: id(1) }));
  ledger.take('shop', at({ type: 'confirmed', id: id(1) }));
  ledger.take('a', at({ type: 'begun', id: id(1) }));
  ledger.take('a', at({ type: 'done', id: id(1) }));
  expect(of(ledger, 'a')).toMatchObject({ published: 1, done: 1 });
  expect(of(ledger, 'b')).toMatchObject({ published: 1, done: 0, inBroker: 1 });
  expect(ledger.edges().get('in')?.flow).toMatchObject({ messagesSent: 1, messagesConfirmed: 1 });
});

test('what no queue is bound for is the exchange’s, which drops it', () => {
  const ledger = exchangeLedger();
  ledger.take('shop', at({ type: 'sent', id: id(1), by: 2 }));
  ledger.take('shop', at({ type: 'confirmed', id: id(1), by: 2 }));
  const exchange = { broker: 'broker', destination: 'orders', subscription: '' };
  const asked = ledger.candidates(exchange, now + 1);
  ledger.found(exchange, { asked, held: new Set(), dropped: new Set([id(1)]) });
  expect(of(ledger, 'orders')).toMatchObject({ published: 1, dropped: 1, lost: 0 });
});

test('what is rejected, or is let go of by the broker, is among the dead letters', () => {
  const ledger = exchangeLedger();
  for (const type of ['sent', 'confirmed']) ledger.take('shop', at({ type, id: id(1) }));
  ledger.take('a', at({ type: 'begun', id: id(1) }));
  ledger.take('a', at({ type: 'rejected', id: id(1) }));
  expect(of(ledger, 'a')).toMatchObject({ published: 1, deadLettered: 1 });
  expect(of(ledger, 'dead')).toMatchObject({ published: 1, inBroker: 1 });
  for (const type of ['sent', 'confirmed']) ledger.take('shop', at({ type, id: id(2) }));
  const b = { ...queue, destination: 'b' };
  // A consumer may meet it before the broker is asked.
  ledger.take('dead', at({ type: 'begun', id: id(2) }));
  ledger.found(b, { asked: ledger.candidates(b, now + 1), held: new Set([id(1)]), deadLettered: new Set([id(2)]) });
  expect(of(ledger, 'b')).toMatchObject({ published: 2, deadLettered: 1, inBroker: 1 });
  expect(of(ledger, 'dead')).toMatchObject({ published: 2, inBroker: 1, inFlight: 1 });
});

const exchangeCourse = fc.array(
  fc.record({
    what: fc.constantFrom(
      ...(['sent', 'confirmed', 'unconfirmed', 'refused', 'begun', 'returned', 'done', 'rejected'] as const),
      ...(['ended', 'asked'] as const),
    ),
    number: fc.nat(4),
    by: fc.nat(2),
    fates: fc.array(fc.constantFrom('held', 'dropped', 'expired', 'deadLettered', 'gone'), {
      minLength: 5,
      maxLength: 5,
    }),
  }),
  { maxLength: 60 },
);

test('however messages go through an exchange and to dead letters, each queue adds up', () => {
  fc.assert(
    fc.property(exchangeCourse, (steps) => {
      const ledger = exchangeLedger();
      const before = ledger.balances();
      for (const { what, number, by, fates } of steps) {
        const consumer = ['a', 'b', 'dead'][by] as string;
        const subscription = { ...queue, destination: consumer };
        const withFate = (fate: string) => new Set([0, 1, 2, 3, 4].filter((at) => fates[at] === fate).map(id));
        if (what === 'ended') ledger.ended(consumer);
        else if (what === 'asked')
          ledger.found(subscription, {
            asked: ledger.candidates(subscription, now + 1),
            ...{ held: withFate('held'), dropped: withFate('dropped') },
            ...{ expired: withFate('expired'), deadLettered: withFate('deadLettered') },
          });
        else if (['sent', 'confirmed', 'unconfirmed', 'refused'].includes(what))
          ledger.take('shop', at({ type: what, id: id(number), by: 1 }));
        else ledger.take(consumer, at({ type: what, id: id(number) }));
        for (const { holds, equation } of messageResults(before, ledger.balances())) expect(holds, equation).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('what the broker lets go of while a consumer has it already is that consumer’s, and counts once', () => {
  const ledger = ledgerOf('log', ['billing']);
  const billing = { broker: 'broker', destination: 'jobs', subscription: 'billing' };
  for (const number of [1, 2, 3])
    for (const type of ['sent', 'confirmed']) ledger.take('shop', at({ type, id: id(number) }));
  ledger.take('worker', at({ type: 'begun', id: id(1) }));
  ledger.ended('worker');
  const asked = ledger.candidates(billing, now + 1);
  expect(asked.map(({ wasTaken }) => wasTaken)).toEqual([true, false, false]);
  const dropped = new Set([1, 2, 3].map(id));
  ledger.found(billing, { asked, held: new Set(), dropped });
  expect(only(ledger)).toMatchObject({ published: 3, dropped: 3, inBroker: 0 });
  // Fetched before, and begun only now.
  ledger.take('worker', at({ type: 'begun', id: id(2) }));
  expect(only(ledger)).toMatchObject({ published: 3, dropped: 2, inFlight: 1, redelivered: 0 });
  ledger.found(billing, { asked, held: new Set(), dropped });
  ledger.take('worker', at({ type: 'done', id: id(2) }));
  expect(only(ledger)).toMatchObject({ published: 3, done: 1, dropped: 2, inFlight: 0, redelivered: 0, duplicated: 0 });
});

test('what a group reads again after it was set back is replayed, once each, and everything adds up', () => {
  const ledger = ledgerOf('log', ['billing']);
  const billing = { broker: 'broker', destination: 'jobs', subscription: 'billing' };
  const publishOne = (number: number) => {
    ledger.take('shop', at({ type: 'sent', id: id(number) }));
    ledger.take('shop', at({ type: 'confirmed', id: id(number) }));
  };
  const handle = (number: number) => {
    ledger.take('worker', at({ type: 'begun', id: id(number) }));
    ledger.take('worker', at({ type: 'done', id: id(number) }));
  };
  for (const number of [1, 2, 3]) publishOne(number);
  for (const number of [1, 2]) handle(number);
  // 3 is in hand meanwhile, and comes again, too.
  ledger.take('worker', at({ type: 'begun', id: id(3) }));
  ledger.rewind(billing).end();
  ledger.take('worker', at({ type: 'done', id: id(3) }));
  for (const number of [1, 2, 3]) handle(number);
  expect(only(ledger)).toMatchObject({
    published: 3,
    done: 3,
    replayed: 3,
    duplicated: 0,
    redelivered: 0,
    reordered: 0,
  });
  // Each comes again once; more than that is a duplicate.
  handle(2);
  expect(only(ledger)).toMatchObject({ published: 3, done: 3, replayed: 3, duplicated: 1, redelivered: 1 });
  ledger.rewind(billing).withdraw();
  handle(1);
  expect(only(ledger)).toMatchObject({ done: 3, replayed: 3, duplicated: 2 });
  expect(() => ledger.rewind({ ...billing, subscription: 'nobody' })).toThrow('no group "nobody"');
});

test('what is published and read while a group is being set back may come again, what is published after it may not', () => {
  const ledger = ledgerOf('log', ['billing', 'mailing']);
  const handle = (number: number) => {
    ledger.take('worker', at({ type: 'begun', id: id(number) }));
    ledger.take('worker', at({ type: 'done', id: id(number) }));
  };
  const billing = { broker: 'broker', destination: 'jobs', subscription: 'billing' };
  const rewinding = ledger.rewind(billing);
  ledger.take('shop', at({ type: 'sent', id: id(1) }));
  handle(1);
  // Read before its publisher's word of it was.
  handle(2);
  ledger.take('shop', at({ type: 'sent', id: id(2) }));
  rewinding.end();
  ledger.take('shop', at({ type: 'sent', id: id(3) }));
  handle(3);
  for (const number of [1, 2, 3]) handle(number);
  const [billed, mailed] = ledger.balances();
  expect(billed).toMatchObject({ published: 3, done: 3, replayed: 2, duplicated: 1, redelivered: 1 });
  // The other group was left where it was.
  expect(mailed).toMatchObject({ published: 3, done: 0, replayed: 0, duplicated: 0 });
});
