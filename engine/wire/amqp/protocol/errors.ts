import { codeOf, isHard, type ReplyName } from './constants.ts';

/** Texts of replies are short strings. */
const MAX_TEXT_BYTES = 255;

export interface Blamed {
  readonly classId: number;
  readonly methodId: number;
}

export const NO_METHOD: Blamed = { classId: 0, methodId: 0 };

/** What ends a channel, or, if it is hard, the connection. Its text is what RabbitMQ would say. */
export class AmqpError extends Error {
  readonly reply: ReplyName;
  /** The method that is blamed, where it is not the one that came. */
  readonly blamed: Blamed | undefined;

  constructor(reply: ReplyName, what: string, blamed?: Blamed) {
    super(what === '' ? reply : `${reply} - ${what}`);
    this.reply = reply;
    this.blamed = blamed;
  }

  get code(): number {
    return codeOf(this.reply);
  }

  get isHard(): boolean {
    return isHard(this.reply);
  }

  /** As the peer gets it. One-byte string. */
  get replyText(): string {
    return this.message.length > MAX_TEXT_BYTES ? `${this.message.slice(0, MAX_TEXT_BYTES - 3)}...` : this.message;
  }
}

export const preconditionFailed = (what: string): AmqpError => new AmqpError('PRECONDITION_FAILED', what);
export const accessRefused = (what: string): AmqpError => new AmqpError('ACCESS_REFUSED', what);
export const notFound = (what: string): AmqpError => new AmqpError('NOT_FOUND', what);
export const notAllowed = (what: string): AmqpError => new AmqpError('NOT_ALLOWED', what);
export const notImplemented = (what: string): AmqpError => new AmqpError('NOT_IMPLEMENTED', what);
export const commandInvalid = (what: string): AmqpError => new AmqpError('COMMAND_INVALID', what);
export const channelError = (what: string): AmqpError => new AmqpError('CHANNEL_ERROR', what);
export const frameError = (what: string, blamed?: Blamed): AmqpError => new AmqpError('FRAME_ERROR', what, blamed);
export const unexpectedFrame = (what: string, blamed?: Blamed): AmqpError =>
  new AmqpError('UNEXPECTED_FRAME', what, blamed);

/** Bytes as Erlang prints a binary with `~w`, which is how RabbitMQ shows what it cannot decode. */
export const binaryText = (bytes: Uint8Array): string => `<<${Array.from(bytes).join(',')}>>`;
