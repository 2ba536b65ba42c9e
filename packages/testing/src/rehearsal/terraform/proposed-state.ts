import type { Attribute, Block, NestedBlock } from "./schema";

type Values = Readonly<Record<string, unknown>>;

/**
 * The state that is proposed to the provider for planning, as Terraform proposes it: what is configured, and where nothing is, what
 * the provider has computed before.
 */
export function proposedState(block: Block, prior: Values | null, config: Values): Record<string, unknown> {
  return Object.fromEntries([
    ...block.attributes.map((attribute) => [attribute.name, proposedValue(attribute, prior, config)] as const),
    ...block.block_types.map((nested) => {
      const { type_name: name } = nested;
      return [name, proposedBlocks(nested, prior?.[name], config[name])] as const;
    }),
  ]);
}

function proposedValue({ name, computed }: Attribute, prior: Values | null, config: Values): unknown {
  return config[name] ?? (computed ? (prior?.[name] ?? null) : null);
}

function proposedBlocks({ block, nesting }: NestedBlock, prior: unknown, config: unknown): unknown {
  if (isValues(config)) return proposedState(block, isValues(prior) ? prior : null, config);
  if (!Array.isArray(config)) return config;
  const before: readonly unknown[] = Array.isArray(prior) ? prior : [];
  return config.map((item: unknown, index) => {
    if (!isValues(item)) return item;
    // Items of a set have no order: the same item is the one that has all that is configured.
    const same = nesting === 3 ? before.find((old) => isValues(old) && agrees(block, old, item)) : before[index];
    return proposedState(block, isValues(same) ? same : null, item);
  });
}

/** Whether an earlier item is what this configuration has become. */
function agrees(block: Block, prior: Values, config: Values): boolean {
  return (
    block.attributes.every(
      ({ name, computed }) =>
        (computed && (config[name] ?? null) === null) || JSON.stringify(prior[name]) === JSON.stringify(config[name]),
    ) &&
    block.block_types.every(({ type_name: name, block: inner }) => {
      const [before, after] = [prior[name], config[name]].map((one): readonly unknown[] =>
        Array.isArray(one) ? one : one === null || one === undefined ? [] : [one],
      ) as [readonly unknown[], readonly unknown[]];
      return (
        before.length === after.length &&
        after.every((item, index) => {
          const old = before[index];
          return isValues(item) && isValues(old) && agrees(inner, old, item);
        })
      );
    })
  );
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
