import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const plan = {
  type: "aws:backup/plan:Plan",
  name: "plan",
  inputs: { rules: [{ ruleName: "daily", targetVaultName: unknownValue, lifecycle: { deleteAfter: 35 } }] },
};
const selection = {
  type: "aws:backup/selection:Selection",
  name: "selection",
  inputs: { planId: ref("plan"), iamRoleArn: unknownValue, resources: [unknownValue] },
};

export const llmData011Examples: RuleExamples = {
  rule: "LLM-DATA-011",
  pass: [{ name: "a plan and what it covers", resources: [plan, selection], expect: [] }],
  fail: [
    { name: "nothing selected", resources: [plan], expect: ["fail plan"] },
    {
      name: "an empty selection",
      resources: [plan, { ...selection, inputs: { ...selection.inputs, resources: [] } }],
      expect: ["fail selection resources"],
    },
    {
      name: "kept for ever",
      resources: [{ ...plan, inputs: { rules: [{ ruleName: "daily", targetVaultName: "v" }] } }, selection],
      expect: ["fail plan rules[0].lifecycle.deleteAfter"],
    },
  ],
};
