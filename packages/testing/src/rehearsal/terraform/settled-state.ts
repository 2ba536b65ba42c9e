import type { Properties } from "../provider";
import { notKnown } from "./packed-value";
import type { Block, TerraformType } from "./schema";

/**
 * A planned state as it is once the thing is there, of a thing that is made up: inside of blocks, what only the cloud could have said
 * is empty. What is open at the top stays open, because other resources may go on with it.
 */
export function settledState(block: Block, state: Properties): Properties {
  return {
    ...state,
    ...Object.fromEntries(
      block.block_types.map(({ type_name: name, block: inner }) => [name, settled(inner, state[name])] as const),
    ),
  };
}

function settled(block: Block, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => settled(block, item));
  if (typeof value !== "object" || value === null) return value;
  const state = value as Properties;
  const attributes = block.attributes.map((attribute) => {
    const { name } = attribute;
    return [name, state[name] === notKnown ? nothing(attribute.type) : state[name]] as const;
  });
  return { ...settledState(block, state), ...Object.fromEntries(attributes) };
}

function nothing(type: TerraformType): unknown {
  if (typeof type === "string") return { string: "", number: 0, bool: false }[type] ?? null;
  if (type[0] === "object")
    return Object.fromEntries(Object.entries(type[1]).map(([name, inner]) => [name, nothing(inner)]));
  return type[0] === "map" ? {} : [];
}
