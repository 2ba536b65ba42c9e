import { families } from "../../rule/families";
import { demand } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmEnc007 = resourceRule({
  id: "LLM-ENC-007",
  title: "Redis and Valkey are encrypted at rest",
  word: "MUST",
  source: ["SEC-R15"],
  looksAt: "atRestEncryptionEnabled of ElastiCache replication groups",
  remedy: "set atRestEncryptionEnabled to true; it can be set only when the group is made",
  controls: "rest",
  anchors: ["CKV_AWS_29", "CKV_AWS_191", "AWS-0045", "ElastiCache.4"],
  doc: "A cache of prompts or answers on disk, in a snapshot or a replica is prompt data.",
  types: families.redis,
  *check({ inputs }) {
    yield* demand(inputs.at("atRestEncryptionEnabled"), {
      holds: ({ flag }) => flag === true,
      failure: "is not encrypted at rest",
      absent: "is not encrypted at rest unless atRestEncryptionEnabled is true",
      question: "whether it is encrypted at rest",
    });
  },
});
