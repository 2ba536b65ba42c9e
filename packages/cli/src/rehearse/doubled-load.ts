import { runProgram } from "../plan/plan-environment";
import type { FoundStack } from "../plan/find-stack";
import { differing, type PlannedChange } from "./judge-update";

const documentKey = "holdfast:environment";
/** The most that a load is raised: 2 to this power. */
const mostDoublings = 6;

interface FleetPart {
  readonly workload?: { readonly requestsPerSecond?: unknown };
}

/**
 * The realistic update of a rehearsal: the load of one fleet is doubled, and again until the plan shows it (small fleets have
 * room to spare). Gives the changed configuration and both offline plans, or says why there is none.
 */
export async function doubledLoad(
  stack: FoundStack,
  config: Readonly<Record<string, unknown>>,
): Promise<PlannedChange | { none: string }> {
  const document = config[documentKey] as { readonly fleets?: Readonly<Record<string, FleetPart>> } | undefined;
  const found = Object.entries(document?.fleets ?? {}).find(
    ([, { workload }]) => typeof workload?.requestsPerSecond === "number",
  );
  const rate = found?.[1].workload?.requestsPerSecond;
  if (found === undefined || typeof rate !== "number") {
    return { none: `no fleet with requestsPerSecond under ${documentKey}` };
  }
  const [fleet] = found;
  const { graph: before } = await runProgram(stack);
  for (let doublings = 1; doublings <= mostDoublings; doublings += 1) {
    const raised = rate * 2 ** doublings;
    const changed = structuredClone(config) as Record<string, { fleets: Record<string, { workload: object }> }>;
    const part = changed[documentKey]?.fleets[fleet];
    if (part !== undefined) part.workload = { ...part.workload, requestsPerSecond: raised };
    const { graph: after } = await runProgram({
      ...stack,
      config: { ...stack.config, [documentKey]: JSON.stringify(changed[documentKey]) },
    });
    if (differing(before, after).size > 0) {
      return { what: `${fleet} from ${rate} to ${raised} requests per second`, config: changed, before, after };
    }
  }
  return { none: `${fleet} carries ${2 ** mostDoublings} times its load without a change` };
}
