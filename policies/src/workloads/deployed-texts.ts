import type { PlannedResource } from "../graph/planned-resource";
import { assetText } from "../graph/wire-value";
import { families, union } from "../rule/families";
import { Value } from "../rule/value";

const objects = new Set(["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"]);

/** Resources that carry configuration files to where they are used. */
export const textBearing = union(objects, families.configMap, families.dockerContainer);

/** A configuration file of the plan. */
export interface DeployedText {
  readonly property: Value;
  /** Its name or path, as far as the plan says. */
  readonly path: string;
  readonly text: string;
}

const brought = new WeakMap<PlannedResource, readonly DeployedText[]>();

/** The files that a resource brings: uploaded objects, entries of config maps, files put into containers. */
export function deployedTexts(resource: PlannedResource): readonly DeployedText[] {
  let texts = brought.get(resource);
  if (texts === undefined) {
    texts = readTexts(resource);
    brought.set(resource, texts);
  }
  return texts;
}

function readTexts(resource: PlannedResource): readonly DeployedText[] {
  const inputs = Value.inputsOf(resource);
  if (objects.has(resource.type)) {
    const property = inputs.at("content").absent ? inputs.at("source") : inputs.at("content");
    const text = property.text ?? assetText(property.raw);
    return text === undefined
      ? []
      : [
          {
            property,
            path: inputs.in("metadata", "holdfast-path").text ?? inputs.at("key").text ?? resource.name,
            text,
          },
        ];
  }
  if (families.configMap.has(resource.type))
    return inputs
      .at("data")
      .entries()
      .flatMap(([path, property]) => (property.text === undefined ? [] : [{ property, path, text: property.text }]));
  return inputs
    .at("uploads")
    .items()
    .flatMap((upload) => {
      const property = upload.at("content");
      return property.text === undefined ? [] : [{ property, path: upload.at("file").text ?? "", text: property.text }];
    });
}

/** Whether a text is a script or a unit, by its first characters: most deployed texts are, and no configuration of a service is. */
export function isProgramOrUnit(text: string): boolean {
  return text.startsWith("#!") || text.startsWith("[Unit]");
}

/** One section of an HAProxy configuration. */
export interface HaproxySection {
  readonly kind: string;
  readonly name: string;
  /** Lines without comments and indentation. */
  readonly lines: readonly string[];
}

/** The sections of an HAProxy configuration; `undefined` for any other text. */
function haproxySections(text: string): readonly HaproxySection[] | undefined {
  if (isProgramOrUnit(text)) return undefined;
  if (!text.includes("frontend ") && !text.includes("listen ")) return undefined;
  if (!/^\s*(global|defaults)\b/m.test(text) || !/^(frontend|listen)\s+\S+/m.test(text)) return undefined;
  const sections: { kind: string; name: string; lines: string[] }[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    const head =
      /^(global|defaults|frontend|backend|listen|peers|cache|resolvers|userlist|ring|program|http-errors|mailers|crt-store|log-forward)\b\s*(\S*)/.exec(
        raw,
      );
    if (head !== null) sections.push({ kind: head[1] ?? "", name: head[2] ?? "", lines: [] });
    else if (line !== "") sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** A configured door of a gateway: where requests from clients come in. */
export interface GatewayDoor {
  readonly property: Value;
  readonly door: HaproxySection;
  /** All sections of the configuration that it stands in. */
  readonly sections: readonly HaproxySection[];
}

const doors = new WeakMap<PlannedResource, readonly GatewayDoor[]>();

/** The doors of every gateway configuration that a resource brings. */
export function gatewayDoors(resource: PlannedResource): readonly GatewayDoor[] {
  let found = doors.get(resource);
  if (found === undefined) {
    found = deployedTexts(resource).flatMap(({ property, text }) => {
      const sections = haproxySections(text) ?? [];
      return haproxyDoors(sections).map((door) => ({ property, door, sections }));
    });
    doors.set(resource, found);
  }
  return found;
}

/** Sections that take requests from clients and hand them on. */
function haproxyDoors(sections: readonly HaproxySection[]): readonly HaproxySection[] {
  return sections.filter(
    ({ kind, lines }) =>
      (kind === "frontend" || kind === "listen") &&
      lines.some((line) => line.startsWith("bind ")) &&
      lines.some((line) => /^(use_backend|default_backend|server)\s/.test(line)),
  );
}

/** Whether every address that a section listens on is loopback or a socket file. */
export function listensLocally({ lines }: HaproxySection): boolean {
  return lines
    .filter((line) => line.startsWith("bind "))
    .every((line) => /^bind\s+"?(127\.|localhost:|\[::1\]|unix@|abns@|\/)/.test(line));
}
