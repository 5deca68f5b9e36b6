/** Work that is under way for a key is not begun a second time: whoever asks meanwhile waits for it, and shares its end. */
export interface SingleFlight {
  /** `joined`: it was under way already. */
  run(key: string, work: () => Promise<void>): { joined: boolean; done: Promise<void> };
}

export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Promise<void>>();
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
