import { connect, type Socket } from 'node:net';
import { Reader } from './bytes/reader.ts';
import { FRAME_METHOD } from './protocol/constants.ts';
import { BadFrame, FrameDecoder } from './protocol/frame-decoder.ts';
import { type MethodArguments, type MethodName, readArguments, readMethod, writeMethod } from './protocol/methods.ts';
import { Output } from './protocol/output.ts';

export const PROTOCOL_HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1');

/** The bytes of a method's frame. */
export function frameOf<Name extends MethodName>(channel: number, name: Name, args: MethodArguments<Name>): Buffer {
  const output = new Output();
  writeMethod(output, channel, name, args);
  return Buffer.concat(output.drain());
}

/** A frame of any kind, right or wrong. */
export function rawFrame(type: number, channel: number, payload: Buffer, end = 0xce): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(channel, 1);
  header.writeUInt32BE(payload.length, 3);
  return Buffer.concat([header, payload, Buffer.from([end])]);
}

/** A client that may send what no stock client would. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly methods: { channel: number; name: MethodName; args: object }[] = [];
  receivedBytes = 0;
  readonly #decoder = new FrameDecoder();
  #waiting: (() => void)[] = [];

  constructor(port: number) {
    this.#decoder.frameMax = Number.POSITIVE_INFINITY;
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    void this.closed.then(() => this.#wake());
    this.socket.on('data', (chunk) => {
      this.receivedBytes += chunk.length;
      this.#decoder.push(chunk);
      for (let found = this.#decoder.next(); found !== null; found = this.#decoder.next()) {
        if (found instanceof BadFrame) break;
        if (this.#decoder.type !== FRAME_METHOD) continue;
        const reader = new Reader(this.#decoder.buffer, this.#decoder.start, this.#decoder.end);
        const method = readMethod(reader);
        if (method) {
          const args = readArguments(method, reader);
          this.methods.push({ channel: this.#decoder.channel, name: method.name, args });
        }
      }
      this.#wake();
    });
  }

  send(...parts: Buffer[]): void {
    for (const part of parts) this.socket.write(part);
  }

  /** The first method of that name that comes, or has come; null if the connection is closed without. */
  async method<Name extends MethodName>(name: Name): Promise<MethodArguments<Name> | null> {
    for (;;) {
      const found = this.methods.find((each) => each.name === name);
      if (found) return found.args as MethodArguments<Name>;
      if (this.socket.destroyed) return null;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Up to an open channel 1. */
  async open(options: { frameMax?: number; capabilities?: string[] } = {}): Promise<this> {
    const { frameMax = 131_072, capabilities = ['connection.blocked', 'consumer_cancel_notify'] } = options;
    this.send(
      PROTOCOL_HEADER,
      frameOf(0, 'connection.start-ok', {
        clientProperties: [
          [
            'capabilities',
            { type: 'table', value: capabilities.map((name) => [name, { type: 'bool', value: true }] as const) },
          ],
        ],
        mechanism: 'PLAIN',
        response: '\0guest\0guest',
        locale: 'en_US',
      }),
      frameOf(0, 'connection.tune-ok', { channelMax: 2047, frameMax, heartbeat: 0 }),
      frameOf(0, 'connection.open', { virtualHost: '/' }),
      frameOf(1, 'channel.open', {}),
    );
    await this.method('channel.open-ok');
    return this;
  }

  destroy(): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Header and body of a message. */
export const contentOf = (channel: number, body: Buffer, properties = Buffer.from([0, 0])): Buffer => {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(60, 0);
  header.writeUInt32BE(body.length, 8);
  const frames = [rawFrame(2, channel, Buffer.concat([header, properties]))];
  for (let at = 0; at < body.length; at += 100_000) frames.push(rawFrame(3, channel, body.subarray(at, at + 100_000)));
  return Buffer.concat(frames);
};
