export interface CallCounters {
  /** Runs a call and counts how it ended. */
  count(edgeId: string, call: () => Promise<unknown>): Promise<void>;
  ended(edgeId: string, failed: boolean): void;
  read(): Record<string, { requests: number; errors: number }>;
}

/** How many calls went along each outgoing edge, and how many of them failed. Cumulative. */
export function createCallCounters(): CallCounters {
  const counters: Record<string, { requests: number; errors: number }> = {};

  const ended = (edgeId: string, failed: boolean): void => {
    counters[edgeId] ??= { requests: 0, errors: 0 };
    counters[edgeId].requests += 1;
    if (failed) counters[edgeId].errors += 1;
  };

  return {
    ended,
    async count(edgeId, call) {
      try {
        await call();
      } catch (error) {
        ended(edgeId, true);
        throw error;
      }
      ended(edgeId, false);
    },
    read: () => counters,
  };
}
