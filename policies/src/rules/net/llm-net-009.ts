import { z } from "zod";
import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmNet009 = resourceRule({
  id: "LLM-NET-009",
  title: "Load balancers are internal",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "the scheme of application, network and classic load balancers, under every type token",
  remedy: "set internal to true; if this is the approved public edge, name it in approvedEdges",
  controls: "exposure",
  anchors: ["AWS-0053"],
  doc: "A balancer that does not say internal faces the internet. An approved edge is named by the logical name of its resource, and then LLM-NET-010 asks for what such an edge needs.",
  types: union(families.loadBalancer, families.classicLoadBalancer),
  config: z.strictObject({
    /** Logical names of load balancers that may face the internet. */
    approvedEdges: z.array(z.string()).default([]),
  }),
  *check({ resource, inputs, config }) {
    if (config.approvedEdges.includes(resource.name)) return;
    const internal = inputs.at("internal");
    if (internal.unknown) yield notInPlan(internal, "whether it faces the internet");
    else if (internal.absent) yield fail(internal, "does not say internal, so it faces the internet");
    else if (internal.flag !== true) yield fail(internal, "faces the internet");
  },
});
