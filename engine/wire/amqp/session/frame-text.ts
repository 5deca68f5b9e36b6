import { binaryText } from '../protocol/errors.ts';

const SNIPPET_BYTES = 16;

/** A frame as RabbitMQ shows it to who has sent it. */
export const frameText = (type: number, payload: Buffer): string =>
  payload.length <= SNIPPET_BYTES
    ? `type ${type}, all octets = ${binaryText(payload)}`
    : `type ${type}, first ${SNIPPET_BYTES} octets = ${binaryText(payload.subarray(0, SNIPPET_BYTES))}`;
