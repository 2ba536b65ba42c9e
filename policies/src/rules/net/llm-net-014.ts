import { z } from "zod";
import type { ResourceGraph } from "../../graph/resource-graph";
import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { bucketParts } from "../buckets";

const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const llmNet014 = graphRule({
  id: "LLM-NET-014",
  title: "Public access to every bucket is blocked, all four ways",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "each bucket and the public access block that names it, or one for the whole account",
  remedy: "add an aws.s3.BucketPublicAccessBlock for the bucket with all four settings true",
  controls: "exposure",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6", "AWS-0086", "AWS-0087", "S3.8"],
  doc: "New buckets have the block since 2023, but a program that does not say so cannot keep it. Where the account's own block is set by another program, say so with assumeAccountBlock; the report prints that assumption.",
  types: families.bucket,
  config: z.strictObject({
    /** The account has a public access block that this program does not hold. */
    assumeAccountBlock: z.boolean().default(false),
  }),
  *check({ resource, shared, config }) {
    if (config.assumeAccountBlock || shared(accountBlocked)) return;
    const blocks = shared(bucketParts)(resource).publicAccessBlocks;
    if (blocks.length === 0) yield fail("", "has no public access block");
    for (const block of blocks) {
      const inputs = Value.inputsOf(block);
      for (const flag of flags) {
        const value = inputs.at(flag);
        if (value.unknown) yield { ...notInPlan(value, "whether public access is blocked"), urn: block.urn };
        else if (value.flag !== true) yield fail(value, `${flag} is not true`, block);
      }
    }
  },
});

function accountBlocked(graph: ResourceGraph): boolean {
  return graph
    .ofType(families.accountPublicAccessBlock)
    .some((block) => flags.every((flag) => block.inputs[flag] === true));
}
