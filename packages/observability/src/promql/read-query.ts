import { parser } from "@prometheus-io/lezer-promql";

/** A node of the syntax tree. */
export type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

/** One vector selector of a query. */
export interface Selector {
  readonly name: string;
  /** Labels that its matchers name. */
  readonly labels: readonly string[];
}

export interface Query {
  readonly text: string;
  readonly selectors: readonly Selector[];
  readonly tree: SyntaxNode;
}

/** Reads a PromQL expression with the parser that Prometheus' own editor uses. Throws `SyntaxError` with the place of the fault. */
export function readQuery(text: string): Query {
  const tree = parser.parse(text);
  const selectors: Selector[] = [];
  tree.iterate({
    enter: ({ node }) => {
      if (node.type.isError) {
        throw new SyntaxError(`not PromQL at character ${node.from + 1}: ${text}`);
      }
      if (node.name !== "VectorSelector") return;
      selectors.push({ name: nameOf(node, text), labels: matcherLabels(node, text) });
    },
  });
  return { text, selectors, tree: tree.topNode };
}

/** The text of a node. */
export function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}

function nameOf(selector: SyntaxNode, text: string): string {
  const identifier = selector.getChild("Identifier");
  if (identifier === null) throw new SyntaxError(`a selector without a metric name: ${textOf(selector, text)}`);
  return textOf(identifier, text);
}

function matcherLabels(selector: SyntaxNode, text: string): string[] {
  const labels: string[] = [];
  selector.cursor().iterate(({ node }) => {
    if (node.name === "LabelName") labels.push(textOf(node, text));
    return node.to <= selector.to;
  });
  return labels;
}
