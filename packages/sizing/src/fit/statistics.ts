/** Errors of predictions as shares of what was measured. */
export interface ErrorSummary {
  readonly n: number;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  readonly worst: number;
  readonly bias: number;
}

export function summarise(errors: readonly number[]): ErrorSummary {
  const absolute = errors.map(Math.abs).sort((a, b) => a - b);
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
  return {
    n: errors.length,
    mean: mean(absolute),
    median: quantile(absolute, 0.5),
    p90: quantile(absolute, 0.9),
    worst: absolute.at(-1) ?? 0,
    bias: mean(errors),
  };
}

/** The quantile of sorted values, interpolated. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** A ratio measured / predicted and the group it belongs to. */
export interface Ratio {
  readonly group: string;
  readonly ratio: number;
}

export interface Calibration {
  readonly interval: [number, number];
  /** Share of the rows inside while their group did not help to choose. */
  readonly coverage: number;
}

/**
 * The narrowest pair of quantiles, moved outwards alike, that holds 90 % of the rows of groups that did not help to choose it, and that
 * share. The quantiles of each group's interval come from the other groups.
 */
export function calibrate(ratios: readonly Ratio[]): Calibration {
  const sorted = (list: readonly Ratio[]) => list.map((r) => r.ratio).sort((a, b) => a - b);
  const without = new Map(
    [...new Set(ratios.map(({ group }) => group))].map((group) => [
      group,
      sorted(ratios.filter((r) => r.group !== group)),
    ]),
  );
  const all = sorted(ratios);
  const tried = [0.05, 0.04, 0.03, 0.02, 0.01].map((tail) => {
    // How far each row is outside the quantiles of the other groups, as a factor.
    const outside = ratios
      .map(({ group, ratio }) => {
        const others = without.get(group) ?? [];
        if (others.length === 0) return Math.max(ratio, 1 / ratio);
        return Math.max(1, ratio / quantile(others, 1 - tail), quantile(others, tail) / ratio);
      })
      .sort((a, b) => a - b);
    const widen = outside[Math.ceil(0.9 * outside.length) - 1] ?? 1;
    const interval: [number, number] = [quantile(all, tail) / widen, quantile(all, 1 - tail) * widen];
    const inside = outside.filter((one) => one <= widen * (1 + 1e-12));
    return { interval, coverage: inside.length / outside.length };
  });
  const width = ({ interval: [low, high] }: Calibration) => Math.log(high / low);
  return tried.reduce((best, one) => (width(one) < width(best) - 1e-9 ? one : best));
}
