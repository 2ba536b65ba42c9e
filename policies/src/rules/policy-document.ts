import { isPropertyMap, type PropertyMap, type PropertyValue } from "../graph/property-value";
import { Value } from "../rule/value";

/** One statement of an AWS policy, with its lists made lists. */
export interface PolicyStatement {
  readonly allow: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  /** How many further resources it names that are not known yet. */
  readonly unknownResources: number;
  /** Principals as `AWS:*`, `Service:ec2.amazonaws.com`; `*` for everyone. Empty when the statement names none. */
  readonly principals: readonly string[];
  readonly hasNotPrincipal: boolean;
  /** Operator, key and values of each condition, keys in lower case. */
  readonly conditions: readonly {
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
  }[];
  /** Whether anything inside is unknown. */
  readonly partlyUnknown: boolean;
}

export type PolicyReading =
  | { readonly state: "known"; readonly statements: readonly PolicyStatement[] }
  | { readonly state: "unknown" }
  | { readonly state: "absent" }
  /** Not a policy document at all. */
  | { readonly state: "malformed" };

/** Reads an AWS policy document from a property: a JSON text, or an object as some resources take it. */
export function readPolicy(value: Value): PolicyReading {
  if (value.absent) return { state: "absent" };
  if (value.unknown) return { state: "unknown" };
  let document: unknown = value.raw;
  if (typeof document === "string") {
    try {
      document = JSON.parse(document);
    } catch {
      return { state: "malformed" };
    }
  }
  if (!isPropertyMap(document)) return { state: "malformed" };
  let reading = readings.get(document);
  if (reading === undefined) {
    reading = readStatements(document);
    readings.set(document, reading);
  }
  return reading;
}

/** What each document says, read once however many rules ask. */
const readings = new WeakMap<PropertyMap, PolicyReading>();

function readStatements(document: PropertyMap): PolicyReading {
  const statements = new Value(document).either("Statement", "statements");
  if (statements.unknown) return { state: "unknown" };
  return {
    state: "known",
    statements: statements.items().flatMap((one) => (one.map === undefined ? [] : [statement(one)])),
  };
}

/** Whether a condition limits a statement to an organisation, an account, an endpoint or a network. */
export function isBounded({ conditions }: PolicyStatement): boolean {
  return conditions.some(({ operator, key, values }) => {
    const negated = /not|null/i.test(operator);
    return !negated && bounding.has(key) && values.length > 0 && !values.includes("*");
  });
}

const bounding = new Set([
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourceip",
  "aws:vpcsourceip",
  "aws:resourceaccount",
  "kms:calleraccount",
  "kms:viaservice",
  "s3:dataaccesspointaccount",
]);

function statement(one: Value): PolicyStatement {
  return {
    allow: one.either("Effect", "effect").text !== "Deny",
    actions: texts(one.either("Action", "actions")),
    notActions: texts(one.either("NotAction", "notActions")),
    resources: texts(one.either("Resource", "resources")),
    unknownResources: countUnknown(one.either("Resource", "resources")),
    principals: principals(one.either("Principal", "principals")),
    hasNotPrincipal: !one.either("NotPrincipal", "notPrincipals").absent,
    conditions: conditions(one.either("Condition", "conditions")),
    partlyUnknown: one.partlyUnknown,
  };
}

function texts(value: Value): readonly string[] {
  return value.text === undefined ? value.texts() : [value.text];
}

function countUnknown(value: Value): number {
  return value.unknown ? 1 : value.items().filter(({ unknown }) => unknown).length;
}

function principals(value: Value): readonly string[] {
  if (value.text !== undefined) return [value.text];
  return value.entries().flatMap(([kind, names]) => texts(names).map((name) => `${kind}:${name}`));
}

function conditions(value: Value): PolicyStatement["conditions"] {
  return value
    .entries()
    .flatMap(([operator, keys]) =>
      keys.entries().map(([key, values]) => ({ operator, key: key.toLowerCase(), values: scalarTexts(values.raw) })),
    );
}

function scalarTexts(raw: PropertyValue | undefined): readonly string[] {
  const list = Array.isArray(raw) ? (raw as readonly PropertyValue[]) : raw === undefined ? [] : [raw];
  return list.flatMap((item) =>
    typeof item === "string" || typeof item === "boolean" || typeof item === "number" ? [String(item)] : [],
  );
}
