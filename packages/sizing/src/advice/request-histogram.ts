/** Counts of requests by tokens: `upTo` is the upper bound of each bin. */
export interface TokenBin {
  readonly upTo: number;
  readonly count: number;
}

/** A percentile of a histogram, linear inside its bin; from 0 where the first bin begins. */
export function percentileOf(bins: readonly TokenBin[], share: number): number {
  const sorted = [...bins].sort((a, b) => a.upTo - b.upTo);
  const total = sorted.reduce((sum, bin) => sum + bin.count, 0);
  if (!(total > 0)) throw new RangeError("the histogram holds no requests");
  if (!(share > 0 && share <= 1)) throw new RangeError(`a percentile must be above 0 and at most 1, got ${share}`);
  const wanted = share * total;
  let seen = 0;
  let from = 0;
  for (const { upTo, count } of sorted) {
    if (seen + count >= wanted && count > 0) return from + ((wanted - seen) / count) * (upTo - from);
    seen += count;
    from = upTo;
  }
  return from;
}

/**
 * Context length to serve: the 95th percentile of prompt plus output, rounded up to a whole page of 1,024 tokens, at most what the
 * model supports. Longer requests are refused with the limit in the answer, so the share that is cut off is stated.
 */
export function contextFor(
  bins: readonly TokenBin[],
  modelContext: number,
): { readonly maxModelLen: number; readonly refusedShare: number } {
  const wanted = Math.ceil(percentileOf(bins, 0.95) / 1024) * 1024;
  const maxModelLen = Math.min(modelContext, wanted);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const longer = bins.filter((bin) => bin.upTo > maxModelLen).reduce((sum, bin) => sum + bin.count, 0);
  return { maxModelLen, refusedShare: longer / total };
}
