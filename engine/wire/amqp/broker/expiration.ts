/** Milliseconds; null for ever; a text, as Erlang has it, where it is no duration. */
export type Expiry = number | null | string;

const MAX_EXPIRY_MS = 315_360_000_000;

/** What is wrong with a duration, as Erlang prints it, or null. */
export const expiryProblem = (ms: number | bigint): string | null =>
  ms < 0 ? `{value_negative,${ms}}` : ms > MAX_EXPIRY_MS ? `{value_too_large,${ms}}` : null;

/** The property `expiration` of a message: milliseconds in digits. */
export function expiryOf(text: string): Expiry {
  const digits = /^[+-]?\d+/.exec(text)?.[0];
  if (digits === undefined) return 'no_integer';
  if (digits.length < text.length) return `{leftover_string,"${text.slice(digits.length)}"}`;
  return expiryProblem(BigInt(digits)) ?? Number(digits);
}
