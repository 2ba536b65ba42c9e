import { makeUrn, parseUrn, stackType } from "@holdfast/policies";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";

/** The resource that an alias belongs to. */
export interface AliasedResource {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
}

/**
 * The URNs under which a resource may have been known: its own aliases, and for each alias of its parent the name that the
 * child would have had there. A child whose name starts with its parent's follows the parent's old name.
 */
export function resolveAliases(
  resource: AliasedResource,
  aliases: readonly Alias[],
  parentAliases: readonly string[],
): string[] {
  const own = aliases.map((alias) => aliasUrn(resource, alias));
  const inherited = parentAliases.flatMap((parentAlias) =>
    [resource, ...own.map((urn) => ({ ...resource, ...named(urn) }))].map((child) =>
      inheritedUrn(child, resource.parent, parentAlias),
    ),
  );
  return [...new Set([...own, ...inherited])];
}

function aliasUrn(resource: AliasedResource, alias: Alias): string {
  if (alias.hasUrn()) return alias.getUrn();
  const spec = alias.getSpec();
  if (spec === undefined)
    return makeUrn(resource.stack, resource.project, resource.parent, resource.type, resource.name);
  const parent = spec.getNoparent() ? undefined : spec.getParenturn() || resource.parent;
  return makeUrn(
    spec.getStack() || resource.stack,
    spec.getProject() || resource.project,
    parent,
    spec.getType() || resource.type,
    spec.getName() || resource.name,
  );
}

function inheritedUrn(child: AliasedResource, parent: string | undefined, parentAlias: string): string {
  const parentName = parent === undefined ? "" : (parseUrn(parent)?.name ?? "");
  const oldParentName = parseUrn(parentAlias)?.name ?? parentName;
  const name = child.name.startsWith(parentName) ? oldParentName + child.name.slice(parentName.length) : child.name;
  return makeUrn(child.stack, child.project, parentAlias, child.type, name);
}

function named(urn: string): { type: string; name: string } | undefined {
  const parts = parseUrn(urn);
  return parts === undefined || parts.type === stackType ? undefined : { type: parts.type, name: parts.name };
}
