import type { Codec } from '../protocol/codec.ts';
import type { Fields, Read, Written } from '../protocol/fields.ts';
import { Reader } from '../protocol/reader.ts';
import { Writer } from '../protocol/writer.ts';

/** Writes a value behind the two bytes of its version. */
export function encodeVersioned<S extends Fields>(
  codec: (version: number) => Codec<S>,
  version: number,
  value: Written<S>,
): Buffer {
  const writer = new Writer();
  writer.int16(version);
  codec(version).write(writer, value);
  return Buffer.concat(writer.finish());
}

export const versionOf = (bytes: Buffer): number => bytes.readInt16BE(0);

export function decodeVersioned<S extends Fields>(codec: (version: number) => Codec<S>, bytes: Buffer): Read<S> {
  return codec(versionOf(bytes)).read(new Reader(bytes, 2));
}
