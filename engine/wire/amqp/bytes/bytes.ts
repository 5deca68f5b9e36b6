/** The bytes of a message's body: short ones as one-byte (latin1) strings, which cost least, long ones outside V8's heap. */
export type Bytes = string | Buffer;

const LONGEST_STRING_BYTES = 4 * 1024;

/** A copy, so that what is kept does not keep all that came with it. */
export const bytesOf = (buffer: Buffer, start: number, end: number): Bytes =>
  end - start <= LONGEST_STRING_BYTES
    ? buffer.toString('latin1', start, end)
    : Buffer.from(buffer.subarray(start, end));

/** The same, of a buffer that nobody else has. */
export const asBytes = (own: Buffer): Bytes => (own.length <= LONGEST_STRING_BYTES ? own.toString('latin1') : own);
