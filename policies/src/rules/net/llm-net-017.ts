import { z } from "zod";
import { validCidrs } from "../../addresses/address-set";
import { coversInternet } from "../../addresses/internet";
import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import type { Value } from "../../rule/value";

export const llmNet017 = resourceRule({
  id: "LLM-NET-017",
  title: "Kubernetes services open no door to the outside",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "the type, annotations, source ranges and external addresses of services",
  remedy: "use ClusterIP behind the gateway, or mark the load balancer as internal for the controller that makes it",
  controls: "exposure",
  anchors: ["C-0256", "KSV-0108"],
  doc: "Whether a service of type LoadBalancer is public depends on the controller: the in-tree one makes public balancers, the AWS Load Balancer Controller from 2.2 and EKS Auto Mode make internal ones. controller says which is in use; an annotation decides in any case.",
  types: families.service,
  config: z.strictObject({
    /** Which controller serves services without an annotation. */
    controller: z.enum(["in-tree", "aws-load-balancer-controller"]).default("in-tree"),
  }),
  *check({ inputs, config }) {
    const spec = inputs.at("spec");
    const type = spec.at("type");
    if (type.unknown) yield notInPlan(type, "whether it opens a door");
    if (type.text === "NodePort") yield fail(type, "opens a port on every node");
    if (type.text === "LoadBalancer") {
      const ranges = spec.at("loadBalancerSourceRanges");
      const marked = internalMark(inputs.in("metadata", "annotations"));
      const bounded = ranges.items().length > 0 && !ranges.partlyUnknown && !coversInternet(validCidrs(ranges.texts()));
      if (marked === "unknown" || (ranges.partlyUnknown && marked !== "internal"))
        yield notInPlan(
          ranges.partlyUnknown ? ranges : inputs.in("metadata", "annotations"),
          "whether its load balancer is public",
        );
      else if (marked === "public" || (marked === undefined && config.controller === "in-tree")) {
        if (!bounded) yield fail(type, "makes a load balancer that faces the internet");
      }
    }
    for (const address of spec.at("externalIPs").items())
      yield fail(address, "takes over an address from outside the cluster");
  },
});

/** What annotations say about a load balancer. */
function internalMark(annotations: Value): "internal" | "public" | "unknown" | undefined {
  if (annotations.unknown) return "unknown";
  const scheme = annotations.at("service.beta.kubernetes.io/aws-load-balancer-scheme");
  if (scheme.unknown) return "unknown";
  if (scheme.text !== undefined) return scheme.text === "internal" ? "internal" : "public";
  const marks = [
    annotations.at("service.beta.kubernetes.io/aws-load-balancer-internal"),
    annotations.at("service.beta.kubernetes.io/azure-load-balancer-internal"),
    annotations.at("networking.gke.io/load-balancer-type"),
  ];
  if (marks.some(({ unknown }) => unknown)) return "unknown";
  return marks.some(({ scalar }) => ["true", "internal"].includes(scalar?.toLowerCase() ?? ""))
    ? "internal"
    : undefined;
}
