import type { ResourceGraph } from "../../graph/resource-graph";
import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";

export const llmData003 = graphRule({
  id: "LLM-DATA-003",
  title: "Every VPC records its flows",
  word: "MUST",
  source: ["SEC-R19"],
  looksAt: "each VPC and the flow logs that name it",
  remedy: "add an aws.ec2.FlowLog for the VPC",
  controls: "logging",
  anchors: ["CKV2_AWS_11", "AWS-0178", "EC2.6"],
  doc: "Without a record of flows nobody can show afterwards who talked to an engine.",
  types: families.vpc,
  *check({ resource, shared }) {
    const { logged, open } = shared(loggedVpcs);
    if (logged.has(resource.urn)) return;
    if (open)
      yield undetermined(
        "",
        "a flow log names a VPC that is known only after deployment, so whether it is this one cannot be told",
      );
    else yield fail("", "has no flow log");
  },
});

function loggedVpcs(graph: ResourceGraph): { logged: ReadonlySet<string>; open: boolean } {
  const logged = new Set<string>();
  let open = false;
  for (const log of graph.ofType(families.flowLog)) {
    const { resources, complete } = graph.references(log, "vpcId", families.vpc);
    for (const { urn } of resources) logged.add(urn);
    open ||= !complete && resources.length === 0;
  }
  return { logged, open };
}
