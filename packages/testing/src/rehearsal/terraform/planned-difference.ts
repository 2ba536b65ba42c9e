import { isDeepStrictEqual } from "node:util";
import type { DeclaredType } from "../aws/declared-type";
import type { Difference, Properties } from "../provider";
import { terraformName } from "./names";
import { notKnown } from "./packed-value";
import type { PlannedChange } from "./provider-resources";
import type { Block } from "./schema";

/**
 * What a planned change changes, in Pulumi's names. What the provider computes by itself is no change of its own: it follows from one.
 */
export function plannedDifference(
  { schema: { block }, prior, planned, config }: PlannedChange,
  declared: DeclaredType,
): Pick<Difference, "changed" | "replacing"> {
  const after = (planned.state ?? {}) as Properties;
  const settable = settableNames(block);
  const different = differentNames(block, prior, after).filter(
    (name) => !(after[name] === notKnown && (config[name] ?? null) === null),
  );
  const forcing = new Set(planned.requiresReplace.map((path) => path.split(/[.[]/)[0] ?? ""));
  const propertyOf = new Map(
    [...declared.outputs.keys(), ...declared.inputs.keys()].flatMap((property) => {
      const name = terraformName(property, settable);
      return name === undefined ? [] : [[name, property] as const];
    }),
  );
  const changed = different.map((name) => ({
    name,
    property: propertyOf.get(name) ?? name,
    kind: isEmpty(prior?.[name]) ? ("add" as const) : isEmpty(after[name]) ? ("delete" as const) : ("update" as const),
  }));
  return {
    changed: changed.map(({ property, kind }) => ({ property, kind })),
    replacing: changed.filter(({ name }) => forcing.has(name)).map(({ property }) => property),
  };
}

/** What can be set and is not the same in two states, in Terraform's names. */
export function differentNames(block: Block, before: Properties | null, after: Properties): string[] {
  return [...settableNames(block)].filter((name) => !isDeepStrictEqual(empty(before?.[name]), empty(after[name])));
}

function settableNames(block: Block): Set<string> {
  return new Set([
    ...block.attributes.filter(({ optional, required }) => optional || required).map(({ name }) => name),
    ...block.block_types.map(({ type_name: name }) => name),
  ]);
}

/** Nothing, written in its several ways. */
function empty(value: unknown): unknown {
  return isEmpty(value) ? null : value;
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
