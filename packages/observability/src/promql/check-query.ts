import type { Metric } from "../catalogue/metric-catalogue";
import { targetLabels } from "../catalogue/metric-catalogue";
import { baseName } from "../rules/absence-alerts";
import { readQuery, textOf, type Selector, type SyntaxNode } from "./read-query";

/** A series that recording rules write: its name and the labels that are left on it. */
export type RecordedSeries = ReadonlyMap<string, ReadonlySet<string>>;

export interface KnownSeries {
  readonly catalogue: ReadonlyMap<string, Metric>;
  readonly recorded: RecordedSeries;
  /** Labels of alerts, for queries on `ALERTS`. */
  readonly alertLabels: ReadonlySet<string>;
}

/** What Prometheus writes by itself for each target, and what it needs to be a counter or not. */
const ownSeries: ReadonlySet<string> = new Set(["up", "scrape_duration_seconds", "scrape_samples_scraped"]);
const everyTargetLabel: ReadonlySet<string> = new Set(Object.values(targetLabels).flat());
const counterFunctions: ReadonlySet<string> = new Set(["rate", "irate", "increase"]);
const gaugeFunctions: ReadonlySet<string> = new Set(["deriv", "delta", "predict_linear"]);

/**
 * Everything that is wrong with a query although it parses: series nobody writes, labels a series does not have, a rate over a gauge,
 * a quantile over something that is no histogram or has lost `le`.
 */
export function queryProblems(text: string, known: KnownSeries): string[] {
  const query = readQuery(text);
  const problems: string[] = [];
  for (const selector of query.selectors) problems.push(...selectorProblems(selector, known));
  query.tree.cursor().iterate(({ node }) => {
    if (node.name === "FunctionCall") problems.push(...callProblems(node, text, known));
    if (node.name === "AggregateExpr") problems.push(...groupingProblems(node, text, known));
    if (node.name === "MatchingModifierClause") problems.push(...matchingProblems(node, text, known));
  });
  return problems;
}

/** Labels that the result of a query can carry. */
export function resultLabels(text: string, known: KnownSeries): ReadonlySet<string> {
  return labelsOf(readQuery(text).tree, text, known);
}

function selectorProblems({ name, labels }: Selector, known: KnownSeries): string[] {
  const has = seriesLabels(name, known);
  if (has === undefined) return [`nobody writes ${name}`];
  return labels.filter((label) => !has.has(label)).map((label) => `${name} has no label ${label}`);
}

/** Labels of a series, or nothing when it is not known. */
function seriesLabels(
  name: string,
  { catalogue, recorded, alertLabels }: KnownSeries,
): ReadonlySet<string> | undefined {
  if (name === "ALERTS") return alertLabels;
  if (ownSeries.has(name)) return everyTargetLabel;
  const own = recorded.get(name);
  if (own !== undefined) return own;
  const metric = catalogue.get(baseName(name, catalogue));
  if (metric === undefined) return undefined;
  if (metric.type === "histogram" && metric.name === name) return undefined;
  return new Set([...metric.labels, ...targetLabels[metric.job], ...(name.endsWith("_bucket") ? ["le"] : [])]);
}

function callProblems(node: SyntaxNode, text: string, known: KnownSeries): string[] {
  const called = node.getChild("FunctionIdentifier");
  const name = called === null ? "" : textOf(called, text);
  const inside = selectorsIn(node, text);
  const types = inside.map((series) => [series, typeOf(series, known)] as const);
  if (counterFunctions.has(name)) {
    return types.filter(([, type]) => type !== "counter").map(([series, type]) => `${name} over ${series}, a ${type}`);
  }
  if (gaugeFunctions.has(name)) {
    return types.filter(([, type]) => type !== "gauge").map(([series, type]) => `${name} over ${series}, a ${type}`);
  }
  if (name !== "histogram_quantile") return [];
  const problems = inside
    .filter((series) => !series.endsWith("_bucket"))
    .map((series) => `a quantile over ${series}, which has no buckets`);
  return labelsOf(node, text, known, true).has("le")
    ? problems
    : [...problems, "a quantile over a sum that has lost le"];
}

