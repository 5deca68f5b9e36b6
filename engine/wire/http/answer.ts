import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';

/** Where the body of an answer comes from. */
interface Source {
  resume(): void;
  pause(): void;
  breakOff(): void;
}

/** The head of an answer, and its body as a stream. */
export class AnswerStream extends Readable {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  /** The whole body has come. */
  complete = false;
  readonly #source: Source;

  constructor(statusCode: number, headers: IncomingHttpHeaders, source: Source) {
    super();
    this.statusCode = statusCode;
    this.headers = headers;
    this.#source = source;
  }

  feed(bytes: Buffer): void {
    if (!this.destroyed && !this.push(bytes)) this.#source.pause();
  }

  finish(): void {
    this.complete = true;
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    if (!this.complete) this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.complete) this.#source.breakOff();
    callback(error);
  }
}
