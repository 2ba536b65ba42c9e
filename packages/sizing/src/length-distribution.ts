import type { TokenLengths } from "./workload";

/** How long requests are, as the planner works with it. Tokens. */
export interface LengthDistribution {
  /** The length that a share of the requests stays at or below, 0 to 1. */
  readonly at: (share: number) => number;
  readonly mean: number;
  /** Variance over the square of the mean; 0 where all are equal. */
  readonly squaredVariation: number;
}

/** The normal variable that a share of all values lies below (Acklam's approximation, relative error 1.2e-9). */
export function normalQuantile(share: number): number {
  if (!(share > 0 && share < 1)) return share <= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const tail = Math.min(share, 1 - share);
  if (tail < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(tail));
    const top = polynomial(
      q,
      [
        -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
        2.938163982698783,
      ],
    );
    const bottom = polynomial(q, [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1]);
    return share < 0.5 ? top / bottom : -top / bottom;
  }
  const q = share - 0.5;
  const r = q * q;
  const top = polynomial(
    r,
    [
      -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
      2.506628277459239,
    ],
  );
  const bottom = polynomial(
    r,
    [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1],
  );
  return (q * top) / bottom;
}

function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, one) => sum * x + one, 0);
}

/** All requests alike. */
export function fixedLength(tokens: number): LengthDistribution {
  return { at: () => tokens, mean: tokens, squaredVariation: 0 };
}

/**
 * A distribution from what is known of it, never longer than `longest`. Between percentiles the logarithm is linear in the normal
 * variable, so that two of them make a log-normal distribution; inside a bin lengths are equally likely.
 */
export function lengthDistribution(lengths: TokenLengths, p95: number, longest: number): LengthDistribution {
  const raw = "bins" in lengths ? histogramAt(lengths.bins) : percentilesAt({ ...lengths, p95: lengths.p95 ?? p95 });
  const at = (share: number) => Math.min(longest, Math.max(1, raw(share)));
  const points = 400;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < points; i++) {
    const value = at((i + 0.5) / points);
    sum += value;
    squares += value * value;
  }
  const mean = sum / points;
  return { at, mean, squaredVariation: Math.max(0, squares / points / mean ** 2 - 1) };
}

/** Beyond this share nothing is extrapolated: the longest request in a thousand stands for all beyond. */
const lastShare = 0.999;

function percentilesAt(known: Readonly<Record<string, number>>): (share: number) => number {
  const knots = Object.entries(known)
    .map(([name, tokens]) => ({ z: normalQuantile(Number(name.slice(1)) / 100), log: Math.log(tokens) }))
    .sort((a, b) => a.z - b.z);
  return (share) => {
    const z = normalQuantile(Math.min(lastShare, Math.max(1 - lastShare, share)));
    const above = Math.max(
      1,
      knots.findIndex((knot) => knot.z >= z),
    );
    const right = knots[z > (knots.at(-1)?.z ?? 0) ? knots.length - 1 : above];
    const left = knots[knots.indexOf(right ?? { z: 0, log: 0 }) - 1] ?? right;
    if (left === undefined || right === undefined) return Number.NaN;
    const slope = right.z === left.z ? 0 : (right.log - left.log) / (right.z - left.z);
    return Math.exp(left.log + slope * (z - left.z));
  };
}

function histogramAt(bins: readonly { readonly upTo: number; readonly count: number }[]): (share: number) => number {
  const sorted = [...bins].filter((bin) => bin.count > 0).sort((a, b) => a.upTo - b.upTo);
  const all = [...bins].sort((a, b) => a.upTo - b.upTo);
  const total = sorted.reduce((sum, bin) => sum + bin.count, 0);
  let seen = 0;
  const knots = sorted.map((bin) => {
    const below = all[all.findIndex((one) => one.upTo === bin.upTo) - 1]?.upTo ?? 0;
    const from = seen / total;
    seen += bin.count;
    return { from, to: seen / total, low: below, high: bin.upTo };
  });
  return (share) => {
    const bin = knots.find(({ to }) => to >= share) ?? knots.at(-1);
    if (bin === undefined) return Number.NaN;
    const part = bin.to === bin.from ? 1 : Math.min(1, Math.max(0, (share - bin.from) / (bin.to - bin.from)));
    return bin.low + part * (bin.high - bin.low);
  };
}
