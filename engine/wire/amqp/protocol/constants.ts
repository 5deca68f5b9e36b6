export const FRAME_METHOD = 1;
export const FRAME_HEADER = 2;
export const FRAME_BODY = 3;
export const FRAME_HEARTBEAT = 8;
export const FRAME_END = 206;
/** Type, channel and size before the payload. */
export const FRAME_HEADER_BYTES = 7;
/** What a frame has besides its payload. */
export const FRAME_OVERHEAD_BYTES = 8;
/** The least `frame-max` that peers may agree on, and what counts until they have. */
export const FRAME_MIN_SIZE_BYTES = 4096;

/** Reply codes by their names. Hard ones end the connection, the others the channel. */
const replyCodes = {
  CONTENT_TOO_LARGE: { code: 311, hard: false },
  NO_ROUTE: { code: 312, hard: false },
  NO_CONSUMERS: { code: 313, hard: false },
  CONNECTION_FORCED: { code: 320, hard: true },
  INVALID_PATH: { code: 402, hard: true },
  ACCESS_REFUSED: { code: 403, hard: false },
  NOT_FOUND: { code: 404, hard: false },
  RESOURCE_LOCKED: { code: 405, hard: false },
  PRECONDITION_FAILED: { code: 406, hard: false },
  FRAME_ERROR: { code: 501, hard: true },
  SYNTAX_ERROR: { code: 502, hard: true },
  COMMAND_INVALID: { code: 503, hard: true },
  CHANNEL_ERROR: { code: 504, hard: true },
  UNEXPECTED_FRAME: { code: 505, hard: true },
  RESOURCE_ERROR: { code: 506, hard: true },
  NOT_ALLOWED: { code: 530, hard: true },
  NOT_IMPLEMENTED: { code: 540, hard: true },
  INTERNAL_ERROR: { code: 541, hard: true },
} as const;

export type ReplyName = keyof typeof replyCodes;

export const codeOf = (name: ReplyName): number => replyCodes[name].code;
export const isHard = (name: ReplyName): boolean => replyCodes[name].hard;
