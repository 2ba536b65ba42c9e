/** A Terraform type as its schema writes it: `"string"`, `["list","string"]`, `["object",{...}]`. */
export type TerraformType =
  | string
  | readonly ["list" | "set" | "map", TerraformType]
  | readonly ["object", Readonly<Record<string, TerraformType>>, (readonly string[])?];

export interface Attribute {
  readonly name: string;
  readonly type: TerraformType;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
}

export interface NestedBlock {
  readonly type_name: string;
  readonly block: Block;
  /** 1 single, 2 list, 3 set, 4 map, 5 group. */
  readonly nesting: number;
}

export interface Block {
  readonly attributes: readonly Attribute[];
  readonly block_types: readonly NestedBlock[];
}

export interface Schema {
  readonly block: Block;
}

/** A block as it travels: types are JSON text. */
export interface PackedBlock {
  readonly attributes: readonly (Omit<Attribute, "type"> & { readonly type: Uint8Array })[];
  readonly block_types: readonly (Omit<NestedBlock, "block"> & { readonly block: PackedBlock })[];
}

export function unpackSchema({ block }: { readonly block: PackedBlock }): Schema {
  return { block: unpackBlock(block) };
}

function unpackBlock({ attributes, block_types: blocks }: PackedBlock): Block {
  return {
    attributes: attributes.map((attribute) => ({
      ...attribute,
      type: JSON.parse(Buffer.from(attribute.type).toString("utf8")) as TerraformType,
    })),
    block_types: blocks.map((nested) => ({ ...nested, block: unpackBlock(nested.block) })),
  };
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

/** The names at the top of a type, and whether a program can set them: what tells one type from another. */
export type Outline = Readonly<Record<string, boolean>>;

export function outlineOf({ attributes, block_types: blocks }: Block): Outline {
  return Object.fromEntries([
    ...attributes.map(({ name, required, optional }) => [name, required || optional] as const),
    ...blocks.map(({ type_name: name }) => [name, true] as const),
  ]);
}
