/** Bytes that are not what they should be. Who asked for them knows what to tell the peer. */
export class MalformedError extends Error {}
