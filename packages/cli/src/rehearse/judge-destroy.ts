import type { PretendCloud, StackState, StateResource } from "@holdfast/testing";
import { check, type StepResult } from "./step-result";

/**
 * After a destroy that spares what is protected: the state holds the protected resources and what they need, and the cloud holds
 * these and what was to be retained (in any of the earlier states). Anything else is an orphan.
 */
export function judgeDestroy(
  earlier: readonly StackState[],
  after: StackState,
  cloud: PretendCloud,
): Pick<StepResult, "summary" | "checks" | "details"> {
  const left = after.deployment.resources ?? [];
  const needed = neededByProtected(left);
  const stray = left.filter(({ urn }) => !needed.has(urn));
  const protectedOnes = left.filter(({ protect }) => protect === true);
  const before = earlier.at(-1)?.deployment.resources ?? [];
  const lost = before.filter(({ urn, protect }) => protect === true && !left.some((other) => other.urn === urn));
  const inState = new Set(left.flatMap(({ type, id }) => (id === undefined ? [] : [`${type} ${id}`])));
  const retained = new Set(
    earlier
      .flatMap(({ deployment }) => deployment.resources ?? [])
      .filter(({ retainOnDelete }) => retainOnDelete === true)
      .map(({ urn }) => urn),
  );
  const outside = cloud.resources.filter(({ type, id }) => !inState.has(`${type} ${id}`));
  const orphans = outside.filter(({ urn }) => !retained.has(urn));
  const spared = left.filter(({ custom, protect, type }) => custom && protect !== true && !type.startsWith("pulumi:"));
  return {
    summary: [
      protectedOnes.length === 0
        ? "nothing remains in the state"
        : `${protectedOnes.length} protected resources remain${spared.length === 0 ? "" : ` with ${spared.length} that they need`}`,
      ...(outside.length === 0 ? [] : [`${outside.length} retained outside the state`]),
    ].join("; "),
    checks: [
      check("only what is protected, or needed by it, remains in the state", stray.length === 0, urns(stray)),
      check("everything protected is still there", lost.length === 0, urns(lost)),
      check(
        "nothing is left in the cloud but what was to be retained",
        orphans.length === 0,
        orphans.map(({ type, id, urn }) => `${type} ${id} (${urn})`).join("\n"),
      ),
    ],
    details: {
      "protected, still there": protectedOnes.map(({ urn }) => urn),
      "needed by these": spared.map(({ urn }) => urn),
      "retained outside the state": outside.map(({ urn }) => urn),
    },
  };
}

function neededByProtected(resources: readonly StateResource[]): Set<string> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const needed = new Set<string>();
  const visit = (urn: string): void => {
    const resource = byUrn.get(urn);
    if (resource === undefined || needed.has(urn)) return;
    needed.add(urn);
    for (const other of resource.dependencies ?? []) visit(other);
    if (resource.parent !== undefined) visit(resource.parent);
    if (resource.provider !== undefined) visit(resource.provider.slice(0, resource.provider.lastIndexOf("::")));
  };
  for (const { urn, protect, type } of resources) if (protect === true || type === "pulumi:pulumi:Stack") visit(urn);
  return needed;
}

function urns(resources: readonly StateResource[]): string {
  return resources.map(({ urn }) => urn).join("\n");
}
