import type { Bytes } from '../bytes/bytes.ts';
import { FRAME_BODY, FRAME_HEADER, FRAME_METHOD, FRAME_OVERHEAD_BYTES } from './constants.ts';
import { methodOf } from './methods.ts';
import type { Output } from './output.ts';

const { classId: BASIC, methodId: DELIVER } = methodOf('basic.deliver');
/** Class, weight and size of the body, before the properties. */
const CONTENT_HEADER_BYTES = 12;

/** Writes header and body of a message, in frames that are no longer than was agreed on. */
export function writeContent(
  output: Output,
  channel: number,
  message: { properties: string; body: Bytes },
  frameMax: number,
): void {
  const { properties, body } = message;
  const start = output.begin(FRAME_HEADER, channel, CONTENT_HEADER_BYTES + properties.length);
  output.short(BASIC);
  output.short(0);
  output.longlong(body.length);
  output.latin1(properties);
  output.end(start);
  const most = frameMax === 0 ? body.length : frameMax - FRAME_OVERHEAD_BYTES;
  for (let from = 0; from < body.length; from += most)
    output.frame(FRAME_BODY, channel, body, from, Math.min(body.length, from + most));
}

/** `basic.deliver`, of which there are more than of all others together. */
export function writeDeliver(
  output: Output,
  channel: number,
  consumerTag: string,
  deliveryTag: number,
  isRedelivered: boolean,
  message: { exchange: string; routingKey: string },
): void {
  const { exchange, routingKey } = message;
  const start = output.begin(
    FRAME_METHOD,
    channel,
    4 + 1 + consumerTag.length + 8 + 1 + 1 + exchange.length + 1 + routingKey.length,
  );
  output.short(BASIC);
  output.short(DELIVER);
  output.shortstr(consumerTag);
  output.longlong(deliveryTag);
  output.octet(isRedelivered ? 1 : 0);
  output.shortstr(exchange);
  output.shortstr(routingKey);
  output.end(start);
}
