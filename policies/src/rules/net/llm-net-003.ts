import { families } from "../../rule/families";
import { fail } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { inlineGroups, splitRules } from "../firewall-rules";
import type { ResourceGraph } from "../../graph/resource-graph";
import type { PlannedResource } from "../../graph/planned-resource";

export const llmNet003 = graphRule({
  id: "LLM-NET-003",
  title: "A security group's rules are written in one place",
  word: "SHOULD",
  source: ["POL-R03"],
  looksAt: "security groups with an inline list and, for the same direction, split rules that name the group",
  remedy: "move every rule to split rule resources, or every rule into the group",
  controls: "exposure",
  anchors: [],
  doc: "The provider treats an inline list as complete: it deletes what split rules add, and they put it back on the next run. What is open then depends on who ran last, and no check of the program can be relied on.",
  types: inlineGroups,
  *check({ resource, inputs, shared }) {
    const split = shared(directionsOfSplitRules).get(resource);
    for (const direction of ["ingress", "egress"] as const) {
      const list = inputs.at(direction);
      const rules = split?.[direction] ?? [];
      // The default group's lists are the provider's way of locking it, so an empty one counts there.
      if (
        rules.length === 0 ||
        list.absent ||
        (list.items().length === 0 && !families.defaultSecurityGroup.has(resource.type))
      )
        continue;
      yield fail(
        direction,
        `has inline ${direction} rules and ${rules.length} split ${direction} rule${rules.length === 1 ? "" : "s"} (${rules.map(({ name }) => name).join(", ")}); each deployment undoes one of them`,
      );
    }
  },
});

function directionsOfSplitRules(
  graph: ResourceGraph,
): ReadonlyMap<PlannedResource, Record<"ingress" | "egress", PlannedResource[]>> {
  const index = new Map<PlannedResource, Record<"ingress" | "egress", PlannedResource[]>>();
  for (const rule of graph.ofType(splitRules)) {
    const egress = families.egressRule.has(rule.type) || rule.inputs.type === "egress";
    for (const group of graph.references(rule, "securityGroupId", inlineGroups).resources) {
      const entry = index.get(group) ?? { ingress: [], egress: [] };
      entry[egress ? "egress" : "ingress"].push(rule);
      index.set(group, entry);
    }
  }
  return index;
}
