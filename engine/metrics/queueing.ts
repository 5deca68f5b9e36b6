/*
 * What theory says about the time that a request waits for a slot, with Poisson arrivals, an endless queue and first come
 * first served, once the queue has settled.
 */

/** The distribution of the waiting time, which is 0 for those that find a free slot. */
export interface WaitingTime {
  meanMs: number;
  /** Share of the requests that wait longer than this. */
  shareAbove(waitMs: number): number;
  /** The waiting time that `percentile` percent of the requests do not exceed. */
  percentileMs(percentile: number): number;
}

function utilisationOf(ratePerSec: number, serviceMs: number, slots: number): number {
  const utilisation = (ratePerSec * serviceMs) / 1000 / slots;
  if (!(utilisation >= 0 && utilisation < 1))
    throw new RangeError(`a utilisation of ${utilisation}: from 1 on the queue grows without bound`);
  return utilisation;
}

/**
 * Probability that a request must wait, with exponential service times. `offered` is arrival rate × mean service time, in
 * slots. A. K. Erlang, 1917; computed from his loss formula by its recursion, which no number of slots overflows.
 */
export function erlangC(offered: number, slots: number): number {
  let loss = 1;
  for (let k = 1; k <= slots; k += 1) loss = (offered * loss) / (k + offered * loss);
  const utilisation = offered / slots;
  return loss / (1 - utilisation * (1 - loss));
}

/** M/M/c, for one slot M/M/1: exponential service times. Kleinrock, Queueing Systems I (1975), section 3.5. */
export function exponentialService(options: { ratePerSec: number; meanMs: number; slots: number }): WaitingTime {
  const { ratePerSec, meanMs, slots } = options;
  const utilisation = utilisationOf(ratePerSec, meanMs, slots);
  const mustWait = erlangC((ratePerSec * meanMs) / 1000, slots);
  /** Whoever must wait waits for an exponential time with this mean. */
  const meanOfWaitingMs = meanMs / (slots * (1 - utilisation));
  return {
    meanMs: mustWait * meanOfWaitingMs,
    shareAbove: (waitMs) => mustWait * Math.exp(-waitMs / meanOfWaitingMs),
    percentileMs: (percentile) => Math.max(0, meanOfWaitingMs * Math.log(mustWait / (1 - percentile / 100))),
  };
}

/**
 * M/D/1: every request takes equally long, one slot. The mean is that of Pollaczek and Khinchine; the distribution that
 * of G. J. Franx, "A simple solution for the M/D/c waiting time distribution", Operations Research Letters 29 (2001), a
 * sum of positive terms, where the older formulas alternate and cancel.
 */
export function fixedService({ ratePerSec, serviceMs }: { ratePerSec: number; serviceMs: number }): WaitingTime {
  const utilisation = utilisationOf(ratePerSec, serviceMs, 1);
  const inQueue = queueLengths(utilisation);

  const shareAbove = (waitMs: number): number => {
    if (waitMs < 0) return 1;
    // The wait ends within the service of the k-th request from now.
    const k = Math.floor(waitMs / serviceMs) + 1;
    const arrivals = utilisation * (k - waitMs / serviceMs);
    let term = Math.exp(-arrivals);
    let share = 0;
    for (let j = 0; j < k; j += 1) {
      share += term * inQueue(k - 1 - j);
      term *= arrivals / (j + 1);
    }
    return Math.max(0, 1 - share);
  };

  return {
    meanMs: (utilisation * serviceMs) / (2 * (1 - utilisation)),
    shareAbove,
    percentileMs(percentile) {
      const above = 1 - percentile / 100;
      if (shareAbove(0) <= above) return 0;
      let low = 0;
      let high = serviceMs;
      while (shareAbove(high) > above) high *= 2;
      for (let i = 0; i < 60; i += 1) {
        const middle = (low + high) / 2;
        if (shareAbove(middle) > above) low = middle;
        else high = middle;
      }
      return high;
    },
  };
}

/**
 * Probability that at most so many requests wait in M/D/1. The chain of the numbers that departures leave behind, solved
 * from 0 upwards by what crosses each level, so that nothing is subtracted.
 */
function queueLengths(utilisation: number): (atMost: number) => number {
  /** Probabilities of so many arrivals, and of more, in one service. */
  const arrivals: number[] = [Math.exp(-utilisation)];
  const moreThan: number[] = [-Math.expm1(-utilisation)];
  const inSystem: number[] = [1 - utilisation];
  /** At most so many in the queue: one more is served. */
  const inQueue: number[] = [];

  const extend = (): void => {
    const n = inSystem.length - 1;
    let crossing = (inSystem[0] as number) * (moreThan[n] as number);
    for (let i = 1; i <= n; i += 1) crossing += (inSystem[i] as number) * (moreThan[n - i + 1] as number);
    inSystem.push(crossing / (arrivals[0] as number));
    inQueue.push((inQueue[n - 1] ?? (inSystem[0] as number)) + (inSystem[n + 1] as number));
    arrivals.push(((arrivals[n] as number) * utilisation) / (n + 1));
    moreThan.push(tail(utilisation, n + 1));
  };
  return (atMost) => {
    while (inQueue.length <= atMost) extend();
    return inQueue[atMost] as number;
  };
}

/** Probability of more than `n` events of a Poisson distribution, summed from the small end so that it keeps its digits. */
function tail(mean: number, n: number): number {
  let term = Math.exp(-mean);
  for (let k = 1; k <= n; k += 1) term *= mean / k;
  let sum = 0;
  for (let k = n + 1; term > sum * Number.EPSILON || k <= n + 2; k += 1) {
    term *= mean / k;
    if (term === 0) break;
    sum += term;
  }
  return sum;
}

/** Little's law: how many are there on average, when so many come in a second and each stays so long. J. D. C. Little, 1961. */
export const littlesLaw = (ratePerSec: number, meanStayMs: number): number => (ratePerSec * meanStayMs) / 1000;
