import { createHash } from "node:crypto";
import { read, type PlannedResource, type ResourceGraph } from "@holdfast/policies";

/** A text that would be deployed, read back from the plan. */
export interface Artefact {
  /** Where it stands under `rendered/`, for example `prod-gateway/etc/haproxy/haproxy.cfg`. */
  readonly path: string;
  /** The kind of program that reads it on the host. */
  readonly reader: string;
  readonly content: string;
  readonly sha256: string;
}

const launchTemplate = "aws:ec2/launchTemplate:LaunchTemplate";
const bucketObjects = ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"];

/**
 * Every deployed text in a plan: objects whose metadata names a host path and a reader, and the user data of launch
 * templates. They are read from what the program registered, so what is shown and checked is what would be deployed.
 */
export function artefactsOf(graph: ResourceGraph): Artefact[] {
  const found = [...graph.ofType(bucketObjects).flatMap(hostFile), ...graph.ofType(launchTemplate).flatMap(userData)];
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function hostFile(object: PlannedResource): Artefact[] {
  const path = text(object, ["metadata", "holdfast-path"]);
  const reader = text(object, ["metadata", "holdfast-reader"]);
  const host = text(object, ["metadata", "holdfast-host"]);
  const content = text(object, ["content"]);
  if (path === undefined || reader === undefined || content === undefined) return [];
  return [artefact(`${host ?? "shared"}/${path.replace(/^\/+/, "")}`, reader, content)];
}

function userData(template: PlannedResource): Artefact[] {
  const encoded = text(template, ["userData"]);
  if (encoded === undefined) return [];
  const content = Buffer.from(encoded, "base64").toString("utf8");
  const reader =
    content.startsWith("#cloud-config") || content.startsWith("Content-Type: multipart") ? "cloud-init" : "shell";
  return [artefact(`${template.name.replace(/-template$/, "")}/user-data`, reader, content)];
}

function artefact(path: string, reader: string, content: string): Artefact {
  return { path, reader, content, sha256: createHash("sha256").update(content).digest("hex") };
}

function text(resource: PlannedResource, path: readonly string[]): string | undefined {
  const reading = read(resource.inputs, path);
  return reading.state === "known" && typeof reading.value === "string" ? reading.value : undefined;
}
