import type { CheckFailure, Properties } from "../provider";
import type { Declarations, DeclaredResource } from "./declarations";
import type { DeclaredField, DeclaredShape } from "./type-expression";
import { signatureKey, unknownValue } from "../wire-marks";

/** What the declarations of the provider's package do not allow: unknown properties, wrong kinds, missing ones, at any depth. */
export function checkDeclared(
  declarations: Declarations,
  { inputs }: DeclaredResource,
  given: Properties,
): CheckFailure[] {
  return [...fields(declarations, inputs, given, "")];
}

function* fields(
  declarations: Declarations,
  declared: ReadonlyMap<string, DeclaredField>,
  given: Properties,
  path: string,
): Generator<CheckFailure> {
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("__") || value === undefined || value === null) continue;
    const place = path === "" ? name : `${path}.${name}`;
    const field = declared.get(name);
    if (field === undefined) yield { property: place, reason: "there is no such property" };
    else yield* shape(declarations, field.shape, value, place);
  }
  for (const [name, { required }] of declared) {
    if (required && (given[name] === undefined || given[name] === null))
      yield { property: path === "" ? name : `${path}.${name}`, reason: "is missing" };
  }
}

function* shape(
  declarations: Declarations,
  wanted: DeclaredShape,
  value: unknown,
  place: string,
): Generator<CheckFailure> {
  if (value === unknownValue || value === null || value === undefined) return;
  // A file or a reference to a resource: no plain value.
  if (isObject(value) && signatureKey in value) return;
  switch (wanted.kind) {
    case "anything":
      return;
    case "text":
      if (typeof value !== "string") yield wrong(place, "a text", value);
      return;
    case "number":
      if (typeof value !== "number") yield wrong(place, "a number", value);
      return;
    case "truth":
      if (typeof value !== "boolean") yield wrong(place, "true or false", value);
      return;
    case "literal":
      if (value !== wanted.value) yield wrong(place, JSON.stringify(wanted.value), value);
      return;
    case "list":
      if (!Array.isArray(value)) yield wrong(place, "a list", value);
      else
        for (const [index, item] of value.entries())
          yield* shape(declarations, wanted.item, item, `${place}[${index}]`);
      return;
    case "map":
      if (!isObject(value)) yield wrong(place, "an object", value);
      else
        for (const [key, item] of Object.entries(value))
          yield* shape(declarations, wanted.value, item, `${place}.${key}`);
      return;
    case "fields":
      if (!isObject(value)) yield wrong(place, "an object", value);
      else yield* fields(declarations, wanted.fields, value, place);
      return;
    case "named": {
      const declared = declarations.fieldsOf(wanted.name);
      if (declared === undefined) throw new Error(`the package's declarations do not say what ${wanted.name} is`);
      if (!isObject(value)) yield wrong(place, "an object", value);
      else yield* fields(declarations, declared, value, place);
      return;
    }
    case "either": {
      const attempts = wanted.of.map((one) => [...shape(declarations, one, value, place)]);
      // The one that fits best tells best what is wrong.
      const best = attempts.sort((a, b) => a.length - b.length)[0];
      if (best !== undefined) yield* best;
    }
  }
}

function wrong(property: string, expected: string, value: unknown): CheckFailure {
  const got = Array.isArray(value) ? "a list" : isObject(value) ? "an object" : `a ${typeof value}`;
  return { property, reason: `expected ${expected}, got ${got}` };
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
