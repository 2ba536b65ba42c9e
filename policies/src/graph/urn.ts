/** The parts of a URN: `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The type of the resource's parents from the outermost inwards; without the stack. */
  readonly parentTypes: readonly string[];
  readonly type: string;
  readonly name: string;
}

export const stackType = "pulumi:pulumi:Stack";
const prefix = "urn:pulumi:";

/** Takes a URN apart; `undefined` when the text is not one. A name may itself contain `::`. */
export function parseUrn(urn: string): UrnParts | undefined {
  if (!urn.startsWith(prefix)) return undefined;
  const [stack, project, types, ...name] = urn.slice(prefix.length).split("::");
  if (stack === undefined || project === undefined || types === undefined || types === "" || name.length === 0)
    return undefined;
  const chain = types.split("$");
  return { stack, project, parentTypes: chain.slice(0, -1), type: chain.at(-1) ?? types, name: name.join("::") };
}

/** The URN that the engine gives to a resource. The stack itself never counts as a parent type. */
export function makeUrn(
  stack: string,
  project: string,
  parentUrn: string | undefined,
  type: string,
  name: string,
): string {
  const parent = parentUrn === undefined || parentUrn === "" ? undefined : parseUrn(parentUrn);
  const chain = parent === undefined || parent.type === stackType ? [type] : [...parent.parentTypes, parent.type, type];
  return `${prefix}${stack}::${project}::${chain.join("$")}::${name}`;
}
