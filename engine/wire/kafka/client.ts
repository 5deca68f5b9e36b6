import { connect, type Socket } from 'node:net';
import type { Api } from './protocol/api.ts';
import type { Fields, Read, Written } from './protocol/fields.ts';
import { Reader } from './protocol/reader.ts';
import { apiVersions } from './protocol/tables/api-versions.ts';
import { Writer } from './protocol/writer.ts';

/** Speaks the protocol bare: one request, one answer, in any version. */
export class KafkaClient {
  readonly socket: Socket;
  #nextId = 1;
  #received = Buffer.alloc(0);
  readonly #waiting: { resolve(frame: Buffer): void; reject(error: Error): void }[] = [];

  /** Of 127.0.0.1, if no host is given. */
  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect({ host, port, noDelay: true });
    let problem: Error = new Error('the connection has ended');
    this.socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      while (this.#received.length >= 4 && this.#received.length >= 4 + this.#received.readInt32BE(0)) {
        const end = 4 + this.#received.readInt32BE(0);
        this.#waiting.shift()?.resolve(this.#received.subarray(4, end));
        this.#received = this.#received.subarray(end);
      }
    });
    this.socket.on('error', (error) => {
      problem = error;
    });
    this.socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(problem);
    });
  }

  /** Resolves with the answer; fails where the connection ends instead, or bytes are left over. */
  async send<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    version: number,
    request: Written<Q>,
  ): Promise<Read<S>> {
    const id = this.#nextId++;
    this.socket.write(frameOf(api, version, request, id));
    const reader = new Reader(await this.nextFrame());
    if (reader.int32() !== id) throw new Error('an answer to another request');
    if (api.isFlexible(version) && api.key !== apiVersions.key) reader.varint();
    const answer = api.response(version).read(reader);
    if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes are left over of ${api.name} ${version}`);
    return answer;
  }

  nextFrame(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) reject(new Error('the connection has ended'));
      else this.#waiting.push({ resolve, reject });
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A whole request, as it goes to the socket. */
export function frameOf<Q extends Fields>(
  api: Pick<Api<Q>, 'key' | 'isFlexible' | 'request'>,
  version: number,
  request: Written<Q>,
  correlationId = 1,
): Buffer {
  const writer = new Writer();
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(correlationId);
  writer.text('raw', 'short');
  if (api.isFlexible(version)) writer.varint(0);
  api.request(version).write(writer, request);
  const body = Buffer.concat(writer.finish());
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
