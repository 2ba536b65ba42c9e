import { distance } from "fastest-levenshtein";

/** The candidates that a misspelt name is closest to, best first. */
export function nearestNames(name: string, candidates: readonly string[], count = 3): string[] {
  const wanted = plain(name);
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, far: distance(wanted, plain(candidate)) }))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** A name as people write it, reduced to what tells it from others. */
export function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/[\s_:]+/g, "-");
}
