import type { PlannedResource } from "../graph/planned-resource";
import type { Value } from "./value";

export const verdicts = ["pass", "fail", "undetermined"] as const;
/** `undetermined`: the plan does not hold the answer. It never counts as a pass. */
export type Verdict = (typeof verdicts)[number];

/** What a rule says about one property. A rule that says nothing about a resource lets it pass. */
export interface Outcome {
  readonly verdict: "fail" | "undetermined";
  /** The property it speaks of, for example `ingress[0].cidrBlocks`; empty for the resource as a whole. */
  readonly property: string;
  readonly message: string;
  /** The resource, when it is not the one the rule was asked about. */
  readonly urn?: string;
}

type Place = Value | string;

export function fail(place: Place, message: string, resource?: PlannedResource): Outcome {
  return outcome("fail", place, message, resource);
}

/** The plan cannot tell. The message says what would have to be known. */
export function undetermined(place: Place, message: string, resource?: PlannedResource): Outcome {
  return outcome("undetermined", place, message, resource);
}

/** The usual text for a value that is not in the plan. */
export function notInPlan(value: Value, question: string): Outcome {
  const why = value.secret ? "is a secret" : "is known only after deployment";
  return undetermined(value, `${value.path === "" ? "the value" : value.path} ${why}, so ${question} cannot be told`);
}

/** How a single property is judged. */
export interface Demand {
  /** True when a known value is as it must be. */
  readonly holds: (value: Value) => boolean;
  /** What to say of a known value that does not hold. */
  readonly failure: string;
  /** What to say when the property is absent; leave out when absence is fine. */
  readonly absent?: string;
  /** The question that stays open when it is unknown, for example "whether it is encrypted". */
  readonly question: string;
}

/** Judges one property in three values. */
export function* demand(value: Value, { holds, failure, absent, question }: Demand): Generator<Outcome> {
  if (value.absent) {
    if (absent !== undefined) yield fail(value, absent);
  } else if (value.unknown) {
    yield notInPlan(value, question);
  } else if (!holds(value)) {
    yield fail(value, failure);
  }
}

function outcome(
  verdict: Outcome["verdict"],
  place: Place,
  message: string,
  resource: PlannedResource | undefined,
): Outcome {
  const property = typeof place === "string" ? place : place.path;
  return { verdict, property, message, ...(resource === undefined ? {} : { urn: resource.urn }) };
}
