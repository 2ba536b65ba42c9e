import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { bucketParts } from "../buckets";

export const llmData010 = graphRule({
  id: "LLM-DATA-010",
  title: "Buckets clean up after themselves",
  word: "SHOULD",
  source: ["POL-R19"],
  looksAt:
    "lifecycle rules of each bucket: an end for old versions or objects, and for uploads that were never finished",
  remedy: "add an aws.s3.BucketLifecycleConfiguration that expires old versions and aborts incomplete uploads",
  controls: "minimisation",
  anchors: ["CKV2_AWS_61", "CKV_AWS_300", "S3.10", "S3.13"],
  doc: "With versions on, deleting an object keeps it until a lifecycle rule ends it, so without one data is never really gone.",
  types: families.bucket,
  *check({ resource, inputs, shared }) {
    const lists = [
      ...shared(bucketParts)(resource).lifecycles.map((part) => ({ part, rules: Value.inputsOf(part).at("rules") })),
      { part: resource, rules: inputs.at("lifecycleRules") },
    ].filter(({ rules }) => !rules.absent);
    const active = lists
      .flatMap(({ rules }) => rules.items())
      .filter((rule) => rule.at("status").text !== "Disabled" && rule.at("enabled").flag !== false);
    const ends = active.some((rule) =>
      ["noncurrentVersionExpiration", "expiration"].some((key) => !rule.at(key).absent),
    );
    const aborts = active.some(
      (rule) =>
        !rule.at("abortIncompleteMultipartUpload").absent || !rule.at("abortIncompleteMultipartUploadDays").absent,
    );
    if (ends && aborts) return;
    const open = lists.find(({ rules }) => rules.unknown);
    if (open !== undefined)
      yield undetermined(
        open.rules,
        "is known only after deployment, so what the bucket cleans up cannot be told",
        open.part,
      );
    else
      yield fail(
        "",
        !ends && !aborts
          ? "has no lifecycle rule"
          : ends
            ? "keeps unfinished uploads for ever"
            : "keeps old versions for ever",
      );
  },
});
