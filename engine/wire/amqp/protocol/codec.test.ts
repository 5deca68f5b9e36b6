import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MalformedError } from '../bytes/malformed.ts';
import { Reader } from '../bytes/reader.ts';
import { FRAME_METHOD } from './constants.ts';
import { AmqpError, NO_METHOD } from './errors.ts';
import { encodeTable, type FieldTable, type FieldValue, readTable, skipTable } from './field-table.ts';
import { BadFrame, FrameDecoder } from './frame-decoder.ts';
import { methodTable } from './method-table.ts';
import { type MethodName, methodOf, readArguments, readMethod, writeMethod } from './methods.ts';
import { Output } from './output.ts';
import { readProperties, withProperties } from './properties.ts';

const bytes = (maxLength: number) =>
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength });
const readerOf = (text: string): Reader => new Reader(Buffer.from(text, 'latin1'), 0, text.length);

const { table } = fc.letrec<{ table: FieldTable; value: FieldValue }>((tie) => ({
  table: fc.array(fc.tuple(bytes(8), tie('value')), { maxLength: 4 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ type: fc.constantFrom('longstr', 'binary'), value: bytes(20) }),
    fc.record({ type: fc.constant('byte'), value: fc.integer({ min: -128, max: 127 }) }),
    fc.record({ type: fc.constant('unsignedbyte'), value: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ type: fc.constant('short'), value: fc.integer({ min: -32_768, max: 32_767 }) }),
    fc.record({ type: fc.constant('unsignedshort'), value: fc.integer({ min: 0, max: 65_535 }) }),
    fc.record({ type: fc.constant('signedint'), value: fc.integer() }),
    fc.record({ type: fc.constant('unsignedint'), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
    fc.record({ type: fc.constant('long'), value: fc.maxSafeInteger() }),
    fc.record({ type: fc.constant('long'), value: fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n }) }),
    fc.record({ type: fc.constant('timestamp'), value: fc.maxSafeNat() }),
    fc.record({ type: fc.constant('double'), value: fc.double({ noNaN: true }) }),
    fc.record({ type: fc.constant('float'), value: fc.float({ noNaN: true }) }),
    fc.record({ type: fc.constant('bool'), value: fc.boolean() }),
    fc.record({
      type: fc.constant('decimal'),
      value: fc.record({ scale: fc.nat(255), digits: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
    }),
    fc.record({ type: fc.constant('void'), value: fc.constant(undefined) }),
    fc.record({ type: fc.constant('array'), value: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ type: fc.constant('table'), value: tie('table') }),
  ) as fc.Arbitrary<FieldValue>,
}));

test('tables are read as they were written', () => {
  fc.assert(
    fc.property(table, (written) => {
      expect(readTable(readerOf(encodeTable(written)))).toEqual(written);
    }),
  );
});

const outcome = (act: () => unknown): unknown => {
  try {
    act();
    return 'read';
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return 'malformed';
  }
};

test('a table that is only walked over is refused exactly when it could not be read', () => {
  const damaged = fc
    .tuple(table, fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 }), fc.nat(3))
    .map(([written, changes, cut]) => {
      const encoded = Buffer.from(encodeTable(written), 'latin1');
      for (const [at, value] of changes) encoded[at % encoded.length] = value;
      return encoded.subarray(0, encoded.length - (cut === 0 ? 1 : 0)).toString('latin1');
    });
  fc.assert(
    fc.property(fc.oneof(damaged, bytes(60)), (encoded) => {
      const [walked, read] = [readerOf(encoded), readerOf(encoded)];
      expect(outcome(() => skipTable(walked))).toBe(outcome(() => readTable(read)));
    }),
    { numRuns: 2000 },
  );
});

test.each(['table', 'array'])('%ss within each other beyond any need are refused', (type) => {
  const open = type === 'table' ? '\x01xF' : 'A';
  const nested = (depth: number): string => {
    let inner = '';
    for (let level = 0; level < depth; level += 1) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(inner.length);
      inner = (type === 'array' && level === depth - 1 ? '\x01xA' : open) + length.toString('latin1') + inner;
    }
    const length = Buffer.alloc(4);
    length.writeUInt32BE(inner.length);
    return length.toString('latin1') + inner;
  };
  for (const act of [readTable, skipTable]) {
    expect(outcome(() => act(readerOf(nested(90))))).toBe('read');
    expect(outcome(() => act(readerOf(nested(20_000))))).toBe('malformed');
  }
});

