import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmNet026 = resourceRule({
  id: "LLM-NET-026",
  title: "No machine image or snapshot is shared with everyone",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "launch permissions of machine images and volume permissions of snapshots",
  remedy: "share with named accounts or an organisation",
  controls: "exposure",
  anchors: ["EC2.1", "EC2.182"],
  doc: "A public snapshot of a model disk publishes the weights, and whatever else was on the disk.",
  types: union(families.amiLaunchPermission, families.snapshotPermission),
  *check({ inputs }) {
    for (const value of [inputs.at("group"), inputs.at("accountId")]) {
      if (value.unknown) yield notInPlan(value, "with whom it is shared");
      else if (value.text === "all") yield fail(value, "is shared with everyone");
    }
  },
});
