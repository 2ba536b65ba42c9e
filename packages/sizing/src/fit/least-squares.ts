/** A parameter: where it starts, how far it may move for the price of one standard error, and its bounds. */
export interface Parameter {
  readonly name: string;
  readonly prior: number;
  readonly spread: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Robust least squares with priors (Levenberg-Marquardt, soft-L1 weights, numeric derivatives). Deterministic.
 * Residuals are multiplied by `weights`; `priorWeight` is the weight of one standard error away from a prior.
 */
export function fitParameters(
  parameters: readonly Parameter[],
  residuals: (values: readonly number[]) => number[],
  weights: readonly number[],
  options: { readonly scale: number; readonly priorWeight: number; readonly rounds?: number },
): number[] {
  const size = parameters.length;
  const clip = (values: readonly number[]) =>
    values.map((value, i) => Math.min(parameters[i]?.high ?? value, Math.max(parameters[i]?.low ?? value, value)));
  const all = (values: readonly number[]) => [
    ...residuals(values).map((r, i) => r * (weights[i] ?? 1)),
    ...parameters.map((p, i) => (options.priorWeight * ((values[i] ?? 0) - p.prior)) / p.spread),
  ];
  const cost = (r: readonly number[]) =>
    r.reduce((sum, one) => sum + 2 * options.scale ** 2 * (Math.sqrt(1 + (one / options.scale) ** 2) - 1), 0);
  let values = parameters.map((p) => p.prior);
  let current = all(values);
  let best = cost(current);
  let damping = 1e-2;
  for (let round = 0; round < (options.rounds ?? 60); round++) {
    const columns = parameters.map((p, i) => {
      const up = (values[i] ?? 0) + p.spread * 1e-3 <= p.high;
      const h = (up ? 1 : -1) * p.spread * 1e-3;
      const moved = values.slice();
      moved[i] = (moved[i] ?? 0) + h;
      const r = all(moved);
      return r.map((one, j) => ((one - (current[j] ?? 0)) / h) * p.spread);
    });
    const robust = current.map((r) => 1 / Math.sqrt(1 + (r / options.scale) ** 2));
    const matrix = columns.map((a) =>
      columns.map((b) => a.reduce((sum, one, j) => sum + one * (b[j] ?? 0) * (robust[j] ?? 0), 0)),
    );
    const gradient = columns.map((a) => a.reduce((sum, one, j) => sum + one * (current[j] ?? 0) * (robust[j] ?? 0), 0));
    let improved = false;
    for (let attempt = 0; attempt < 8; attempt++) {
      const damped = matrix.map((row, i) => row.map((one, j) => (i === j ? one * (1 + damping) + 1e-12 : one)));
      const step = solve(
        damped,
        gradient.map((one) => -one),
      );
      const next = clip(values.map((value, i) => value + (step[i] ?? 0) * (parameters[i]?.spread ?? 1)));
      const r = all(next);
      const c = cost(r);
      if (c < best) {
        improved = best - c > 1e-9 * best;
        [values, current, best] = [next, r, c];
        damping = Math.max(1e-8, damping / 4);
        break;
      }
      damping *= 4;
    }
    if (!improved) break;
  }
  if (values.length !== size) throw new RangeError("lost a parameter");
  return values;
}

/** Solves a small linear system by Gaussian elimination with pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = a.length;
  const at = (i: number, j: number) => a[i]?.[j] ?? 0;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let k = i + 1; k < n; k++) if (Math.abs(at(k, i)) > Math.abs(at(pivot, i))) pivot = k;
    const rowI = a[pivot] ?? [];
    a[pivot] = a[i] ?? [];
    a[i] = rowI;
    for (let k = i + 1; k < n; k++) {
      const factor = at(k, i) / (at(i, i) || 1e-30);
      const row = a[k];
      if (row) for (let j = i; j <= n; j++) row[j] = (row[j] ?? 0) - factor * at(i, j);
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(i, n);
    for (let j = i + 1; j < n; j++) sum -= at(i, j) * (x[j] ?? 0);
    x[i] = sum / (at(i, i) || 1e-30);
  }
  return x;
}