const domains: Record<string, fc.Arbitrary<unknown>> = {
  octet: fc.nat(255),
  short: fc.nat(65_535),
  long: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  longlong: fc.maxSafeNat(),
  bit: fc.boolean(),
  name: bytes(255),
  text: fc.string({ maxLength: 20 }),
  longstr: bytes(300),
  table,
};

test.each(Object.keys(methodTable))('%s is read as it was written, in whatever pieces it comes', (name) => {
  const method = methodOf(name as MethodName);
  const args = fc.record(
    Object.fromEntries(
      method.args
        .filter(({ isReserved }) => !isReserved)
        .map((arg) => [arg.name, domains[arg.domain] as fc.Arbitrary<unknown>]),
    ),
  );
  fc.assert(
    fc.property(args, fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 50 }), (given, channel, size) => {
      const output = new Output();
      writeMethod(output, channel, name as MethodName, given as never);
      const whole = Buffer.concat(output.drain());
      const decoder = new FrameDecoder();
      decoder.frameMax = 1e6;
      for (let at = 0; at < whole.length; at += size) {
        expect(decoder.next()).toBe(null);
        decoder.push(whole.subarray(at, at + size));
      }
      expect(decoder.next()).toBe(true);
      expect([decoder.type, decoder.channel]).toEqual([FRAME_METHOD, channel]);
      const reader = new Reader(decoder.buffer, decoder.start, decoder.end);
      expect(readMethod(reader)).toBe(method);
      expect(readArguments(method, reader)).toEqual(given);
    }),
    { numRuns: 20 },
  );
});

test('arguments that are cut off, or followed by more, are RabbitMQ’s frame error', () => {
  const method = methodOf('basic.ack');
  for (const encoded of ['', '\0\0\0\0\0\0\0\x01', '\0\0\0\0\0\0\0\x01\0\0']) {
    const bytesText = Array.from(Buffer.from(encoded, 'latin1')).join(',');
    expect(() => readArguments(method, readerOf(encoded))).toThrow(
      new AmqpError('FRAME_ERROR', `cannot decode <<${bytesText}>>`),
    );
  }
  expect(() => readArguments(methodOf('queue.purge'), readerOf('\0\0\x02\xff\xfe\0'))).toThrow(
    new AmqpError('FRAME_ERROR', 'Malformed UTF-8 in shortstr', NO_METHOD),
  );
});

test('frames that are too long or do not end where they say are bad, before their bytes have come', () => {
  const decoder = new FrameDecoder();
  decoder.push(Buffer.from([1, 0, 1, 0xff, 0xff, 0xff, 0xff]));
  expect(decoder.next()).toMatchObject({ what: '{frame_too_large,4294967295,4088}' });
  const other = new FrameDecoder();
  other.push(Buffer.from([1, 0, 1, 0, 0, 0, 1, 7, 65]));
  const bad = other.next();
  expect(bad).toBeInstanceOf(BadFrame);
  expect(bad).toMatchObject({ what: '{invalid_frame_end_marker,65}' });
});

test('properties keep what is not changed', () => {
  // Content type, headers, delivery mode, reply-to, expiration, message id.
  const encoded = `\xb3\x80\x03a/b${encodeTable([['h', { type: 'bool', value: true }]])}\x02\x01r\x0260\x01m`;
  expect(readProperties(encoded)).toEqual({
    contentType: 'a/b',
    headers: [['h', { type: 'bool', value: true }]],
    deliveryMode: 2,
    priority: undefined,
    replyTo: 'r',
    expiration: '60',
    messageId: 'm',
    userId: undefined,
  });
  const changed = withProperties(encoded, { headers: [], expiration: undefined, replyTo: 'other' });
  expect(readProperties(changed)).toMatchObject({
    headers: [],
    expiration: undefined,
    replyTo: 'other',
    deliveryMode: 2,
  });
  expect(changed.startsWith('\xb2\x80\x03a/b')).toBe(true);
  expect(changed.endsWith('\x01m')).toBe(true);
  expect(outcome(() => readProperties('\0\x01'))).toBe('malformed');
  expect(outcome(() => readProperties('\x80\0\x05a'))).toBe('malformed');
});
