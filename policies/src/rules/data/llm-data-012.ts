import { families, union } from "../../rule/families";
import { fail, notInPlan, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

const stores = union(
  families.bucket,
  families.fileSystem,
  families.database,
  families.key,
  families.backupVault,
  families.secret,
  new Set(["aws:dynamodb/table:Table"]),
);

export const llmData012 = resourceRule({
  id: "LLM-DATA-012",
  title: "What holds data cannot be deleted by mistake",
  word: "MUST",
  source: ["POL-R20"],
  looksAt:
    "the options protect and retainOnDelete of buckets, file systems, databases, keys, vaults and secrets, the provider's own deletion protection, and forceDestroy",
  remedy: "set protect or retainOnDelete on the resource, or its deletion protection, and leave forceDestroy off",
  controls: "recovery",
  anchors: ["CKV_AWS_293", "RDS.7"],
  doc: "Only a check of the Pulumi program can see protect. The engine tells a policy pack nothing of retainOnDelete, so there a store without protect is an open question; holdfast check on the preview or the export answers it.",
  types: stores,
  *check({ resource, inputs }) {
    const force = ["forceDestroy", "forceDelete"].map((key) => inputs.at(key)).find(({ absent }) => !absent);
    if (force?.flag === true) yield fail(force, "may be deleted with everything in it");
    else if (force?.unknown === true) yield notInPlan(force, "whether it may be deleted with everything in it");
    const protection = inputs.either("deletionProtection", "deletionProtectionEnabled");
    if (resource.protect || resource.retainOnDelete === true || protection.flag === true) return;
    if (protection.unknown) yield notInPlan(protection, "whether it is protected from deletion");
    else if (resource.retainOnDelete === "unseen")
      yield undetermined(
        "",
        "is not protected, and whether it stays in the cloud (retainOnDelete) is not told to policy packs; check the output of pulumi preview --json with holdfast check",
      );
    else yield fail("", "nothing protects it from deletion");
  },
});
