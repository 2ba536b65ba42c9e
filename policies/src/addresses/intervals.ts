/** A half-open range `[start, end)`: the end is not part of it, so neighbours join without arithmetic. */
export type Interval<T extends number | bigint> = readonly [start: T, end: T];

/** Disjoint, sorted, non-touching ranges. Ranges are never expanded into their members. */
export type Intervals<T extends number | bigint> = readonly Interval<T>[];

/** Sorts and joins ranges in any order; empty ranges are dropped. */
export function union<T extends number | bigint>(...sets: readonly Intervals<T>[]): Intervals<T> {
  const [only] = sets;
  if (sets.length === 1 && only !== undefined && only.length < 2) return only;
  const sorted = sets
    .flat()
    .filter(([start, end]) => start < end)
    .sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const joined: Interval<T>[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && range[0] <= last[1]) {
      if (range[1] > last[1]) joined[joined.length - 1] = [last[0], range[1]];
    } else joined.push(range);
  }
  return joined;
}

export function intersect<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  const common: Interval<T>[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) break;
    const start = left[0] > right[0] ? left[0] : right[0];
    const end = left[1] < right[1] ? left[1] : right[1];
    if (start < end) common.push([start, end]);
    if (left[1] < right[1]) i++;
    else j++;
  }
  return common;
}

/** What is in `a` and not in `b`. */
export function subtract<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  const rest: Interval<T>[] = [];
  for (const [start, end] of a) {
    let from = start;
    for (const [cutStart, cutEnd] of b) {
      if (cutEnd <= from) continue;
      if (cutStart >= end) break;
      if (cutStart > from) rest.push([from, cutStart]);
      from = cutEnd;
      if (from >= end) break;
    }
    if (from < end) rest.push([from, end]);
  }
  return rest;
}

export function includes<T extends number | bigint>(set: Intervals<T>, member: T): boolean {
  return set.some(([start, end]) => start <= member && member < end);
}
