import { families } from "../../rule/families";
import { demand, fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmTls008 = resourceRule({
  id: "LLM-TLS-008",
  title: "Redis and Valkey speak TLS only",
  word: "MUST",
  source: ["POL-R01", "SEC-R02"],
  looksAt: "transit encryption and its mode in ElastiCache replication groups",
  remedy: "set transitEncryptionEnabled to true and transitEncryptionMode to required",
  controls: "transit",
  anchors: ["CKV_AWS_30", "CKV_AWS_31", "AWS-0051", "ElastiCache.5"],
  doc: "The mode preferred still answers clients that speak plain text, and passes every other tool.",
  types: families.redis,
  *check({ inputs }) {
    const question = "whether it speaks TLS only";
    const enabled = inputs.at("transitEncryptionEnabled");
    yield* demand(enabled, {
      holds: ({ flag }) => flag === true,
      failure: "speaks plain text",
      absent: "speaks plain text unless transitEncryptionEnabled is true",
      question,
    });
    const mode = inputs.at("transitEncryptionMode");
    if (mode.unknown) yield notInPlan(mode, question);
    else if (mode.text === "preferred") yield fail(mode, "the mode preferred still accepts plain text");
  },
});
