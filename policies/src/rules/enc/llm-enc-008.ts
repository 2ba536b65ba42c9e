import { z } from "zod";
import { families, union } from "../../rule/families";
import { demand, fail, notInPlan, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { isBounded, readPolicy } from "../policy-document";

export const llmEnc008 = resourceRule({
  id: "LLM-ENC-008",
  title: "Keys rotate, cannot vanish at once and are not everyone's",
  word: "MUST",
  source: ["SEC-R15"],
  looksAt: "rotation, deletion window and policy of customer keys",
  remedy:
    "set enableKeyRotation to true, deletionWindowInDays to 14 or more, and name the principals in the key policy",
  controls: "rest",
  anchors: ["CKV_AWS_7", "CKV_AWS_33", "AWS-0065", "KMS.3", "KMS.5"],
  doc: "Losing a key is losing what it encrypts, so the window in which a deletion can be taken back matters. Asymmetric, HMAC and imported keys cannot rotate and are spared that part, as are replicas, whose primary rotates.",
  types: union(families.key, new Set(["aws:kms/keyPolicy:KeyPolicy"])),
  config: z.strictObject({
    /** The shortest deletion window, in days. AWS allows 7 to 30. */
    minimumDeletionWindowInDays: z.int().min(7).max(30).default(14),
  }),
  *check({ resource, inputs, config }) {
    if (resource.type === "aws:kms/key:Key") {
      const spec = inputs.at("customerMasterKeySpec");
      const rotates =
        (spec.absent || spec.text === "SYMMETRIC_DEFAULT") &&
        ["ENCRYPT_DECRYPT", undefined].includes(inputs.at("keyUsage").text);
      if (rotates)
        yield* demand(inputs.at("enableKeyRotation"), {
          holds: ({ flag }) => flag === true,
          failure: "does not rotate",
          absent: "does not rotate unless enableKeyRotation is true",
          question: "whether it rotates",
        });
    }
    if (families.key.has(resource.type)) {
      yield* demand(inputs.at("deletionWindowInDays"), {
        holds: ({ number }) => number !== undefined && number >= config.minimumDeletionWindowInDays,
        failure: `can be deleted in fewer than ${config.minimumDeletionWindowInDays} days`,
        question: "how fast it can be deleted",
      });
    }
    const property = inputs.at("policy");
    const policy = readPolicy(property);
    if (policy.state === "unknown") yield notInPlan(property, "who may use the key");
    if (policy.state === "malformed")
      yield undetermined(property, "is not a policy document, so who may use the key cannot be told");
    if (policy.state !== "known") return;
    for (const statement of policy.statements) {
      const everyone =
        statement.hasNotPrincipal ||
        statement.principals.some((principal) => principal === "*" || principal === "AWS:*");
      if (statement.allow && everyone && !isBounded(statement))
        yield fail(property, "a statement lets everyone use the key");
    }
  },
});
