import { z } from "zod";
import { families, union } from "../../rule/families";
import { fail, notInPlan, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

const providers = new Set(["pulumi:providers:aws", "pulumi:providers:aws-native"]);
/** What holds or moves data, so that its place matters. */
const placed = union(
  families.bucket,
  families.bucketReplication,
  families.vpc,
  families.fileSystem,
  families.database,
  families.backupVault,
  families.secret,
  families.logGroup,
  families.topic,
  families.queue,
  families.redis,
  families.trail,
  families.key,
  families.launchTemplate,
  families.instance,
  new Set(["aws:dynamodb/table:Table"]),
);

export const llmData014 = resourceRule({
  id: "LLM-DATA-014",
  title: "Data stays in the regions that are allowed",
  word: "MUST",
  source: ["POL-R21"],
  looksAt: "the region of providers and of each resource that holds or moves data, replicas included",
  remedy: "place the resource in an allowed region, or add the region to allowedRegions",
  controls: "residency",
  owasp: ["LLM02"],
  anchors: [],
  doc: "Since version 7 of the AWS provider each resource may name a region of its own, so looking at providers alone misses copies. Without allowedRegions the rule is satisfied with any region, and the report says so.",
  types: union(placed, providers),
  config: z.strictObject({
    /** Regions that data may be in, for example `eu-central-1`; a trailing * stands for any text. Empty: any region. */
    allowedRegions: z.array(z.string()).default([]),
  }),
  applies: ({ resource, inputs, config }) =>
    config.allowedRegions.length > 0 && (!inputs.at("region").absent || providers.has(resource.type)),
  *check({ inputs, config }) {
    const region = inputs.at("region");
    const allowed = (name: string) =>
      config.allowedRegions.some((pattern) =>
        pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
      );
    if (region.unknown) yield notInPlan(region, "where it is");
    else if (region.absent)
      yield undetermined(
        region,
        "takes its region from the environment of whoever runs the program, so where it is cannot be told",
      );
    else if (!allowed(region.text ?? ""))
      yield fail(region, `is in ${region.text ?? "?"}; allowed: ${config.allowedRegions.join(", ")}`);
  },
});
