import type { DeclaredType } from "../aws/declared-type";
import type { Properties } from "../provider";
import { terraformName } from "./names";
import { notKnown } from "./packed-value";
import { unknownValue } from "../wire-marks";

/** Gives the fields of a nested output type, with their types. */
type Shapes = (name: string) => ReadonlyMap<string, string> | undefined;

/**
 * Translates a provider's state back into a resource's outputs: the names, and whether a list of one is the thing itself, follow
 * from what `@pulumi/aws` declares. What the state does not have is left out.
 */
export function fromTerraform(state: Properties, declared: DeclaredType, shapes: Shapes): Record<string, unknown> {
  const types = new Map([...declared.outputs].map(([property, { type }]) => [property, type]));
  return fieldsOf(state, types, shapes);
}

function fieldsOf(state: Properties, types: ReadonlyMap<string, string>, shapes: Shapes): Record<string, unknown> {
  const values = [...types].flatMap(([property, type]) => {
    const name = terraformName(property, { has: (key) => key in state });
    const value = name === undefined ? undefined : valueOf(state[name], type, shapes);
    return value === undefined ? [] : [[property, value] as const];
  });
  return Object.fromEntries(values);
}

function valueOf(value: unknown, type: string, shapes: Shapes): unknown {
  if (value === null || value === undefined) return undefined;
  if (value === notKnown) return unknownValue;
  if (type.endsWith("[]")) {
    const inner = type.slice(0, -2);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.flatMap((item) => valueOf(item, inner, shapes) ?? []);
  }
  // A list of at most one: Pulumi shows the thing itself.
  if (Array.isArray(value)) return valueOf((value as readonly unknown[])[0], type, shapes);
  if (typeof value === "object") {
    const fields = shapes(type);
    if (fields !== undefined) return fieldsOf(value as Properties, fields, shapes);
    const inner = /^\{ \[key: string\]: (.*?);? \}$/.exec(type)?.[1] ?? "";
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        const own: unknown = valueOf(item, inner, shapes);
        return own === undefined ? [] : [[key, own] as const];
      }),
    );
  }
  if (type === "boolean" && typeof value === "string") return value === "true";
  if (type === "number" && typeof value === "string") return Number(value);
  if (type === "string" && typeof value !== "string") return JSON.stringify(value);
  return value;
}
