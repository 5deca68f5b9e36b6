import type { Span } from '../process-kit/tracing-span.ts';
import type { Message } from './messages.ts';
import type { Cell } from './recorder.ts';
import type { RequestObserver, TrafficRequest } from './request.ts';
import type { User } from './user.ts';

/** A request of a traffic, from its arrival to its outcome. Times are those of `performance.now()`. */
export class OpenRequest implements TrafficRequest {
  readonly message: Message;
  readonly intendedMs: number;
  readonly observer: RequestObserver;
  readonly cell: Cell;
  readonly user: User;
  deadlineMs = 0;
  /** When it really was sent. */
  sentMs = 0;
  span: Span | undefined = undefined;

  constructor(message: Message, intendedMs: number, observer: RequestObserver, cell: Cell, user: User) {
    this.message = message;
    this.intendedMs = intendedMs;
    this.observer = observer;
    this.cell = cell;
    this.user = user;
  }

  get path(): string {
    return this.message.path;
  }

  get bytes(): Buffer {
    return this.message.bytes;
  }
}
