import { z } from "zod";
import { allAddresses, common, noAddresses, unite, validCidrs, without } from "../../addresses/address-set";
import { coversInternet } from "../../addresses/internet";
import type { PlannedResource } from "../../graph/planned-resource";
import type { ResourceGraph } from "../../graph/resource-graph";
import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";

export const llmNet005 = graphRule({
  id: "LLM-NET-005",
  title: "No network ACL of the program admits the internet to an administration or engine port",
  word: "SHOULD",
  source: ["POL-R03"],
  looksAt: "the entries of each network ACL in the order in which AWS reads them: the first that matches decides",
  remedy:
    "admit the VPC's own address space and the declared client networks only, or deny the ports in an entry with a lower number",
  controls: "exposure",
  anchors: ["CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "AWS-0102", "AWS-0105", "EC2.21"],
  doc: "Tools that look at one entry at a time are wrong both ways: an allow behind a deny admits nothing, and a deny behind an allow stops nothing. This rule evaluates each port over sets of addresses, first match first.",
  types: families.networkAcl,
  config: z.strictObject({
    /** Ports that the internet must not reach: administration, engines and their monitoring. */
    ports: z.array(z.int().min(1).max(65_535)).default([22, 3389, 8000, 8080, 8265, 9090, 3000, 9931, 11_434, 30_000]),
  }),
  *check({ resource, shared, config }) {
    const entries = shared(ingressEntries).get(resource) ?? [];
    const open = entries.find((entry) =>
      [entry.number, entry.from, entry.to, entry.cidr, entry.protocol, entry.action].some(({ unknown }) => unknown),
    );
    for (const port of config.ports) {
      let undecided = allAddresses;
      let admitted = noAddresses;
      for (const entry of entries) {
        if (!entry.covers(port)) continue;
        const addresses = validCidrs([entry.cidr.text ?? ""]);
        if (entry.action.text === "allow") admitted = unite(admitted, common(undecided, addresses));
        undecided = without(undecided, addresses);
      }
      if (coversInternet(admitted)) {
        const first =
          entries.find(
            (entry) =>
              entry.action.text === "allow" &&
              entry.covers(port) &&
              coversInternet(validCidrs([entry.cidr.text ?? ""])),
          ) ?? entries[0];
        yield fail(
          first?.cidr ?? "ingress",
          `admits the whole internet to port ${port}`,
          first?.resource === resource ? undefined : first?.resource,
        );
        return;
      }
    }
    if (open !== undefined)
      yield undetermined(
        open.cidr,
        "an entry is known only after deployment, so what the ACL admits cannot be told",
        open.resource === resource ? undefined : open.resource,
      );
  },
});

interface Entry {
  readonly resource: PlannedResource;
  readonly number: Value;
  readonly action: Value;
  readonly protocol: Value;
  readonly cidr: Value;
  readonly from: Value;
  readonly to: Value;
  covers(port: number): boolean;
}

/** The ingress entries of each ACL, inline and split, in the order in which AWS reads them. */
function ingressEntries(graph: ResourceGraph): ReadonlyMap<PlannedResource, readonly Entry[]> {
  const index = new Map<PlannedResource, Entry[]>();
  for (const acl of graph.ofType(families.networkAcl)) {
    index.set(
      acl,
      Value.inputsOf(acl)
        .at("ingress")
        .items()
        .flatMap((item) => entries(acl, item, item.at("ruleNo"), item.at("action"), ["cidrBlock", "ipv6CidrBlock"])),
    );
  }
  for (const rule of graph.ofType(families.networkAclRule)) {
    const inputs = Value.inputsOf(rule);
    if (inputs.at("egress").flag === true) continue;
    for (const acl of graph.references(rule, "networkAclId", families.networkAcl).resources) {
      index
        .get(acl)
        ?.push(
          ...entries(rule, inputs, inputs.at("ruleNumber"), inputs.at("ruleAction"), ["cidrBlock", "ipv6CidrBlock"]),
        );
    }
  }
  for (const list of index.values()) list.sort((a, b) => (a.number.number ?? 0) - (b.number.number ?? 0));
  return index;
}

function entries(
  resource: PlannedResource,
  value: Value,
  number: Value,
  action: Value,
  blocks: readonly string[],
): readonly Entry[] {
  const protocol = value.at("protocol");
  const from = value.at("fromPort");
  const to = value.at("toPort");
  const every = ["-1", "all"].includes(protocol.scalar ?? "");
  const covers = (port: number) =>
    every || from.number === undefined || to.number === undefined || (from.number <= port && port <= to.number);
  return blocks
    .map((block) => value.at(block))
    .filter((cidr) => !cidr.absent)
    .map((cidr) => ({ resource, number, action, protocol, cidr, from, to, covers }));
}
