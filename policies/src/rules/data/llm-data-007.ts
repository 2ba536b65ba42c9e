import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { bucketParts } from "../buckets";

export const llmData007 = graphRule({
  id: "LLM-DATA-007",
  title: "Every bucket keeps old versions",
  word: "MUST",
  source: ["POL-R20"],
  looksAt: "the versioning of each bucket, inline or in a resource of its own",
  remedy: "add an aws.s3.BucketVersioning with the status Enabled",
  controls: "recovery",
  owasp: ["LLM05"],
  anchors: ["CKV_AWS_21", "AWS-0090", "S3.14"],
  doc: "With versions, overwritten or deleted weights come back, and a tampered file does not replace the one that was checked.",
  types: families.bucket,
  *check({ resource, inputs, shared }) {
    const states = [
      ...shared(bucketParts)(resource).versionings.map((part) => ({
        part,
        value: Value.inputsOf(part).in("versioningConfiguration", "status"),
        on: ({ text }: Value) => text === "Enabled",
      })),
      ...[inputs.in("versioning", "enabled")]
        .filter(({ absent }) => !absent)
        .map((value) => ({ part: resource, value, on: ({ flag }: Value) => flag === true })),
    ];
    if (states.some(({ value, on }) => on(value))) return;
    const open = states.find(({ value }) => value.unknown);
    if (open !== undefined)
      yield undetermined(
        open.value,
        "is known only after deployment, so whether the bucket keeps old versions cannot be told",
        open.part,
      );
    else yield fail("", "keeps no old versions");
  },
});
