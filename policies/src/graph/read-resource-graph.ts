import type { PlannedResource } from "./planned-resource";
import { isFields, ResourceDocumentError, resourceFromState } from "./resource-document";
import { ResourceGraph } from "./resource-graph";

/** The documents a graph can be read from. */
export type ResourceDocumentKind = "plan" | "preview" | "export";

export interface ResourceDocument {
  readonly kind: ResourceDocumentKind;
  readonly graph: ResourceGraph;
}

/** Reads whichever of the three documents it is: told apart by what only that one has. */
export function readResourceDocument(document: unknown): ResourceDocument {
  if (isFields(document)) {
    if (isFields(document.deployment)) return { kind: "export", graph: readStackExport(document) };
    if (Array.isArray(document.resources)) return { kind: "plan", graph: readPlan(document) };
    if (Array.isArray(document.steps) || isFields(document.changeSummary))
      return { kind: "preview", graph: readPreviewJson(document) };
  }
  throw new ResourceDocumentError("document", [
    'expected a plan.json (it has "resources"), the output of `pulumi preview --json` ("steps") or of `pulumi stack export` ("deployment")',
  ]);
}

/** Reads a `plan.json`. */
export function readPlan(document: unknown): ResourceGraph {
  const resources = isFields(document) ? document.resources : undefined;
  if (!Array.isArray(resources)) throw new ResourceDocumentError("plan", ["resources: missing; expected a list"]);
  return graphOf("plan", resources, "resources", () => true);
}

/** Operations after which the resource of a preview step is no longer there. */
const leaving: ReadonlySet<unknown> = new Set([
  "delete",
  "delete-replaced",
  "discard",
  "discard-replaced",
  "read-discard",
  "remove-pending-replace",
]);

/**
 * Reads the output of `pulumi preview --json`: the resources as they will be. With `--show-sames` left out, resources that do
 * not change are not in that file, so neither are they in the graph.
 */
export function readPreviewJson(document: unknown): ResourceGraph {
  // A program that plans nothing prints no steps at all.
  const steps = isFields(document) ? (document.steps ?? []) : undefined;
  if (!Array.isArray(steps)) throw new ResourceDocumentError("preview", ["steps: expected a list"]);
  const states: unknown[] = [];
  const seen = new Map<unknown, number>();
  for (const step of steps) {
    if (!isFields(step) || leaving.has(step.op)) continue;
    const state = isFields(step.newState) ? step.newState : isFields(step.oldState) ? step.oldState : { urn: step.urn };
    // A replacement comes as several steps with one URN; the last that does not leave says what will be.
    const earlier = seen.get(step.urn);
    if (earlier === undefined) seen.set(step.urn, states.push(state) - 1);
    else states[earlier] = state;
  }
  return graphOf("preview", states, "steps", () => true);
}

/** Reads the output of `pulumi stack export`. Encrypted values become the secret marker; nothing is decrypted. */
export function readStackExport(document: unknown): ResourceGraph {
  const deployment = isFields(document) ? document.deployment : undefined;
  const resources = isFields(deployment) ? (deployment.resources ?? []) : undefined;
  if (!Array.isArray(resources))
    throw new ResourceDocumentError("stack export", ["deployment.resources: expected a list"]);
  // An entry marked `delete` is what a failed replacement left behind; its URN belongs to its successor.
  return graphOf(
    "stack export",
    resources,
    "deployment.resources",
    (state) => !isFields(state) || state.delete !== true,
  );
}

function graphOf(
  what: string,
  states: readonly unknown[],
  at: string,
  keep: (state: unknown) => boolean,
): ResourceGraph {
  const problems: string[] = [];
  const resources: PlannedResource[] = [];
  const urns = new Set<string>();
  states.forEach((state, index) => {
    if (!keep(state)) return;
    const resource = resourceFromState(state, `${at}[${index}]`, problems);
    if (resource === undefined) return;
    if (urns.has(resource.urn)) problems.push(`${at}[${index}].urn: ${resource.urn} is there twice`);
    urns.add(resource.urn);
    resources.push(resource);
  });
  if (problems.length > 0) throw new ResourceDocumentError(what, problems);
  return new ResourceGraph(resources);
}
