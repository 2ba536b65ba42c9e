import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import type { ResourceGraph } from "../../graph/resource-graph";
import type { PlannedResource } from "../../graph/planned-resource";

export const llmNet004 = graphRule({
  id: "LLM-NET-004",
  title: "The default security group of every VPC admits nothing",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "each VPC of the program and the default security group resource that takes it over",
  remedy: "add an aws.ec2.DefaultSecurityGroup for the VPC without ingress and egress rules",
  controls: "exposure",
  anchors: ["CKV2_AWS_12", "AWS-0173", "EC2.2"],
  doc: "AWS puts whatever names no security group into the default one, whose members may all talk to each other and to anywhere. Only taking it over without rules closes it. A VPC that another program owns is not in the graph and is not judged.",
  types: families.vpc,
  *check({ resource, shared }) {
    const groups = shared(defaultGroupsByVpc).get(resource) ?? [];
    if (groups.length === 0)
      yield fail("", "its default security group is not taken over, so members may talk to each other and to anywhere");
    for (const group of groups) {
      for (const direction of ["ingress", "egress"]) {
        const list = Value.inputsOf(group).at(direction);
        if (list.unknown) yield { ...notInPlan(list, "whether the default security group is closed"), urn: group.urn };
        else if (list.items().length > 0)
          yield fail(
            list,
            `the default security group has ${list.items().length} ${direction} rule${list.items().length === 1 ? "" : "s"}`,
            group,
          );
      }
    }
  },
});

function defaultGroupsByVpc(graph: ResourceGraph): ReadonlyMap<PlannedResource, readonly PlannedResource[]> {
  const index = new Map<PlannedResource, PlannedResource[]>();
  for (const group of graph.ofType(families.defaultSecurityGroup)) {
    for (const vpc of graph.references(group, "vpcId", families.vpc).resources)
      index.set(vpc, [...(index.get(vpc) ?? []), group]);
  }
  return index;
}
