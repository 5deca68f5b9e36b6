import { binaryText } from '../protocol/errors.ts';

const SNIPPET_BYTES = 16;

/** As Erlang prints a binary with `~p`: as a string, where it can be one. */
const printed = (bytes: Buffer): string =>
  bytes.length > 0 && bytes.every((byte) => byte >= 32 && byte < 127)
    ? `<<"${bytes.toString('latin1')}">>`
    : binaryText(bytes);

/** A frame as RabbitMQ shows it to who has sent it. */
export const frameText = (type: number, payload: Buffer): string =>
  payload.length <= SNIPPET_BYTES
    ? `type ${type}, all octets = ${printed(payload)}`
    : `type ${type}, first ${SNIPPET_BYTES} octets = ${printed(payload.subarray(0, SNIPPET_BYTES))}`;
