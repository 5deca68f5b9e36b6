/** Work that is under way for a key is not begun a second time: whoever asks meanwhile waits for it, and shares its end. */
export interface SingleFlight<Result> {
  /** `joined`: it was under way already. */
  run(key: string, work: () => Promise<Result>): { joined: boolean; done: Promise<Result> };
}

export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Promise<Result>>();
  return {
    run(key, work) {
      const known = flights.get(key);
      if (known) return { joined: true, done: known };
      const done = work().finally(() => flights.delete(key));
      flights.set(key, done);
      return { joined: false, done };
    },
  };
}
