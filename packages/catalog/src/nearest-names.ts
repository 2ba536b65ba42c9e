import { distance } from "fastest-levenshtein";

/** The candidates that a misspelt name is closest to, best first. */
export function nearestNames(name: string, candidates: readonly string[], count = 3): string[] {
  const wanted = plain(name);
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, far: farness(wanted, plain(candidate)) }))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** The one candidate that is near enough to be what was meant. */
export function nearestName(word: string, candidates: readonly string[]): string | undefined {
  const [best] = nearestNames(word, candidates, 1);
  if (best === undefined) return undefined;
  const begun = word.length >= 4 && best.toLowerCase().startsWith(word.toLowerCase());
  return begun || distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3))
    ? best
    : undefined;
}

/** Letters to change; what a candidate only says in addition counts little. */
function farness(wanted: string, candidate: string): number {
  const start = candidate.slice(0, wanted.length);
  const rest = candidate.length - start.length;
  return Math.min(distance(wanted, candidate), distance(wanted, start) + 0.5 + rest / 100);
}

/** A name as people write it, reduced to what tells it from others. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/[\s_:]+/g, "-");
}
