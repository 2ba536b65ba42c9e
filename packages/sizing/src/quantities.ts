/** Bounds of an input: what it counts, the least and the most that make sense. */
interface Bounds {
  readonly unit: string;
  /** @default 0 */
  readonly least?: number;
  /** @default no limit */
  readonly most?: number;
  /** @default false */
  readonly whole?: boolean;
  /** The least itself is too little. @default false */
  readonly above?: boolean;
}

/**
 * Refuses inputs that no arithmetic can answer: not a number, infinite, out of bounds. All problems in one `RangeError`, each
 * with the name, what is allowed with its unit, and what was given.
 */
export function requireQuantities(quantities: Readonly<Record<string, readonly [number, Bounds]>>): void {
  let problems: string[] | undefined;
  for (const name in quantities) {
    const entry = quantities[name];
    if (entry === undefined || within(entry[0], entry[1])) continue;
    problems ??= [];
    problems.push(`${name} must be ${allowed(entry[1])}, got ${entry[0]}`);
  }
  if (problems !== undefined) throw new RangeError(problems.join("; "));
}

function within(value: number, { least = 0, most = Number.MAX_VALUE, whole = false, above = false }: Bounds): boolean {
  return (above ? value > least : value >= least) && value <= most && (!whole || Number.isInteger(value));
}

function allowed({ unit, least = 0, most, whole = false, above = false }: Bounds): string {
  const from = `${above ? "more than" : "at least"} ${least}`;
  return `a ${whole ? "whole " : ""}number of ${unit}, ${from}${most === undefined ? "" : ` and at most ${most}`}`;
}

export const gpuCount: Bounds = { unit: "GPUs", least: 1, whole: true };
export const tokenCount: Bounds = { unit: "tokens" };
export const tokensAtLeastOne: Bounds = { unit: "tokens", least: 1 };
