import type { IncomingMessage } from 'node:http';

const MAX_BODY_BYTES = 1024 * 1024;

/** The body of a request as text. Rejects when it is larger than `MAX_BODY_BYTES` or breaks off. */
export function readBody(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    incoming.on('end', () => {
      if (bytes > MAX_BODY_BYTES)
        reject(new Error(`the body has ${bytes} bytes, and a handler reads ${MAX_BODY_BYTES}`));
      else resolve(Buffer.concat(chunks).toString('utf8'));
    });
    incoming.on('error', reject);
  });
}
