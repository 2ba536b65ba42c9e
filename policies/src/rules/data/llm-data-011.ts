import type { ResourceGraph } from "../../graph/resource-graph";
import { families, union } from "../../rule/families";
import { fail } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";

export const llmData011 = graphRule({
  id: "LLM-DATA-011",
  title: "A backup plan covers something and keeps it",
  word: "MUST",
  source: ["POL-R20"],
  looksAt: "backup plans, the selections that name them, and the time that their rules keep backups",
  remedy: "add an aws.backup.Selection that names the plan, and a lifecycle with deleteAfter to each rule",
  controls: "recovery",
  anchors: ["CKV2_AWS_18", "CKV_AWS_166", "EC2.28"],
  doc: "A plan that nothing is selected for backs up nothing and looks the same in a list of plans.",
  types: union(families.backupPlan, families.backupSelection),
  *check({ resource, inputs, shared }) {
    if (families.backupPlan.has(resource.type)) {
      if (!shared(selectedPlans).has(resource.urn))
        yield fail("", "no selection names this plan, so it backs up nothing");
      for (const rule of inputs.at("rules").items()) {
        const keep = rule.in("lifecycle", "deleteAfter");
        if (keep.absent) yield fail(keep, "keeps backups for ever: the rule has no lifecycle");
      }
      return;
    }
    const sources = ["resources", "selectionTags", "conditions"].map((key) => inputs.at(key));
    if (sources.every((value) => !value.unknown && (value.absent || value.items().length === 0)))
      yield fail("resources", "selects nothing");
  },
});

function selectedPlans(graph: ResourceGraph): ReadonlySet<string> {
  const selections = graph.ofType(families.backupSelection);
  return new Set(
    selections.flatMap((selection) =>
      graph.references(selection, "planId", families.backupPlan).resources.map(({ urn }) => urn),
    ),
  );
}
