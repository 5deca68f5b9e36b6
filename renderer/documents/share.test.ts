import { expect, it } from 'vitest';
import { emptyDocument } from '../stores/document.ts';
import { addNode } from '../stores/document-edits.ts';
import { isShared, shareAddress, sharedText } from './share.ts';

const document = addNode(emptyDocument(), 'service', { x: 0, y: 0 }).document;

it('an address carries the whole document, and survives what chats do to it', async () => {
  const address = await shareAddress(document);
  expect(address).toMatch(/^archipel:\/\/app\/#share=[\w-]+$/);
  expect(isShared(address ?? '')).toBe(true);
  expect(JSON.parse(await sharedText(`Look at this: ${address} !`))).toEqual(document);
});

it('a document that is too large for an address has none', async () => {
  const random = (seed: number) =>
    Array.from({ length: 3900 }, (_, index) =>
      String.fromCharCode(33 + (Math.floor(Math.abs(Math.sin(seed + index) * 1e6)) % 90)),
    ).join('');
  const notes = [1, 2, 3, 4].map((number) => ({
    id: `note-${number}`,
    text: random(number * 9999),
    position: { x: 0, y: 0 },
    size: { width: 99, height: 99 },
    color: 'yellow' as const,
  }));
  const large = { ...document, notes };
  expect(await shareAddress(large)).toBeNull();
});

it.each(['archipel://app/#share=AAAA', 'hello', '#share=_-_-'])('%s is refused with a sentence', async (text) => {
  await expect(sharedText(text)).rejects.toThrow(/^(What was shared is damaged|There is no)/);
});
