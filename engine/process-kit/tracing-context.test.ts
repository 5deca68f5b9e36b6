import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatTraceparent,
  isSampled,
  lastWordOf,
  parseTraceparent,
  RANDOM,
  randomWord,
  SAMPLED,
  spanIdOf,
  type TraceContext,
  traceIdOf,
} from './tracing-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

/** What was read, in digits. */
const read = (header: string | undefined) => {
  const context = parseTraceparent(header);
  return (
    context && { traceId: traceIdOf(context), spanId: spanIdOf(context.span0, context.span1), flags: context.flags }
  );
};

test('reads the header of the standard, and writes it again', () => {
  const header = `00-${traceId}-${spanId}-01`;
  expect(read(header)).toEqual({ traceId, spanId, flags: SAMPLED });
  expect(formatTraceparent(parseTraceparent(header) as TraceContext)).toBe(header);
  expect(read(`00-${traceId}-${spanId}-00`)?.flags).toBe(0);
  expect(lastWordOf(traceId)).toBe(parseTraceparent(header)?.trace3);
});

test('passes on the flags "sampled" and "random", and clears those that it does not know', () => {
  expect(read(`00-${traceId}-${spanId}-ff`)?.flags).toBe(SAMPLED | RANDOM);
  expect(read(`00-${traceId}-${spanId}-08`)?.flags).toBe(0);
});

test('reads a later version as far as version 00 goes', () => {
  for (const header of [`cc-${traceId}-${spanId}-01`, `cc-${traceId}-${spanId}-01-what-the-future-will-be`])
    expect(read(header)).toEqual({ traceId, spanId, flags: SAMPLED });
});

test.each([
  ['nothing', undefined],
  ['an empty header', ''],
  ['the forbidden version ff', `ff-${traceId}-${spanId}-01`],
  ['version 00 with more than belongs to it', `00-${traceId}-${spanId}-01-more`],
  ['a later version that goes on without a dash', `cc-${traceId}-${spanId}-01.more`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['a span id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
  ['a version of one digit', `.0-${traceId}-${spanId}-01`],
  ['flags that are no number', `00-${traceId}-${spanId}-.1`],
  ['a short trace id', `00-${traceId.slice(1)}-${spanId}-01`],
  ['underscores', `00_${traceId}_${spanId}_01`],
  ['two headers, which Node joins', `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
])('refuses %s', (_, header) => {
  expect(parseTraceparent(header)).toBeNull();
});

test('whatever comes in a header, it is refused or read as it stands', () => {
  const nearly = fc
    .tuple(fc.constant(`00-${traceId}-${spanId}-01`), fc.nat(54), fc.string({ minLength: 1, maxLength: 2 }))
    .map(([header, at, text]) => header.slice(0, at) + text + header.slice(at + text.length));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (header) => {
      const parsed = read(header);
      if (!parsed) return;
      expect(parsed.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
      expect(parsed.spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
      expect([parsed.traceId, parsed.spanId]).toEqual([header.slice(3, 35), header.slice(36, 52)]);
    }),
  );
});

test('the share of sampled trace ids is the ratio, and a higher ratio keeps what a lower one keeps', () => {
  const words = Array.from({ length: 20_000 }, randomWord);
  expect(words.filter((word) => isSampled(word, 0))).toHaveLength(0);
  expect(words.filter((word) => isSampled(word, 1))).toHaveLength(20_000);
  const tenth = words.filter((word) => isSampled(word, 0.1));
  // 2,000 expected with a standard deviation of 42: six of them miss once in 500 million runs.
  expect(Math.abs(tenth.length - 2000)).toBeLessThan(6 * 42.5);
  expect(tenth.every((word) => isSampled(word, 0.2))).toBe(true);
});
