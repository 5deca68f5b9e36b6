import { expect, test } from 'vitest';
import { ownOf, payloadOf, sliced, traceIdOf } from './peeked.ts';

test('text is shown as text, cut between its characters', () => {
  const text = 'é'.repeat(3000);
  const shown = payloadOf(Buffer.from(`a${text}`));
  expect(shown).toMatchObject({ format: 'text', bytes: 6001, isTruncated: true });
  expect(shown.content).toBe(`a${'é'.repeat(2047)}`);
  expect(payloadOf(Buffer.from('one\ntwo\t3'))).toEqual({
    ...{ format: 'text', content: 'one\ntwo\t3', bytes: 9, isTruncated: false },
  });
  expect(payloadOf(Buffer.alloc(0))).toMatchObject({ format: 'text', content: '' });
});

test.each([
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff]), '61ff'],
  ['control characters', Buffer.from([0x61, 0x00, 0x62]), '610062'],
  ['a character that ends too early', Buffer.from([0x61, 0xc3]), '61c3'],
])('%s are shown in hexadecimal', (_title, bytes, content) => {
  expect(payloadOf(bytes)).toEqual({ format: 'hex', content, bytes: bytes.length, isTruncated: false });
});

test('long bytes are cut', () => {
  const { content, isTruncated, bytes } = payloadOf(Buffer.alloc(5000));
  expect({ length: content.length, isTruncated, bytes }).toEqual({ length: 8192, isTruncated: true, bytes: 5000 });
});

test('what is not of Archipel says nothing of itself', () => {
  const nothing = { id: '', key: null, sentAtMs: null, traceId: null };
  for (const text of ['', '{', 'null', '[]', '7', '{"id":7}', '{"id":"a"}'])
    expect(ownOf(Buffer.from(text))).toEqual(nothing);
  expect(ownOf(Buffer.from('{"id":"a","key":"k","sentAtMs":5}'))).toEqual({
    ...nothing,
    id: 'a',
    key: 'k',
    sentAtMs: 5,
  });
  expect(traceIdOf(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`)).toBe('a'.repeat(32));
  expect(traceIdOf('00-short')).toBeNull();
});

test('of a message that is long what it says of itself is read all the same', () => {
  const envelope = {
    ...{
      id: 'shop.1',
      key: 'é',
      sentAtMs: 5,
      expiresAtMs: null,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    },
    ...{ parameters: { one: ',"contents":"', contents: 'of a parameter' }, contents: 'x'.repeat(100_000) },
  };
  const own = { id: 'shop.1', key: 'é', sentAtMs: 5, traceId: 'a'.repeat(32) };
  expect(ownOf(Buffer.from(JSON.stringify(envelope)))).toEqual(own);
  expect(ownOf(Buffer.from(`"${'x'.repeat(100_000)}"`)).id).toBe('');
});

test('a page goes on from one part of a destination into the next', () => {
  expect(sliced([2, 0, 5], 0, 4)).toEqual([
    { part: 0, skip: 0, count: 2 },
    { part: 2, skip: 0, count: 2 },
  ]);
  expect(sliced([2, 0, 5], 4, 50)).toEqual([{ part: 2, skip: 2, count: 3 }]);
  expect(sliced([2, 0, 5], 7, 50)).toEqual([]);
});
