import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDecoder } from './decoder.ts';

/* What clients repeat is known from before: by the beginning of a request, or word by word. It must be what they sent all the same. */

const limits = { maxBulkBytes: 1000, maxArguments: 100, maxRequestBytes: 10_000 };

const bytesOf = (words: readonly string[]): Buffer =>
  Buffer.from(`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`, 'latin1');

/** Of the same few words at each place, short and long, so that requests share beginnings of every length. */
const word = fc.constantFrom(
  '',
  'a',
  'b',
  'GET',
  'key:000000000001',
  'key:000000000002',
  'x'.repeat(40),
  'y'.repeat(80),
);
const request = fc
  .tuple(fc.constantFrom('GET', 'SET', 'EVALSHA'), fc.array(word, { maxLength: 6 }), fc.integer({ min: 1, max: 6 }))
  .map(([name, words, times]) => Array.from({ length: times }, () => [name, ...words]));

test('requests are read as they were sent, however they repeat each other and wherever they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(request, { minLength: 1, maxLength: 12 }).map((runs) => runs.flat()),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
      (requests, cuts) => {
        const decoder = createDecoder(limits, (name) => name === 'GET');
        const bytes = Buffer.concat(requests.map(bytesOf));
        const read: string[][] = [];
        for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
          const length = cuts[cut % cuts.length] as number;
          decoder.push(bytes.subarray(at, at + length));
          at += length;
          for (let words = decoder.next(); words !== null; words = decoder.next()) read.push(words);
        }
        expect(read).toEqual(requests);
      },
    ),
    { numRuns: 500 },
  );
});

test('a request has an array of its own, which the next one does not change', () => {
  const decoder = createDecoder(limits);
  const words = ['EVALSHA', 'f'.repeat(40), '1', 'bull:queue:wait'];
  for (let n = 0; n < 10; n += 1) decoder.push(bytesOf([...words, String(n)]));
  const read = Array.from({ length: 10 }, () => decoder.next() as string[]);
  for (const each of read.slice(0, 5)) each.fill('changed');
  expect(read.slice(5)).toEqual([5, 6, 7, 8, 9].map((n) => [...words, String(n)]));
  decoder.push(bytesOf([...words, 'last']));
  expect(decoder.next()).toEqual([...words, 'last']);
});

test('what is known from before counts to the limits as what is new', () => {
  const decoder = createDecoder({ ...limits, maxRequestBytes: 40 });
  const words = ['SET', 'key:000000000001'];
  for (let n = 0; n < 5; n += 1) {
    decoder.push(bytesOf([...words, 'short']));
    expect(decoder.next()).toEqual([...words, 'short']);
  }
  decoder.push(bytesOf([...words, 'x'.repeat(30)]));
  expect(() => decoder.next()).toThrow('too big request');
});
