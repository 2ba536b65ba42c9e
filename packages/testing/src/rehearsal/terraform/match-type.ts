import type { DeclaredType } from "../aws/declared-type";
import { snakeCase, terraformName } from "./names";
import type { Outline } from "./schema";

/** A Terraform resource type that a Pulumi type is made from, and how sure that is. */
export interface TypeMatch {
  readonly type: string;
  /** Share of the properties of both that the two have in common, 0 to 1. */
  readonly likeness: number;
}

/** Below this the two are different things. */
const leastLikeness = 0.4;

/**
 * Finds the Terraform type behind a Pulumi type. Names alone do not tell (`s3.BucketObjectv2` is `aws_s3_object`), so the
 * properties decide: the type whose attributes are most alike, among those that share a word of the name. Of two that are equally
 * alike the one with the more similar name wins.
 */
export function matchType(
  token: string,
  declared: DeclaredType,
  outlines: ReadonlyMap<string, Outline>,
): TypeMatch | undefined {
  const [, path = "", name = ""] = token.split(":");
  const words = new Set(wordsOf(`${path.split("/")[0] ?? ""}_${snakeCase(name)}`));
  let best: (TypeMatch & { names: number }) | undefined;
  for (const [type, outline] of outlines) {
    const own = wordsOfType(type);
    const shared = own.filter((word) => words.has(word)).length;
    if (shared === 0) continue;
    const likeness = likenessOf(declared, outline);
    const names = shared / (own.length + words.size - shared);
    // The name counts for a little, so that it decides between twins.
    if (best === undefined || likeness + names / 2 > best.likeness + best.names / 2) best = { type, likeness, names };
  }
  return best === undefined || best.likeness < leastLikeness ? undefined : { type: best.type, likeness: best.likeness };
}

/** Properties count as shared when both have them and both let them be set, or neither does. */
function likenessOf({ outputs, inputs }: DeclaredType, outline: Outline): number {
  const settable = new Map(Object.entries(outline));
  settable.delete("id");
  // Every type of the newer provider has a region; the older one has none.
  const properties = [...outputs.keys()].filter((property) => property !== "region");
  const shared = properties.filter((property) => {
    const name = terraformName(property, settable);
    return name !== undefined && settable.get(name) === inputs.has(property);
  }).length;
  return shared / (properties.length + settable.size - shared || 1);
}

const known = new Map<string, readonly string[]>();

/** The same ones are asked for again with every type of Pulumi's. */
function wordsOfType(type: string): readonly string[] {
  let words = known.get(type);
  if (words === undefined) known.set(type, (words = wordsOf(type.replace(/^aws_/, ""))));
  return words;
}

function wordsOf(name: string): string[] {
  return name.split("_").flatMap((word) => (word === "servicediscovery" ? ["service", "discovery"] : [word]));
}
