/** A latency target placed where a histogram can measure it. */
export interface BucketTarget {
  /** The target as promised, seconds. */
  readonly target: number;
  /** The smallest bucket bound at or above the target: above it an answer was certainly too slow. */
  readonly bound: number;
  /** The largest bound below the target, when the target itself is no bound: between the two nothing can be told. */
  readonly below?: number;
}

/**
 * Places a target on a histogram's bucket bounds. A histogram counts exactly only at its bounds, so a target between two of them
 * (2 s, with bounds 1 and 2.5) is watched at the upper one: what is reported as a miss is one.
 * @returns nothing when the target is above every bound
 */
export function placeOnBucket(target: number, bounds: readonly number[]): BucketTarget | undefined {
  const bound = bounds.find((one) => one >= target);
  if (bound === undefined) return undefined;
  const below = bounds.findLast((one) => one < target);
  return bound === target || below === undefined ? { target, bound } : { target, bound, below };
}

/** A matcher for one bucket bound: clients and Prometheus versions differ in writing whole numbers (`5` or `5.0`). */
export function bucketMatcher(bound: number): string {
  const text = String(bound);
  return text.includes(".") ? `le="${text}"` : `le=~"${text}(\\\\.0)?"`;
}
