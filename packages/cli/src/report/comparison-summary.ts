import { plainText } from "@holdfast/policies";
import type pico from "picocolors";
import type { ComparedFinding, Comparison } from "./comparison";
import { count, dollars, shortUrn } from "./format";

type Colours = ReturnType<typeof pico.createColors>;

const rowsShown = 5;

/** What a plan changes, for a terminal: a line for each kind of change, and the first of each. */
export function comparisonSummary(comparison: Comparison, colours: Colours): string {
  const { baseline, fleets, cost } = comparison;
  return `${[
    colours.bold(`Compared with ${baseline}`),
    ...findingLines(comparison, colours),
    ...exposureLines(comparison, colours),
    `  resources  ${resourceCounts(comparison)}`,
    ...fleets.map(({ fleet, before, after }) => `  fleet      ${fleet}: ${before ?? "none"} -> ${after ?? "none"}`),
    `  cost       ${costChange(cost)}`,
  ].join("\n")}\n`;
}

/** `2 new (1 blocks), 1 fixed, 3 unchanged (1 other than before)`. */
export function findingChange({ findings }: Comparison): string {
  const worse = findings.new.filter(({ standing }) => standing === "blocks").length;
  const turned = findings.unchanged.filter(({ was }) => was !== undefined).length;
  return [
    `${findings.new.length} new${worse > 0 ? ` (${worse} ${worse === 1 ? "blocks" : "block"})` : ""}`,
    `${findings.fixed.length} fixed`,
    `${findings.unchanged.length} unchanged${turned > 0 ? ` (${turned} ${turned === 1 ? "weighs" : "weigh"} differently)` : ""}`,
  ].join(", ");
}

/** `3 added, 1 removed, 2 changed, 500 as before`. */
export function resourceCounts({ resources: { added, removed, changed, unchanged } }: Comparison): string {
  return `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} as before`;
}

/** `$85,208 -> $86,001 a month (+$793)`. */
export function costChange({ before, after, difference }: Comparison["cost"]): string {
  if (difference === 0) return `${dollars(after)} a month, as before`;
  return `${dollars(before)} -> ${dollars(after)} a month (${signedDollars(difference)})`;
}

/** `+$793`, `-$0.40`: cents where whole dollars would hide the difference. */
export function signedDollars(usd: number): string {
  const size = Math.abs(usd);
  return `${usd < 0 ? "-" : "+"}${size < 1 ? `$${size.toFixed(2)}` : dollars(size)}`;
}

function findingLines(comparison: Comparison, colours: Colours): string[] {
  const { findings } = comparison;
  const worse = findings.new.some(({ standing }) => standing === "blocks");
  const text = findingChange(comparison);
  const turned = findings.unchanged.filter(({ was }) => was !== undefined);
  return [
    `  findings   ${worse ? colours.red(text) : text}`,
    ...rows("new", findings.new),
    ...rows("fixed", findings.fixed),
    ...rows("other", turned),
  ];
}

function rows(kind: string, findings: readonly ComparedFinding[]): string[] {
  const lines = findings.slice(0, rowsShown).map(({ rule, standing, was, urn, message }) => {
    const weight = was === undefined ? standing : `${was} -> ${standing}`;
    return `    ${kind}  ${rule} ${weight} ${shortUrn(urn)}: ${plainText(message)}`;
  });
  return findings.length > rowsShown ? [...lines, `    and ${findings.length - rowsShown} more ${kind}`] : lines;
}

function exposureLines({ exposure }: Comparison, colours: Colours): string[] {
  const { before, after, endpoints } = exposure;
  const text = before === after ? `${after}, as before` : `${before} -> ${after}`;
  const worse = endpoints.some((endpoint) => endpoint.after === "exposed");
  const lines = endpoints
    .slice(0, rowsShown)
    .map(
      (endpoint) =>
        `    ${shortUrn(endpoint.endpoint)}: ${endpoint.before ?? "not there"} -> ${endpoint.after ?? "not there"}`,
    );
  const more = endpoints.length - lines.length;
  return [
    `  exposure   ${worse ? colours.red(text) : text}`,
    ...lines,
    ...(more > 0 ? [`    and ${count(more, "more endpoint")}`] : []),
  ];
}
