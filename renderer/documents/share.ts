import type { ArchipelDocument } from '../../engine/model/document.ts';
import { t } from '../i18n/t.ts';

/** What chats and browsers carry in one piece. */
const LONGEST = 8000;
/** What is unpacked is never larger: a small text could hide a huge one. */
const LARGEST_BYTES = 2_000_000;

const SHARED = /[#&?]share=([A-Za-z0-9_-]+)/;

export const isShared = (text: string): boolean => SHARED.test(text);

/** The whole document as an address; null where it would be too long to send. */
export async function shareAddress(document: ArchipelDocument): Promise<string | null> {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  const packed = await through(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY);
  const address = `archipel://app/#share=${toBase64Url(packed)}`;
  return address.length > LONGEST ? null : address;
}

/** The text of the document in an address. Throws a sentence where there is none. */
export async function sharedText(address: string): Promise<string> {
  const data = SHARED.exec(address)?.[1];
  if (data === undefined) throw new Error(t('There is no "share=" in this text.'));
  try {
    const unpacked = await through(fromBase64Url(data), new DecompressionStream('deflate-raw'), LARGEST_BYTES);
    return new TextDecoder('utf-8', { fatal: true }).decode(unpacked);
  } catch (error) {
    throw new Error(t('What was shared is damaged, or was cut off on its way. Ask for it again, or for the file.'), {
      cause: error,
    });
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
  most: number,
): Promise<Uint8Array> {
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>)
    .getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error(t('It is too large.'));
    }
    parts.push(next.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
