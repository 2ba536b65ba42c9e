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

/**
 * The narrowest pair of quantiles that holds 90 % of the rows of groups that did not help to choose it, and that share. The
 * quantiles of each group's interval come from the other groups; they are moved outwards until nine rows in ten are inside.
 */
export function calibrate(ratios: readonly Ratio[]): {
  readonly interval: [number, number];
  readonly coverage: number;
} {
  const groups = [...new Set(ratios.map(({ group }) => group))];
  const sortedWithout = new Map(
    groups.map((group) => [
      group,
      ratios
        .filter((r) => r.group !== group)
        .map((r) => r.ratio)
        .sort((a, b) => a - b),
    ]),
  );
  const all = ratios.map((r) => r.ratio).sort((a, b) => a - b);
  for (let tail = 0.05; tail > 0; tail -= 0.0025) {
    for (const widen of tail > 0.0026 ? [1] : [1, 1.1, 1.2, 1.35, 1.5, 2]) {
      const inside = ratios.filter(({ group, ratio }) => {
        const others = sortedWithout.get(group) ?? [];
        return ratio >= quantile(others, tail) / widen && ratio <= quantile(others, 1 - tail) * widen;
      });
      if (inside.length >= 0.9 * ratios.length) {
        return {
          interval: [quantile(all, tail) / widen, quantile(all, 1 - tail) * widen],
          coverage: inside.length / ratios.length,
        };
      }
    }
  }
  return { interval: [all[0] ?? 0, all.at(-1) ?? Number.POSITIVE_INFINITY], coverage: 1 };
}
