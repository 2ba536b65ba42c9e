import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import type { ResourceGraph } from "../../graph/resource-graph";

export const llmNet010 = graphRule({
  id: "LLM-NET-010",
  title: "A public application load balancer has a web application firewall",
  word: "SHOULD",
  source: ["POL-R03", "POL-R18"],
  looksAt: "application load balancers that face the internet and the firewall associations of the program",
  remedy: "associate a web ACL that limits requests per address and has the managed rule sets in force",
  controls: "limits",
  owasp: ["LLM06"],
  anchors: ["CKV2_AWS_28", "ELB.16"],
  doc: "The association may live in another program; then waive the rule for this balancer and say where. Network load balancers take no web ACL, so a public one is for LLM-NET-009 alone.",
  types: families.loadBalancer,
  applies: ({ inputs }) =>
    inputs.at("internal").flag !== true &&
    !inputs.at("internal").unknown &&
    ["application", undefined].includes(inputs.at("loadBalancerType").text),
  *check({ resource, shared }) {
    const { guarded, open } = shared(guardedBalancers);
    if (guarded.has(resource.urn)) return;
    if (open)
      yield undetermined(
        "",
        "a web ACL association names a resource that is known only after deployment, so whether it guards this balancer cannot be told",
      );
    else yield fail("", "faces the internet without a web application firewall");
  },
});

function guardedBalancers(graph: ResourceGraph): { guarded: ReadonlySet<string>; open: boolean } {
  const guarded = new Set<string>();
  let open = false;
  for (const association of graph.ofType(families.wafAssociation)) {
    const { resources, complete } = graph.references(association, "resourceArn");
    for (const { urn } of resources) guarded.add(urn);
    open ||= !complete;
  }
  return { guarded, open };
}
