import type { PlannedResource } from "../graph/planned-resource";
import { isPropertyMap, isUnknown, read, type PropertyMap } from "../graph/property-value";
import { ResourceGraph } from "../graph/resource-graph";
import { families } from "../rule/families";

const pulls: ReadonlySet<string> = new Set(["docker:index/remoteImage:RemoteImage"]);

/** Where a resource of Docker names its image. */
function placeOfImage({ type }: PlannedResource): readonly string[] | undefined {
  if (families.dockerContainer.has(type)) return ["image"];
  return families.dockerService.has(type) ? ["taskSpec", "containerSpec", "image"] : undefined;
}

/** Whether a resource runs an image that it does not name: it gives what a pull or a build will answer with, or has answered with. */
export function hasNamelessImage(resource: PlannedResource): boolean {
  const place = placeOfImage(resource);
  if (place === undefined) return false;
  const image = read(resource.inputs, place);
  return (
    (image.state === "unknown" && image.reason === "computed") ||
    (image.state === "known" && typeof image.value === "string" && /(^|@)sha256:/.test(image.value))
  );
}

/**
 * The graph with names of images in place of what a pull answers: a container that runs the `imageId` or `repoDigest` of a
 * `RemoteImage` runs what that was told to pull. The name is in every plan, the answer in none; and what the program names is what
 * the next deployment pulls.
 */
export function withPulledImages(graph: ResourceGraph): ResourceGraph {
  const resources = graph.resources.map((resource) => named(resource, graph));
  return resources.every((resource, index) => resource === graph.resources[index])
    ? graph
    : new ResourceGraph(resources);
}

function named(resource: PlannedResource, graph: ResourceGraph): PlannedResource {
  const place = placeOfImage(resource);
  if (place === undefined || !hasNamelessImage(resource)) return resource;
  const sources = resource.propertyDependencies[place[0] ?? ""] ?? [];
  const [pull, ...others] = sources.flatMap((urn) => graph.byUrn(urn) ?? []).filter(({ type }) => pulls.has(type));
  const name = pull?.inputs.name;
  if (typeof name !== "string" || isUnknown(name) || others.length > 0) return resource;
  return { ...resource, inputs: withText(resource.inputs, place, name) };
}

function withText(fields: PropertyMap, [key = "", ...rest]: readonly string[], text: string): PropertyMap {
  if (rest.length === 0) return { ...fields, [key]: text };
  const inner = fields[key];
  return isPropertyMap(inner) ? { ...fields, [key]: withText(inner, rest, text) } : fields;
}
