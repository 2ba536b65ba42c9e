import { markdownText } from "@holdfast/policies";
import type { ComparedFinding, Comparison } from "./comparison";
import { costChange, findingChange, resourceCounts, signedDollars } from "./comparison-summary";
import { dollars, shortUrn } from "./format";

const rowsShown = 20;

/** What a plan changes, as Markdown for its comment on a pull request: the counts in sight, the lists folded. */
export function comparisonComment(comparison: Comparison): string {
  const { findings, exposure, resources, fleets, cost } = comparison;
  const { before, after } = exposure;
  const turned = findings.unchanged.filter(({ was }) => was !== undefined);
  return [
    "**What this change does**",
    "",
    "| | against the base |",
    "| --- | --- |",
    `| findings | ${findingChange(comparison)} |`,
    `| exposure | ${before === after ? `${after}, as before` : `**${before} -> ${after}**`} |`,
    `| resources | ${resourceCounts(comparison)} |`,
    ...fleets.map((fleet) => `| fleet ${row(fleet.fleet, `${fleet.before ?? "none"} -> ${fleet.after ?? "none"}`)} |`),
    `| cost | ${costChange(cost)} |`,
    ...folded("New findings", findings.new, "rule | weight | resource | what", findingRow),
    ...folded("Fixed findings", findings.fixed, "rule | weight | resource | what", findingRow),
    ...folded("Findings that weigh differently", turned, "rule | weight | resource | what", findingRow),
    ...folded("Endpoints", exposure.endpoints, "endpoint | before | now | way in", (endpoint) =>
      row(
        shortUrn(endpoint.endpoint),
        endpoint.before ?? "not there",
        endpoint.after ?? "not there",
        (endpoint.path ?? []).join(" → "),
      ),
    ),
    ...folded("Added resources", resources.added, "resource", (urn) => row(shortUrn(urn))),
    ...folded("Removed resources", resources.removed, "resource", (urn) => row(shortUrn(urn))),
    ...folded("Changed resources", resources.changed, "resource | properties", ({ urn, properties, was }) =>
      row(`${shortUrn(urn)}${was === undefined ? "" : `, known as ${shortUrn(was)} before`}`, properties.join(", ")),
    ),
    ...folded("Cost", cost.lines, "what | before | now | difference", (line) =>
      row(line.what, dollars(line.before), dollars(line.after), signedDollars(line.after - line.before)),
    ),
  ].join("\n");
}

function findingRow({ rule, standing, was, urn, property, message }: ComparedFinding): string {
  const weight = was === undefined ? standing : `${was} -> ${standing}`;
  return row(rule, weight, `${shortUrn(urn)}${property === "" ? "" : ` ${property}`}`, message);
}

function row(...cells: string[]): string {
  return cells.map(markdownText).join(" | ");
}

function folded<T>(title: string, list: readonly T[], head: string, line: (item: T) => string): string[] {
  if (list.length === 0) return [];
  const more = list.length - rowsShown;
  return [
    "",
    "<details>",
    `<summary>${title} (${list.length})</summary>`,
    "",
    `| ${head} |`,
    `| ${head
      .split(" | ")
      .map(() => "---")
      .join(" | ")} |`,
    ...list.slice(0, rowsShown).map((item) => `| ${line(item)} |`),
    ...(more > 0 ? ["", `and ${more} more (all of them in comparison.json)`] : []),
    "",
    "</details>",
  ];
}
