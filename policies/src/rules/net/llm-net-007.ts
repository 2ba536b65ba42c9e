import { families } from "../../rule/families";
import { demand } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

const question = "whether hosts in it get public addresses";

export const llmNet007 = resourceRule({
  id: "LLM-NET-007",
  title: "Subnets give no public addresses by themselves",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "mapPublicIpOnLaunch and assignIpv6AddressOnCreation of every subnet",
  remedy:
    "leave mapPublicIpOnLaunch and assignIpv6AddressOnCreation off; give a public address only to the one resource that needs it",
  controls: "exposure",
  anchors: ["CKV_AWS_130", "AWS-0164", "EC2.15"],
  doc: "A host that says nothing about its address takes what the subnet says. Every IPv6 address is public, so assigning one by default counts. A default subnet gives public addresses unless it is told not to.",
  types: families.subnet,
  *check({ resource, inputs }) {
    const map = inputs.at("mapPublicIpOnLaunch");
    const isDefault = resource.type.includes("defaultSubnet");
    yield* demand(map, {
      holds: ({ flag }) => flag === false,
      failure: "gives every host in it a public IPv4 address",
      ...(isDefault
        ? {
            absent:
              "is a default subnet, which gives every host a public IPv4 address unless mapPublicIpOnLaunch is false",
          }
        : {}),
      question,
    });
    yield* demand(inputs.at("assignIpv6AddressOnCreation"), {
      holds: ({ flag }) => flag === false,
      failure: "gives every host in it an IPv6 address, and those are public",
      question,
    });
  },
});
