import type { PlannedResource } from "../../graph/planned-resource";
import type { ResourceGraph } from "../../graph/resource-graph";
import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { onlyRedirectsToTls } from "../listeners";

export const llmTls002 = graphRule({
  id: "LLM-TLS-002",
  title: "No rule of a plain HTTP listener forwards a request",
  word: "MUST",
  source: ["POL-R01"],
  looksAt: "the listener rules that hang on a plain HTTP listener",
  remedy: "move the rule to the HTTPS listener; a plain listener redirects and does nothing else",
  controls: "transit",
  anchors: ["CKV2_AWS_20", "ELB.1"],
  doc: "A listener whose default action redirects looks right, but one extra rule on it still forwards plain text.",
  types: families.listener,
  applies: ({ inputs }) => inputs.at("protocol").text === "HTTP",
  *check({ resource, shared }) {
    for (const rule of shared(rulesByListener).get(resource) ?? []) {
      const actions = Value.inputsOf(rule).at("actions");
      const fixed =
        actions.items().length > 0 && actions.items().every((action) => action.at("type").text === "fixed-response");
      const redirects = fixed ? true : onlyRedirectsToTls(actions);
      if (redirects === undefined) yield undetermined(actions, "what it does is known only after deployment", rule);
      else if (!redirects) yield fail(actions, `forwards requests from the plain HTTP listener ${resource.name}`, rule);
    }
  },
});

function rulesByListener(graph: ResourceGraph): ReadonlyMap<PlannedResource, readonly PlannedResource[]> {
  const index = new Map<PlannedResource, PlannedResource[]>();
  for (const rule of graph.ofType(families.listenerRule)) {
    for (const listener of graph.references(rule, "listenerArn", families.listener).resources)
      index.set(listener, [...(index.get(listener) ?? []), rule]);
  }
  return index;
}
