import * as zlib from 'node:zlib';
import { CompressionError } from './compression-error.ts';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

/** As the lowest three bits of a batch's attributes name them. */
export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export const NO_CODEC = 0;

type Decompress = (bytes: Buffer, maxBytes: number) => Buffer;

const builtIn =
  (
    name: string,
    decompress: ((bytes: Buffer, options: { maxOutputLength: number }) => Buffer) | undefined,
  ): Decompress =>
  (bytes, maxBytes) => {
    if (!decompress) throw new CompressionError(`${name} that this Node can read (22.15 and newer can)`);
    try {
      return decompress(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      throw new CompressionError(name, { cause: error });
    }
  };

const decompressors: readonly Decompress[] = [
  (bytes) => bytes,
  builtIn('gzip', zlib.gunzipSync),
  decompressSnappy,
  decompressLz4,
  builtIn('zstd', zlib.zstdDecompressSync),
];

/** Fails with a `CompressionError` where the bytes are damaged, or more than `maxBytes` come of them. */
export function decompress(codec: number, bytes: Buffer, maxBytes: number): Buffer {
  const decompressor = decompressors[codec];
  if (!decompressor) throw new CompressionError(`codec ${codec}`);
  return decompressor(bytes, maxBytes);
}
