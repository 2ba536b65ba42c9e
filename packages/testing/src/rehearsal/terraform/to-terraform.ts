import { terraformName } from "./names";
import { notKnown } from "./packed-value";
import { emptyBlock, type Block, type NestedBlock, type TerraformType } from "./schema";
import { unknownValue } from "../wire-marks";

/** A resource's inputs as Terraform's provider takes them, and what has no place there. */
export interface TerraformConfig {
  readonly config: Record<string, unknown>;
  /** Ways to properties that the provider's schema does not have. */
  readonly unmapped: readonly string[];
}

/** What is translated: what a program gives, or all that a resource has. */
type Part = "inputs" | "state";

/** Translates a resource's inputs by the provider's own schema: names, blocks and lists of one; nothing is typed by hand. */
export function toTerraform(inputs: Readonly<Record<string, unknown>>, block: Block): TerraformConfig {
  const unmapped: string[] = [];
  return { config: blockValue(inputs, block, "", unmapped, "inputs"), unmapped };
}

/** Translates a resource's outputs into the state that the provider would have kept. */
export function toTerraformState(outputs: Readonly<Record<string, unknown>>, block: Block): Record<string, unknown> {
  return blockValue(outputs, block, "", [], "state");
}

function blockValue(
  inputs: Readonly<Record<string, unknown>>,
  block: Block,
  path: string,
  unmapped: string[],
  part: Part,
): Record<string, unknown> {
  const value = emptyBlock(block);
  const attributes = new Map(block.attributes.map((attribute) => [attribute.name, attribute]));
  const blocks = new Map(block.block_types.map((nested) => [nested.type_name, nested]));
  for (const [property, input] of Object.entries(inputs)) {
    if (property.startsWith("__") || input === undefined || input === null) continue;
    const way = path === "" ? property : `${path}.${property}`;
    const name = terraformName(property, { has: (key) => attributes.has(key) || blocks.has(key) });
    const attribute = attributes.get(name ?? "");
    const nested = blocks.get(name ?? "");
    if (name !== undefined && attribute !== undefined && (part === "state" || attribute.optional || attribute.required))
      value[name] = attributeValue(input, attribute.type, way, unmapped);
    else if (name !== undefined && nested !== undefined) value[name] = nestedValue(input, nested, way, unmapped, part);
    else unmapped.push(way);
  }
  return value;
}

function nestedValue(
  input: unknown,
  { block, nesting }: NestedBlock,
  way: string,
  unmapped: string[],
  part: Part,
): unknown {
  if (input === unknownValue) return notKnown;
  const one = (item: unknown, at: string) => blockValue(item as Record<string, unknown>, block, at, unmapped, part);
  if (nesting === 1 || nesting === 5) return one(input, way);
  const items = Array.isArray(input) ? input : [input];
  return items.map((item, index) => one(item, `${way}[${index}]`));
}

function attributeValue(input: unknown, type: TerraformType, way: string, unmapped: string[]): unknown {
  if (input === unknownValue) return notKnown;
  if (input === undefined || input === null) return null;
  if (typeof type === "string") return scalar(input, type);
  if (type[0] === "object") return objectValue(input, type[1], way, unmapped);
  const [kind, inner] = type;
  if (kind !== "map") {
    const items = Array.isArray(input) ? input : [input];
    return items.map((item, index) => attributeValue(item, inner, `${way}[${index}]`, unmapped));
  }
  if (typeof input !== "object") return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, item]) => [key, attributeValue(item, inner, `${way}.${key}`, unmapped)]),
  );
}

/** An object has every field that its type has; what is not set is null. */
function objectValue(
  input: unknown,
  types: Readonly<Record<string, TerraformType>>,
  way: string,
  unmapped: string[],
): unknown {
  if (typeof input !== "object" || input === null) return input;
  const fields: Record<string, unknown> = Object.fromEntries(Object.keys(types).map((name) => [name, null]));
  for (const [property, item] of Object.entries(input)) {
    const name = terraformName(property, { has: (key) => key in types });
    const type = name === undefined ? undefined : types[name];
    if (name === undefined || type === undefined) unmapped.push(`${way}.${property}`);
    else fields[name] = attributeValue(item, type, `${way}.${property}`, unmapped);
  }
  return fields;
}

/** Terraform writes every text as a text; Pulumi takes numbers and truth values for some. */
function scalar(input: unknown, type: string): unknown {
  if (type === "string") return typeof input === "string" ? input : JSON.stringify(input);
  if (type === "number" && typeof input === "string") return Number(input);
  if (type === "bool" && typeof input === "string") return input === "true";
  return input;
}
