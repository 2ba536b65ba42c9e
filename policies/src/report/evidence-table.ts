import { controlsOf } from "../rule/controls";
import { allRules } from "../rules/all-rules";
import type { CheckResult } from "./check-result";

/** What a run shows about one control of one framework. */
export interface ControlEvidence {
  /** For example `PCI DSS 4.0.1 4.2.1`. */
  readonly control: string;
  /** The rules that help to show it. */
  readonly rules: readonly string[];
  /** Resources looked at, over these rules. */
  readonly resources: number;
  readonly passed: number;
  readonly failed: number;
  readonly undetermined: number;
  readonly waived: number;
}

/** Turns a result round: by control instead of by rule. It helps to show a control and never proves one. */
export function evidenceByControl({ rules }: Pick<CheckResult, "rules">): readonly ControlEvidence[] {
  const summaries = new Map(rules.map((summary) => [summary.rule, summary]));
  const controls = new Map<string, string[]>();
  for (const rule of allRules) {
    if (!summaries.has(rule.id)) continue;
    for (const control of controlsOf(rule)) controls.set(control, [...(controls.get(control) ?? []), rule.id]);
  }
  const sum = (ids: readonly string[], key: "resources" | "passed" | "failed" | "undetermined" | "waived") =>
    ids.reduce((total, id) => total + (summaries.get(id as never)?.[key] ?? 0), 0);
  return [...controls]
    .map(([control, ids]) => ({
      control,
      rules: ids,
      resources: sum(ids, "resources"),
      passed: sum(ids, "passed"),
      failed: sum(ids, "failed"),
      undetermined: sum(ids, "undetermined"),
      waived: sum(ids, "waived"),
    }))
    .sort((a, b) => (a.control < b.control ? -1 : 1));
}
