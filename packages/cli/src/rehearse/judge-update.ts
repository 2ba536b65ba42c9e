import { isDeepStrictEqual } from "node:util";
import type { ResourceGraph } from "@holdfast/policies";
import type { PulumiRun, StackState } from "@holdfast/testing";
import { check, type StepResult } from "./step-result";

/** A change of the configuration, and what the offline engine says it changes. */
export interface PlannedChange {
  /** In words: `chat: 0.5 to 1 requests per second`. */
  readonly what: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly before: ResourceGraph;
  readonly after: ResourceGraph;
}

/** The real engine changed what the offline plans differ in and what hangs on it, and nothing stateful was replaced or deleted. */
export function judgeUpdate(
  run: PulumiRun,
  foreseen: PulumiRun | undefined,
  state: StackState,
  { before, after, what }: PlannedChange,
): Pick<StepResult, "summary" | "checks" | "details"> {
  const touched = run.events.done.filter(({ operation }) => !["same", "read"].includes(operation));
  const expected = differing(before, after);
  const allowed = withDependents(after, expected);
  const unexpected = touched.filter(({ urn, type }) => !allowed.has(urn) && !type.startsWith("pulumi:"));
  const missed = [...expected].filter(
    (urn) => isCustom(before, after, urn) && !touched.some((step) => step.urn === urn),
  );
  const guarded = new Set(
    (state.deployment.resources ?? []).filter(({ protect }) => protect === true).map(({ urn }) => urn),
  );
  const harmed = touched.filter(({ urn, operation }) => guarded.has(urn) && /delete|replace|discard/.test(operation));
  const counts = (other: PulumiRun | undefined) => JSON.stringify(Object.entries(other?.events.counts ?? {}).sort());
  const changed = touched.filter(({ urn }) => !run.events.failed.some((step) => step.urn === urn));
  return {
    summary: `${what}: ${new Set(changed.map(({ urn }) => urn)).size} resources change, ${harmed.length === 0 ? "nothing" : harmed.length} stateful replaced`,
    checks: [
      check(
        "only what must change changes",
        unexpected.length === 0,
        unexpected.map(({ urn, operation, changed: by }) => `${operation} ${urn} (${by.join(", ")})`).join("\n"),
      ),
      check("all that the plans differ in changes", missed.length === 0, missed.join("\n")),
      check(
        "nothing stateful is replaced or deleted",
        harmed.length === 0,
        harmed.map(({ urn, operation, replacing }) => `${operation} ${urn} (${replacing.join(", ")})`).join("\n"),
      ),
      check(
        "the update did what its preview said",
        counts(run) === counts(foreseen),
        `preview ${counts(foreseen)}, update ${counts(run)}`,
      ),
    ],
    details: { changed: [...new Set(changed.map(({ operation, urn }) => `${operation} ${urn}`))].sort() },
  };
}

/** URNs that are in one plan only, or whose inputs differ between the two. */
export function differing(before: ResourceGraph, after: ResourceGraph): Set<string> {
  const urns = new Set([...before.resources, ...after.resources].map(({ urn }) => urn));
  return new Set(
    [...urns].filter((urn) => {
      const old = before.byUrn(urn);
      const fresh = after.byUrn(urn);
      return old === undefined || fresh === undefined || !isDeepStrictEqual(old.inputs, fresh.inputs);
    }),
  );
}

/** With everything that takes a value from one of these, directly or not. */
function withDependents(graph: ResourceGraph, urns: ReadonlySet<string>): Set<string> {
  const all = new Set(urns);
  for (let grew = true; grew;) {
    grew = false;
    for (const { urn, dependencies } of graph.resources) {
      if (all.has(urn) || !dependencies.some((other) => all.has(other))) continue;
      all.add(urn);
      grew = true;
    }
  }
  return all;
}

function isCustom(before: ResourceGraph, after: ResourceGraph, urn: string): boolean {
  return (after.byUrn(urn) ?? before.byUrn(urn))?.custom === true;
}
