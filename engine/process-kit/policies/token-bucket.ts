/** Holds at most `burst` tokens, starts full, and gains `ratePerSec` tokens each second. */
export interface TokenBucket {
  /** Takes a token if there is one. */
  take(): boolean;
  /** Adds a part of a token, or several; what is over the rim is lost. */
  put(tokens: number): void;
}

export function createTokenBucket({
  ratePerSec,
  burst,
  now,
}: {
  ratePerSec: number;
  burst: number;
  now: () => number;
}): TokenBucket {
  let tokens = burst;
  let filledAtMs = now();
  const put = (more: number): void => {
    tokens = Math.min(burst, tokens + more);
  };
  return {
    take() {
      const nowMs = now();
      put(((nowMs - filledAtMs) * ratePerSec) / 1000);
      filledAtMs = nowMs;
      // Ten tenths that were put one by one make a token, though their sum is a little less than 1.
      if (tokens < 1 - 1e-9) return false;
      tokens = Math.max(0, tokens - 1);
      return true;
    },
    put,
  };
}
