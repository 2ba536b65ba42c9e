import { unknownValue } from "@holdfast/policies";
import type { Properties } from "../provider";
import { camelCase, terraformName } from "./names";
import { emptyBlock, type Block, type NestedBlock, type Schema, type TerraformType } from "./schema";
import type { TerraformAws } from "./terraform-aws";
import { toTerraform } from "./to-terraform";

/**
 * Asks the real provider which properties only a new resource can have: each is changed once in an otherwise finished
 * resource, and the plan says whether that forces a new one. A dotted way means that only this part of the property does. The
 * resource is a planned one with made-up values for what is not known; where the provider refuses to plan a change, it is left out.
 */
export async function forcedReplacements(
  aws: TerraformAws,
  type: string,
  properties: Iterable<string>,
  example: Properties,
): Promise<string[]> {
  const found = aws.find(type);
  if (found === undefined) return [];
  const { schema } = found;
  const { config } = toTerraform(known(example) as Properties, schema.block);
  const before: Record<string, unknown> = { ...config, ...missing(schema.block, config), id: "x" };
  const plan = (own: string, value: unknown): Promise<boolean> => forces(aws, found.name, before, own, value);
  const forced: string[] = [];
  for (const property of properties) {
    const own = terraformName(property, settableNames(schema));
    if (own === undefined) continue;
    const attribute = schema.block.attributes.find(({ name }) => name === own);
    if (attribute !== undefined) {
      if ((await plan(own, other(attribute.type, before[own]))) || (await plan(own, null))) forced.push(property);
      continue;
    }
    const nested = schema.block.block_types.find(({ type_name: name }) => name === own);
    if (nested !== undefined)
      forced.push(...(await forcedParts(nested, property, before[own], (value) => plan(own, value))));
  }
  return forced.sort();
}

/** The parts of a block that force a new resource; the block itself when all of them do. */
async function forcedParts(
  { block, nesting }: NestedBlock,
  property: string,
  given: unknown,
  plan: (value: unknown) => Promise<boolean>,
): Promise<string[]> {
  const single = nesting === 1 || nesting === 5;
  const first = Array.isArray(given) ? (given as readonly unknown[])[0] : given;
  const start = (typeof first === "object" && first !== null ? first : sampleBlock(block)) as Record<string, unknown>;
  const settable = block.attributes.filter(({ optional, required }) => optional || required);
  const parts: string[] = [];
  for (const attribute of settable) {
    const changed = { ...start, [attribute.name]: other(attribute.type, start[attribute.name]) };
    if (first !== undefined && first !== null && (await plan(single ? changed : [changed]))) {
      parts.push(`${property}.${camelCase(attribute.name)}`);
    }
  }
  // A block that is not there yet: putting it in may force a new resource, too.
  if (first === undefined || first === null) return (await plan(single ? start : [start])) ? [property] : [];
  const whole = parts.length === settable.length && parts.length > 0 && block.block_types.length === 0;
  return whole ? [property] : parts;
}

async function forces(
  aws: TerraformAws,
  type: string,
  before: Readonly<Record<string, unknown>>,
  property: string,
  value: unknown,
): Promise<boolean> {
  const after = { ...before, [property]: value };
  try {
    const { requiresReplace } = await aws.process.plan(type, before, after, after);
    return requiresReplace.some((path) => path.split(/[.[]/)[0] === property);
  } catch {
    return false;
  }
}

/** What is required and not given: names that Pulumi makes up. */
function missing(block: Block, config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const required = block.attributes.filter((attribute) => attribute.required && config[attribute.name] === null);
  return Object.fromEntries(required.map((attribute) => [attribute.name, sample(attribute.type, 1)]));
}

function settableNames({ block }: Schema): Set<string> {
  return new Set([
    ...block.attributes.filter(({ optional, required }) => optional || required).map(({ name }) => name),
    ...block.block_types.map(({ type_name: name }) => name),
  ]);
}

function known(value: unknown): unknown {
  if (value === unknownValue) return "value-1";
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)]));
}

/** Another value than the given one; a list gets one item more, because taking away may be another matter. */
function other(type: TerraformType, given: unknown): unknown {
  const value = sample(type, 2);
  if (Array.isArray(value) && Array.isArray(given)) return [...(given as readonly unknown[]), ...(value as unknown[])];
  return value === given ? sample(type, 1) : value;
}

function sampleBlock(block: Block): Record<string, unknown> {
  const settable = block.attributes.filter(({ optional, required }) => optional || required);
  return { ...emptyBlock(block), ...Object.fromEntries(settable.map((one) => [one.name, sample(one.type, 2)])) };
}

function sample(type: TerraformType, variant: number): unknown {
  if (type === "string") return `value-${variant}`;
  if (type === "number") return variant;
  if (type === "bool") return variant === 2;
  if (typeof type === "string") return null;
  if (type[0] === "object") {
    return Object.fromEntries(Object.entries(type[1]).map(([name, inner]) => [name, sample(inner, variant)]));
  }
  return type[0] === "map" ? { key: sample(type[1], variant) } : [sample(type[1], variant)];
}
