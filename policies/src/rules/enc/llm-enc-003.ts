import { families, union } from "../../rule/families";
import { demand } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmEnc003 = resourceRule({
  id: "LLM-ENC-003",
  title: "File systems and databases are encrypted",
  word: "MUST",
  source: ["SEC-R15"],
  looksAt: "elastic file systems and the storage of databases and warehouses",
  remedy: "set encrypted or storageEncrypted to true; both can be set only when the store is made",
  controls: "rest",
  anchors: ["CKV_AWS_42", "CKV_AWS_16", "CKV_AWS_96", "AWS-0037", "EFS.1", "RDS.3"],
  doc: "Encryption cannot be added later without a copy, so it has to be right the first time. FSx file systems are always encrypted and are not judged.",
  types: union(families.fileSystem, families.database),
  applies: ({ resource, inputs }) =>
    !resource.type.startsWith("aws:rds/instance") ||
    (inputs.at("replicateSourceDb").absent && inputs.at("snapshotIdentifier").absent),
  *check({ resource, inputs }) {
    const property =
      families.fileSystem.has(resource.type) || resource.type.startsWith("aws:redshift/")
        ? "encrypted"
        : "storageEncrypted";
    yield* demand(inputs.at(property), {
      holds: ({ flag }) => flag === true,
      failure: "is not encrypted",
      absent: `is not encrypted unless ${property} is true`,
      question: "whether it is encrypted",
    });
  },
});
