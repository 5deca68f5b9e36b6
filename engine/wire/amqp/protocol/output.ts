import type { Bytes } from '../bytes/bytes.ts';
import { Writer } from '../bytes/writer.ts';
import { FRAME_END, FRAME_HEADER_BYTES } from './constants.ts';

/** Collects the frames that a peer is to get, so that all of one turn of the event loop go out in one write. */
export class Output extends Writer {
  /** Begins a frame of at most so many bytes of payload, all of which must be written; returns what `end` asks for. */
  begin(type: number, channel: number, maxPayloadBytes: number): number {
    this.reserve(FRAME_HEADER_BYTES + maxPayloadBytes + 1);
    this.octet(type);
    this.short(channel);
    return this.openLong();
  }

  end(begun: number): void {
    this.fillLong(begun);
    this.octet(FRAME_END);
  }

  /** A whole frame, whose payload is a part of the given bytes. */
  frame(type: number, channel: number, payload: Bytes, from: number, to: number): void {
    this.reserve(FRAME_HEADER_BYTES);
    this.octet(type);
    this.short(channel);
    this.long(to - from);
    this.bytes(payload, from, to);
    this.reserve(1);
    this.octet(FRAME_END);
  }
}
