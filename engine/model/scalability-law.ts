/** By how much less than N times the throughput of one comes out of N: contention σ, and coherency κ of every pair. */
export const scalabilityDivisor = (n: number, sigma: number, kappa: number): number =>
  1 + sigma * (n - 1) + kappa * n * (n - 1);

/** The Universal Scalability Law: X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). N. J. Gunther, Guerrilla Capacity Planning (2007). */
export const scalabilityLaw = (n: number, lambda: number, sigma: number, kappa: number): number =>
  (lambda * n) / scalabilityDivisor(n, sigma, kappa);
