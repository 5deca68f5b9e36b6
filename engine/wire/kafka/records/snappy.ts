import { CompressionError } from './compression-error.ts';

/** What xerial's library, which Java uses, puts before its blocks. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_BYTES = 16;

/** Snappy, as one block or as blocks in xerial's frame. */
export function decompressSnappy(bytes: Buffer, maxBytes: number): Buffer {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return decompressBlock(bytes, maxBytes);
  const parts: Buffer[] = [];
  let left = maxBytes;
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    if (bytes.length - at < 4) throw new CompressionError('snappy');
    const length = bytes.readUInt32BE(at);
    if (length > bytes.length - at - 4) throw new CompressionError('snappy');
    const part = decompressBlock(bytes.subarray(at + 4, at + 4 + length), left);
    parts.push(part);
    left -= part.length;
    at += 4 + length;
  }
  return Buffer.concat(parts);
}

function decompressBlock(bytes: Buffer, maxBytes: number): Buffer {
  let at = 0;
  const next = (): number => {
    if (at >= bytes.length) throw new CompressionError('snappy');
    return bytes[at++] as number;
  };
  const little = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i += 1) value += next() * 2 ** (8 * i);
    return value;
  };
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = next();
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
    if (shift > 28) throw new CompressionError('snappy');
  }
  // 64 bytes come from no fewer than 3, so a length beyond that is a lie.
  if (length > maxBytes || length > bytes.length * 22) throw new CompressionError('snappy');
  const out = Buffer.allocUnsafe(length);
  let to = 0;
  while (at < bytes.length) {
    const tag = next();
    if ((tag & 3) === 0) {
      const size = tag >> 2;
      const count = (size < 60 ? size : little(size - 59)) + 1;
      if (count > bytes.length - at || count > length - to) throw new CompressionError('snappy');
      bytes.copy(out, to, at, at + count);
      at += count;
      to += count;
      continue;
    }
    const isShort = (tag & 3) === 1;
    const count = isShort ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = isShort ? ((tag >> 5) << 8) + next() : little((tag & 3) === 2 ? 2 : 4);
    if (back === 0 || back > to || count > length - to) throw new CompressionError('snappy');
    for (let i = 0; i < count; i += 1, to += 1) out[to] = out[to - back] as number;
  }
  if (to !== length) throw new CompressionError('snappy');
  return out;
}
