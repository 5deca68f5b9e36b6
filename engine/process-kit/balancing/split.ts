import { placeOf } from './consistent-hash.ts';

/**
 * Whether the next request is one of a share of all: with a key always the same for the same key, without one spread as
 * evenly as can be, with 0.1 every tenth.
 */
export function createSplit(): (share: number, key: string | undefined) => boolean {
  let credit = 0;
  return (share, key) => {
    if (key !== undefined) return placeOf(key) < share;
    credit += share;
    if (credit < 1 - 1e-9) return false;
    credit -= 1;
    return true;
  };
}
