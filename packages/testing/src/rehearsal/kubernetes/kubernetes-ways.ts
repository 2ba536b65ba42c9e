import { createHash } from "node:crypto";
import { at, type Made, type Ways } from "../declared/declared-stand-in";
import type { Properties, Subject } from "../provider";
import { objectProblems } from "./object-problems";

/**
 * What the stand-in knows of Kubernetes: names that the provider makes up, what the API server refuses although the schema allows it,
 * what cannot be changed in place, and what it fills in. There is no cluster and nothing is scheduled.
 * Source: Kubernetes 1.35 API validation and the Pulumi provider 4, as of 2026-11.
 */
export const kubernetesWays: Ways = {
  complete: ({ name }, inputs, olds, random) => {
    const metadata = (inputs.metadata ?? {}) as Properties;
    if (metadata.name !== undefined || metadata.generateName !== undefined) return inputs;
    const made = autonamed(olds) ?? `${name}-${random.slice(0, 8)}`;
    const annotations = { ...(metadata.annotations as Properties | undefined), [autonamedKey]: "true" };
    return { ...inputs, metadata: { ...metadata, name: made, annotations } };
  },
  refuses: (_subject, inputs) => [...objectProblems(inputs)],
  replaces: (type) => ["apiVersion", "kind", "metadata.name", "metadata.namespace", ...(fixed[kindOf(type)] ?? [])],
  // Names that the program gives are taken until the old one is gone.
  replacesInPlace: (_type, inputs) => autonamed(inputs) === undefined,
  make: (subject, inputs) => make(subject, inputs),
};

const autonamedKey = "pulumi.com/autonamed";

/** Fields that the API server never changes, by kind. */
const fixed: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec.selector"],
  StatefulSet: ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy"],
  DaemonSet: ["spec.selector"],
  Job: ["spec.selector", "spec.template", "spec.completions"],
  Service: ["spec.clusterIP", "spec.ipFamily"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.storageClassName", "spec.selector", "spec.volumeName"],
  Pod: ["spec"],
  Secret: ["type"],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
};

/** Kinds that live in no namespace, among those that programs commonly use. */
const clusterWide: ReadonlySet<string> = new Set([
  ...["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "IngressClass", "Namespace", "Node"],
  ...["PersistentVolume", "PriorityClass", "RuntimeClass", "StorageClass"],
]);

function make({ type, urn }: Subject, inputs: Properties): Made {
  const kind = kindOf(type);
  const metadata = (inputs.metadata ?? {}) as Properties;
  const name = textOf(metadata.name ?? metadata.generateName);
  const namespace = clusterWide.has(kind) ? undefined : textOf(metadata.namespace ?? "default");
  const hash = createHash("sha256").update(urn).digest("hex");
  const uid = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join(
    "-",
  );
  const filled = {
    ...metadata,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    generation: 1,
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
  };
  return {
    id: namespace === undefined ? name : `${namespace}/${name}`,
    outputs: { metadata: filled, ...specOf(kind, inputs), ...statusOf(kind, inputs) },
  };
}

function specOf(kind: string, inputs: Properties): Properties {
  if (kind !== "Service") return {};
  const spec = (inputs.spec ?? {}) as Properties;
  // An address of the range that RFC 5737 keeps for documentation.
  return { spec: { type: "ClusterIP", clusterIP: "192.0.2.10", sessionAffinity: "None", ...spec } };
}

function statusOf(kind: string, inputs: Properties): Properties {
  if (kind === "Namespace") return { status: { phase: "Active" } };
  if (kind === "Service") {
    const outside = at(inputs, "spec.type") === "LoadBalancer";
    return { status: { loadBalancer: outside ? { ingress: [{ ip: "203.0.113.10" }] } : {} } };
  }
  if (kind !== "Deployment" && kind !== "StatefulSet") return {};
  const replicas = at(inputs, "spec.replicas") ?? 1;
  return { status: { observedGeneration: 1, replicas, readyReplicas: replicas, availableReplicas: replicas } };
}

function kindOf(type: string): string {
  return (type.split(":").at(-1) ?? "").replace(/Patch$/, "");
}

/** The name that was made up for an object earlier. */
function autonamed(inputs: Properties): unknown {
  const metadata = (inputs.metadata ?? {}) as Properties;
  const annotations = (metadata.annotations ?? {}) as Properties;
  return annotations[autonamedKey] === "true" ? metadata.name : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
