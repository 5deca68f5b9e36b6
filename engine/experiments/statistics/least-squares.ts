export type Matrix = number[][];

/** The inverse of a small symmetric positive definite matrix, or null when it has none. By Gauss and Jordan, with pivots. */
export function inverse(matrix: Matrix): Matrix | null {
  const size = matrix.length;
  // In units of its own diagonal, so that figures of very different sizes are no singularity.
  const scale = matrix.map((row, index) => Math.sqrt(row[index] as number));
  if (scale.some((unit) => !(unit > 0 && Number.isFinite(unit)))) return null;
  const work = matrix.map((row, i) => [
    ...row.map((value, j) => value / (scale[i] as number) / (scale[j] as number)),
    ...row.map((_, j) => (i === j ? 1 : 0)),
  ]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(work[row]?.[column] ?? 0) > Math.abs(work[pivot]?.[column] ?? 0)) pivot = row;
    [work[column], work[pivot]] = [work[pivot] as number[], work[column] as number[]];
    const head = work[column] as number[];
    const divisor = head[column] as number;
    if (Math.abs(divisor) < 1e-12) return null;
    for (let j = 0; j < 2 * size; j += 1) head[j] = (head[j] as number) / divisor;
    for (const [row, cells] of work.entries()) {
      const factor = cells[column] as number;
      if (row !== column && factor !== 0)
        for (let j = 0; j < 2 * size; j += 1) cells[j] = (cells[j] as number) - factor * (head[j] as number);
    }
  }
  return work.map((row, i) => row.slice(size).map((value, j) => value / (scale[i] as number) / (scale[j] as number)));
}

const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, index) => sum + value * (vector[index] as number), 0));

export interface Problem {
  start: readonly number[];
  /** Measured − model, for each measurement; null where the model makes no sense. */
  residuals(parameters: readonly number[]): number[] | null;
  /** Of the model, not of the residuals: one row for each measurement. */
  jacobian(parameters: readonly number[]): Matrix;
}

export interface Fit {
  parameters: number[];
  squares: number;
  /** (JᵀJ)⁻¹ at the solution: times the variance of a residual, the covariance of the parameters. */
  shape: Matrix;
}

const MAX_STEPS = 200;

/** Levenberg (1944) and Marquardt (1963): Gauss' steps, damped for as long as they lead uphill. Null when nothing fits. */
export function leastSquares({ start, residuals, jacobian }: Problem): Fit | null {
  const squaresOf = (values: readonly number[] | null): number =>
    values?.reduce((sum, value) => sum + value ** 2, 0) ?? Number.POSITIVE_INFINITY;
  let parameters = [...start];
  let now = residuals(parameters);
  let damping = 1e-3;
  for (let step = 0; step < MAX_STEPS && now && damping < 1e12; step += 1) {
    const rows = jacobian(parameters);
    const normal = normalMatrix(rows);
    const gradient = parameters.map((_, i) =>
      rows.reduce((sum, row, k) => sum + (row[i] as number) * (now?.[k] as number), 0),
    );
    const damped = normal.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) : value)));
    const inverted = inverse(damped);
    if (!inverted) return null;
    const move = times(inverted, gradient);
    const next = parameters.map((value, i) => value + (move[i] as number));
    const then = residuals(next);
    const [before, after] = [squaresOf(now), squaresOf(then)];
    if (!(after <= before)) {
      damping *= 10;
      continue;
    }
    parameters = next;
    now = then;
    damping = Math.max(damping / 10, 1e-12);
    if (before - after <= 1e-14 * (before + 1e-300)) break;
  }
  const shape = now && inverse(normalMatrix(jacobian(parameters)));
  return shape ? { parameters, squares: squaresOf(now), shape } : null;
}

function normalMatrix(rows: Matrix): Matrix {
  const size = rows[0]?.length ?? 0;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0)),
  );
}
