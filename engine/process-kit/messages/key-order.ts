/** Lets work with the same key be done one after the other, in the order in which it came. */
export interface KeyOrder {
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

export function createKeyOrder(): KeyOrder {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(key, work) {
      const before = last.get(key);
      const mine = before ? before.then(work, work) : work();
      last.set(key, mine);
      try {
        return await mine;
      } finally {
        if (last.get(key) === mine) last.delete(key);
      }
    },
  };
}
