import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const system = { type: "aws:efs/fileSystem:FileSystem", name: "shared" };
const database = { type: "aws:rds/instance:Instance", name: "db" };

export const llmEnc003Examples: RuleExamples = {
  rule: "LLM-ENC-003",
  pass: [
    { name: "a file system", resources: [{ ...system, inputs: { encrypted: true } }], expect: [] },
    { name: "a database", resources: [{ ...database, inputs: { storageEncrypted: true } }], expect: [] },
  ],
  fail: [
    {
      name: "by omission",
      resources: [system, database],
      expect: ["fail shared encrypted", "fail db storageEncrypted"],
    },
    {
      name: "a cluster that says no",
      resources: [{ type: "aws:rds/cluster:Cluster", name: "db", inputs: { storageEncrypted: false } }],
      expect: ["fail db storageEncrypted"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [{ ...system, inputs: { encrypted: unknownValue } }],
      expect: ["undetermined shared encrypted"],
    },
  ],
};