function groupingProblems(node: SyntaxNode, text: string, known: KnownSeries): string[] {
  const inside = new Set(selectorsIn(node, text).flatMap((series) => [...(seriesLabels(series, known) ?? [])]));
  return grouping(node, text)
    .filter((label) => !inside.has(label))
    .map((label) => `grouped by ${label}, which nothing inside has`);
}

/** `on (...)` and `ignoring (...)`: the labels must be on both sides. */
function matchingProblems(node: SyntaxNode, text: string, known: KnownSeries): string[] {
  const binary = node.parent;
  if (binary === null) return [];
  const sides = [binary.firstChild, binary.lastChild];
  const lists = node.getChildren("GroupingLabels");
  const [matched] = lists;
  if (matched === undefined) return [];
  return labelNames(matched, text).flatMap((label) =>
    sides
      .filter((side): side is SyntaxNode => side !== null && !labelsOf(side, text, known).has(label))
      .map((side) => `matched on ${label}, which ${textOf(side, text).slice(0, 60)} does not have`),
  );
}

function typeOf(series: string, { catalogue, recorded }: KnownSeries): string {
  if (recorded.has(series) || ownSeries.has(series)) return "gauge";
  const metric = catalogue.get(baseName(series, catalogue));
  if (metric === undefined) return "unknown";
  if (metric.name !== series || metric.type === "histogram") return "counter";
  // node_exporter leaves what it copies from the kernel without a type.
  return metric.type === "untyped" ? "counter" : metric.type;
}

function selectorsIn(node: SyntaxNode, text: string): string[] {
  const found: string[] = [];
  node.cursor().iterate(({ node: inner }) => {
    if (inner.name === "VectorSelector" && inner.from >= node.from && inner.to <= node.to) {
      const identifier = inner.getChild("Identifier");
      if (identifier !== null) found.push(textOf(identifier, text));
    }
  });
  return found;
}

function grouping(node: SyntaxNode, text: string): string[] {
  const labels = node.getChild("AggregateModifier")?.getChild("GroupingLabels");
  return labels ? labelNames(labels, text) : [];
}

function labelNames(list: SyntaxNode, text: string): string[] {
  return list.getChildren("LabelName").map((label) => textOf(label, text));
}

/** Follows a tree down to the labels of its result. `inner` looks at what a quantile is made of. */
function labelsOf(node: SyntaxNode, text: string, known: KnownSeries, inner = false): ReadonlySet<string> {
  switch (node.name) {
    case "VectorSelector": {
      const identifier = node.getChild("Identifier");
      return (identifier === null ? undefined : seriesLabels(textOf(identifier, text), known)) ?? new Set();
    }
    case "AggregateExpr":
      return new Set(grouping(node, text));
    case "NumberDurationLiteral":
    case "NumberLiteral":
    case "StringLiteral":
      return new Set();
    case "BinaryExpr": {
      const left = node.firstChild === null ? new Set<string>() : labelsOf(node.firstChild, text, known);
      const right = node.lastChild === null ? new Set<string>() : labelsOf(node.lastChild, text, known);
      const sets = node.getChild("Or") !== null;
      return sets || left.size === 0 ? new Set([...left, ...right]) : left;
    }
    case "FunctionCall": {
      const called = node.getChild("FunctionIdentifier");
      const name = called === null ? "" : textOf(called, text);
      const labels = childLabels(node, text, known);
      return name === "histogram_quantile" && !inner ? new Set([...labels].filter((label) => label !== "le")) : labels;
    }
    default:
      return childLabels(node, text, known);
  }
}

function childLabels(node: SyntaxNode, text: string, known: KnownSeries): ReadonlySet<string> {
  const labels = new Set<string>();
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    for (const label of labelsOf(child, text, known)) labels.add(label);
  }
  return labels;
}
