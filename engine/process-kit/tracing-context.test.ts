import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatTraceparent,
  isSampled,
  parseTraceparent,
  RANDOM,
  randomSpanId,
  randomTraceId,
  SAMPLED,
} from './tracing-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test('reads the header of the standard, and writes it again', () => {
  const header = `00-${traceId}-${spanId}-01`;
  expect(parseTraceparent(header)).toEqual({ traceId, spanId, flags: SAMPLED });
  expect(formatTraceparent({ traceId, spanId, flags: SAMPLED })).toBe(header);
  expect(parseTraceparent(`00-${traceId}-${spanId}-00`)?.flags).toBe(0);
});

test('passes on the flags "sampled" and "random", and clears those that it does not know', () => {
  expect(parseTraceparent(`00-${traceId}-${spanId}-ff`)?.flags).toBe(SAMPLED | RANDOM);
  expect(parseTraceparent(`00-${traceId}-${spanId}-08`)?.flags).toBe(0);
});

test('reads a later version as far as version 00 goes', () => {
  for (const header of [`cc-${traceId}-${spanId}-01`, `cc-${traceId}-${spanId}-01-what-the-future-will-be`])
    expect(parseTraceparent(header)).toEqual({ traceId, spanId, flags: SAMPLED });
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

test('whatever comes in a header, it is refused or gives sound ids', () => {
  const nearly = fc
    .tuple(fc.constant(`00-${traceId}-${spanId}-01`), fc.nat(54), fc.string({ minLength: 1, maxLength: 2 }))
    .map(([header, at, text]) => header.slice(0, at) + text + header.slice(at + text.length));
  fc.assert(
    fc.property(fc.oneof(fc.string(), nearly), (header) => {
      const parsed = parseTraceparent(header);
      if (!parsed) return;
      expect(parsed.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
      expect(parsed.spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
    }),
  );
});

test('own ids are of the right form and do not repeat', () => {
  const ids = new Set<string>();
  for (let i = 0; i < 1000; i += 1) {
    const own = { traceId: randomTraceId(), spanId: randomSpanId(), flags: RANDOM };
    expect(parseTraceparent(formatTraceparent(own))).toEqual(own);
    ids.add(own.traceId).add(own.spanId);
  }
  expect(ids.size).toBe(2000);
});

test('the share of sampled trace ids is the ratio, and a higher ratio keeps what a lower one keeps', () => {
  const traceIds = Array.from({ length: 20_000 }, randomTraceId);
  expect(traceIds.filter((id) => isSampled(id, 0))).toHaveLength(0);
  expect(traceIds.filter((id) => isSampled(id, 1))).toHaveLength(20_000);
  const tenth = traceIds.filter((id) => isSampled(id, 0.1));
  // 2,000 expected with a standard deviation of 42: six of them miss once in 500 million runs.
  expect(Math.abs(tenth.length - 2000)).toBeLessThan(6 * 42.5);
  expect(tenth.every((id) => isSampled(id, 0.2))).toBe(true);
});
