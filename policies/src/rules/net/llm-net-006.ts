import { families, union } from "../../rule/families";
import { demand, fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

const types = union(
  families.instance,
  families.launchTemplate,
  families.launchConfiguration,
  families.elasticAddress,
  families.elasticAddressAssociation,
);
const question = "whether a host gets a public address";

export const llmNet006 = resourceRule({
  id: "LLM-NET-006",
  title: "Hosts have no public address",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "instances, launch templates and configurations, and elastic addresses bound to a host",
  remedy:
    "set associatePublicIpAddress to false and reach hosts through Session Manager or the private network; keep elastic addresses for NAT gateways and approved edges",
  controls: "exposure",
  anchors: ["CKV_AWS_88", "CKV_AWS_389", "AWS-0009", "EC2.9", "EC2.25", "AutoScaling.5"],
  doc: "An absent associatePublicIpAddress leaves the choice to the subnet, which LLM-NET-007 judges. Every IPv6 address is a public one; whether it can be reached is for routes and rules to say, and so for the exposure proof.",
  types,
  applies: ({ resource, inputs }) => !families.elasticAddress.has(resource.type) || !inputs.at("instance").absent,
  *check({ resource, inputs }) {
    if (families.elasticAddress.has(resource.type)) {
      yield fail("instance", "an elastic address is bound to an instance, which makes it reachable from the internet");
    } else if (families.elasticAddressAssociation.has(resource.type)) {
      if (!inputs.at("instanceId").absent)
        yield fail(
          "instanceId",
          "an elastic address is bound to an instance, which makes it reachable from the internet",
        );
    } else if (families.launchTemplate.has(resource.type)) {
      const interfaces = inputs.at("networkInterfaces");
      yield* demand(interfaces, { holds: () => true, failure: "", question });
      for (const one of interfaces.items()) yield* noPublicAddress(one.at("associatePublicIpAddress"));
    } else {
      yield* noPublicAddress(inputs.at("associatePublicIpAddress"));
    }
  },
});

function noPublicAddress(value: Parameters<typeof demand>[0]) {
  return demand(value, { holds: ({ flag }) => flag === false, failure: "gives its hosts a public address", question });
}
