import { studentQuantile } from '../../metrics/batch-means.ts';
import { scalabilityDivisor, scalabilityLaw } from '../../model/scalability-law.ts';
import { inverse, leastSquares, type Matrix } from './least-squares.ts';

/** Throughput measured with so many replicas. */
export interface ScalePoint {
  replicas: number;
  perSec: number;
}

export interface Estimated {
  value: number;
  /** Null where the points are too few to say. */
  low: number | null;
  high: number | null;
}

export interface ScalabilityFit {
  /** Throughput of one replica alone, per second. */
  lambda: Estimated;
  /** Contention: the share of the work that only one can do at a time. */
  sigma: Estimated;
  /** Coherency: what every pair of replicas costs. From here on more replicas can make it slower. */
  kappa: Estimated;
  /** Replicas with the most throughput, and that throughput; null without coherency, where it never falls again. */
  peak: { replicas: number; perSec: number } | null;
  /** Largest distance of a point from the curve, as a share of the curve. */
  worstFit: number;
}

type Shape = readonly [sigma: boolean, kappa: boolean];

/**
 * Fits the law by non-linear least squares on ln X: the error of a throughput grows with it, and a percent of a large one
 * must not outweigh a percent of a small one. σ and κ below 0 mean nothing, so one that would be is 0, and the others are
 * fitted again; the intervals come from the fit without that rule, cut off at 0, which keeps their confidence.
 * Null when the points say too little: three different numbers of replicas at least.
 */
export function fitScalabilityLaw(points: readonly ScalePoint[], confidence = 0.95): ScalabilityFit | null {
  if (new Set(points.map(({ replicas }) => replicas)).size < 3) return null;
  if (points.some(({ perSec, replicas }) => !(perSec > 0 && replicas >= 1))) return null;
  const free = fitWith(points, [true, true]);
  if (!free) return null;
  const best = constrained(points, free);

  const degrees = points.length - 3;
  const t = degrees > 0 ? studentQuantile((1 + confidence) / 2, degrees) : null;
  const halfOf = (index: number): number | null =>
    t === null ? null : t * Math.sqrt(((free.shape[index]?.[index] ?? 0) * free.squares) / degrees);
  const around = (index: number, value: number, centre: number): Estimated => {
    const half = halfOf(index);
    if (half === null) return { value, low: null, high: null };
    return { value, low: Math.max(0, centre - half), high: Math.max(0, centre + half) };
  };
  const lambda = Math.exp(best.logLambda);
  const half = halfOf(0);
  const { sigma, kappa } = best;
  const peakAt = kappa > 0 && sigma < 1 ? Math.sqrt((1 - sigma) / kappa) : null;
  return {
    lambda: {
      value: lambda,
      low: half === null ? null : Math.exp(free.logLambda - half),
      high: half === null ? null : Math.exp(free.logLambda + half),
    },
    sigma: around(1, sigma, free.sigma),
    kappa: around(2, kappa, free.kappa),
    peak: peakAt === null ? null : { replicas: peakAt, perSec: scalabilityLaw(peakAt, lambda, sigma, kappa) },
    worstFit: Math.max(
      ...points.map(({ replicas, perSec }) => Math.abs(perSec / scalabilityLaw(replicas, lambda, sigma, kappa) - 1)),
    ),
  };
}

interface Solution {
  logLambda: number;
  sigma: number;
  kappa: number;
  squares: number;
  shape: Matrix;
}

/** The best of the fits that keep σ and κ at 0 or above. */
function constrained(points: readonly ScalePoint[], free: Solution): Solution {
  const isAllowed = ({ sigma, kappa }: Solution): boolean => sigma >= 0 && kappa >= 0;
  if (isAllowed(free)) return free;
  const edges = (
    [
      [true, false],
      [false, true],
    ] as const
  ).flatMap((shape) => fitWith(points, shape) ?? []);
  const allowed = edges.filter(isAllowed).sort((a, b) => a.squares - b.squares);
  return allowed[0] ?? fitWith(points, [false, false]) ?? free;
}

function fitWith(points: readonly ScalePoint[], [withSigma, withKappa]: Shape): Solution | null {
  const unpack = ([logLambda = 0, ...rest]: readonly number[]) => ({
    logLambda,
    sigma: withSigma ? (rest[0] ?? 0) : 0,
    kappa: withKappa ? (rest[withSigma ? 1 : 0] ?? 0) : 0,
  });
  const pick = <Value>(sigma: Value, kappa: Value): Value[] => [
    ...(withSigma ? [sigma] : []),
    ...(withKappa ? [kappa] : []),
  ];
  const fit = leastSquares({
    start: startOf(points, pick),
    residuals(parameters) {
      const { logLambda, sigma, kappa } = unpack(parameters);
      const divisors = points.map(({ replicas }) => scalabilityDivisor(replicas, sigma, kappa));
      if (divisors.some((divisor) => divisor <= 0)) return null;
      return points.map(
        ({ replicas, perSec }, index) => Math.log(perSec / replicas) - logLambda + Math.log(divisors[index] as number),
      );
    },
    jacobian(parameters) {
      const { sigma, kappa } = unpack(parameters);
      return points.map(({ replicas: n }) => {
        const divisor = scalabilityDivisor(n, sigma, kappa);
        return [1, ...pick(-(n - 1) / divisor, (-n * (n - 1)) / divisor)];
      });
    },
  });
  return fit && { ...unpack(fit.parameters), squares: fit.squares, shape: fit.shape };
}

/** N / X is linear in 1/λ, σ/λ and κ/λ, so that an ordinary regression, weighted to relative errors, gives a first guess. */
function startOf(points: readonly ScalePoint[], pick: <Value>(sigma: Value, kappa: Value) => Value[]): number[] {
  const rows = points.map(({ replicas: n, perSec }) => [1, ...pick(n - 1, n * (n - 1))].map((x) => (x * perSec) / n));
  const size = rows[0]?.length ?? 0;
  const normal = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0)),
  );
  const right = Array.from({ length: size }, (_, i) => rows.reduce((sum, row) => sum + (row[i] as number), 0));
  const solved = inverse(normal)?.map((row) =>
    row.reduce((sum, value, index) => sum + value * (right[index] as number), 0),
  );
  const first = solved?.[0] ?? 0;
  const meanLog = points.reduce((sum, { replicas, perSec }) => sum + Math.log(perSec / replicas), 0) / points.length;
  if (!solved || !(first > 0)) return [meanLog, ...pick(0, 0)];
  return [-Math.log(first), ...solved.slice(1).map((value) => Math.max(0, value / first))];
}
