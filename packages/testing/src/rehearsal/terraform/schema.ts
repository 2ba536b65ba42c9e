/** A Terraform type as its schema writes it: `"string"`, `["list","string"]`, `["object",{...}]`. */
export type TerraformType =
  | string
  | readonly ["list" | "set" | "map", TerraformType]
  | readonly ["object", Readonly<Record<string, TerraformType>>, (readonly string[])?];

export interface Attribute {
  readonly name: string;
  /** JSON text of the type. */
  readonly type: Uint8Array;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
}

export interface NestedBlock {
  readonly type_name: string;
  readonly block: Block;
  /** 1 single, 2 list, 3 set, 4 map, 5 group. */
  readonly nesting: number;
  readonly min_items: number;
  readonly max_items: number;
}

export interface Block {
  readonly attributes: readonly Attribute[];
  readonly block_types: readonly NestedBlock[];
}

export interface Schema {
  readonly version: number;
  readonly block: Block;
}

/** The type of an attribute. */
export function typeOf({ type }: Attribute): TerraformType {
  return JSON.parse(Buffer.from(type).toString("utf8")) as TerraformType;
}

/** A block with nothing set: every attribute is null, every list of blocks is empty. */
export function emptyBlock({ attributes, block_types: blocks }: Block): Record<string, unknown> {
  return Object.fromEntries([
    ...attributes.map(({ name }) => [name, null] as const),
    ...blocks.map(
      ({ type_name: name, nesting, block }) =>
        [name, nesting === 5 ? emptyBlock(block) : nesting === 4 ? {} : nesting === 1 ? null : []] as const,
    ),
  ]);
}
