/** 16 bytes as 32 hexadecimal digits. */
export type Uuid = string;
export const NO_UUID: Uuid = '0'.repeat(32);

/** What is written for `records`: batches as they are, in one piece or in several. */
export type Records = Buffer | readonly Buffer[];
