/** Of a partition: which of its messages a process has in hand, and up to where all of them are through. */
export interface Progress {
  /** False where it was begun already: a broker tells what is not committed again. */
  begin(offset: bigint): boolean;
  through(offset: bigint): void;
  /** Everything before it is through, and not committed yet; null where nothing is new. */
  toCommit(): bigint | null;
  committed(offset: bigint): void;
}

export function createProgress(): Progress {
  const inHand = new Set<bigint>();
  let next = -1n;
  let told = -1n;

  const throughUpTo = (): bigint => {
    let least = next;
    for (const offset of inHand) if (offset < least) least = offset;
    return least;
  };

  return {
    begin(offset) {
      if (offset < next) return false;
      if (next < 0n) told = offset;
      next = offset + 1n;
      inHand.add(offset);
      return true;
    },
    through: (offset) => void inHand.delete(offset),
    toCommit() {
      const upTo = throughUpTo();
      return upTo > told ? upTo : null;
    },
    committed(offset) {
      if (offset > told) told = offset;
    },
  };
}
