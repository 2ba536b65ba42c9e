import type { PlanDocument, PlannedFinding } from "../plan/plan-schema";

export interface FindingCounts {
  /** Mandatory violations without a waiver: they stop a deployment. */
  readonly blocking: number;
  readonly advisory: number;
  readonly undetermined: number;
  readonly waived: number;
}

/** How many findings there are of each weight. */
export function findingCounts(findings: readonly PlannedFinding[]): FindingCounts {
  const open = findings.filter(({ waiver }) => waiver === undefined);
  const failed = open.filter(({ verdict }) => verdict === "fail");
  const blocking = failed.filter(({ level }) => level === "mandatory").length;
  return {
    blocking,
    advisory: failed.length - blocking,
    undetermined: open.filter(({ verdict }) => verdict === "undetermined").length,
    waived: findings.length - open.length,
  };
}

/** Whether a plan may be deployed: no mandatory finding and nothing reachable from outside. */
export function planVerdict(plan: Pick<PlanDocument, "findings" | "exposure">): boolean {
  return findingCounts(plan.findings).blocking === 0 && plan.exposure.verdict !== "exposed";
}
