import type { ResourceGraph } from "../../graph/resource-graph";
import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { bucketParts, logReceivers } from "../buckets";

export const llmData005 = graphRule({
  id: "LLM-DATA-005",
  title: "Load balancers and buckets keep access logs",
  word: "SHOULD",
  source: ["SEC-R19"],
  looksAt: "accessLogs of load balancers, and the logging of each bucket that is not itself the receiver of logs",
  remedy: "set accessLogs.enabled and a bucket on the balancer; add an aws.s3.BucketLogging for the bucket",
  controls: "logging",
  anchors: ["CKV_AWS_91", "CKV_AWS_92", "CKV_AWS_18", "AWS-0089", "ELB.5", "S3.9"],
  doc: "A network load balancer logs TLS listeners only, so one without any is not judged. An empty list of logging resources is no logging, although a plan with one passes elsewhere. The bucket that receives the logs needs none.",
  types: union(families.loadBalancer, families.classicLoadBalancer, families.bucket),
  applies: ({ resource, inputs, shared }) => {
    if (families.bucket.has(resource.type)) return !shared(logReceivers).has(resource.urn);
    return inputs.at("loadBalancerType").text !== "network" || shared(balancersWithTls).has(resource.urn);
  },
  *check({ resource, inputs, shared }) {
    if (families.bucket.has(resource.type)) {
      if (
        shared(bucketParts)(resource).loggings.length === 0 &&
        inputs.either("loggings", "logging").items().length === 0
      )
        yield fail("", "keeps no access log");
      return;
    }
    const enabled = inputs.in("accessLogs", "enabled");
    const bucket = inputs.in("accessLogs", "bucket");
    if (enabled.unknown) yield notInPlan(enabled, "whether it keeps an access log");
    else if (
      enabled.flag !== true &&
      !(families.classicLoadBalancer.has(resource.type) && enabled.absent && !bucket.absent)
    )
      yield fail(enabled, "keeps no access log");
  },
});

function balancersWithTls(graph: ResourceGraph): ReadonlySet<string> {
  const listeners = graph.ofType(families.listener).filter(({ inputs }) => inputs.protocol === "TLS");
  return new Set(
    listeners.flatMap((listener) =>
      graph.references(listener, "loadBalancerArn", families.loadBalancer).resources.map(({ urn }) => urn),
    ),
  );
}
