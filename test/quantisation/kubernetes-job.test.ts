import { evaluatePolicies, makeUrn, ResourceGraph, type PlannedResource, type PropertyMap } from "@holdfast/policies";
import { quantisationJob, quantisationKubernetes, type KubernetesObject } from "@holdfast/storage";
import { describe, expect, it } from "vitest";
import { source } from "../../packages/storage/src/quantisation/quantisation.fixture";

function objects(formats = ["q4_k_m"]): readonly KubernetesObject[] {
  const outcome = quantisationJob({ source: source(), formats, createdBy: "ml-team" });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return quantisationKubernetes(outcome.job, { modelClaim: "model-store", workClaim: "quantised" });
}

const types: Readonly<Record<string, string>> = {
  NetworkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  ConfigMap: "kubernetes:core/v1:ConfigMap",
  Job: "kubernetes:batch/v1:Job",
};

/** The objects as a Pulumi program would make them. */
function graph(all: readonly KubernetesObject[]): ResourceGraph {
  return new ResourceGraph(
    all.map((object): PlannedResource => {
      const type = types[object.kind] ?? object.kind;
      const name = `${object.kind}-${object.metadata.name}`;
      return {
        urn: makeUrn("prod", "holdfast", undefined, type, name),
        type,
        name,
        custom: true,
        inputs: JSON.parse(JSON.stringify(object)) as PropertyMap,
        dependencies: [],
        propertyDependencies: {},
        protect: false,
        retainOnDelete: false,
      };
    }),
  );
}

interface Pod {
  containers: Record<string, unknown>[];
  volumes: Record<string, unknown>[];
  [field: string]: unknown;
}

/** A copy of the objects with one thing about the pod changed. */
function changed(change: (pod: Pod, container: Record<string, unknown>) => void): readonly KubernetesObject[] {
  const copy = JSON.parse(JSON.stringify(objects())) as KubernetesObject[];
  const job = copy.find(({ kind }) => kind === "Job") as unknown as { spec: { template: { spec: Pod } } };
  const pod = job.spec.template.spec;
  change(pod, pod.containers[0] ?? {});
  return copy;
}

const failed = (all: readonly KubernetesObject[]) =>
  evaluatePolicies(graph(all), {}).findings.flatMap(({ rule, verdict }) => (verdict === "pass" ? [] : [rule]));

describe("a quantisation in a cluster", () => {
  it("passes our own policies", () => {
    expect(evaluatePolicies(graph(objects()), {}).findings).toEqual([]);
  });

  it.each<[string, (pod: Pod, container: Record<string, unknown>) => void, string]>([
    ["a tag for a digest", (_, container) => (container.image = "ghcr.io/ggml-org/llama.cpp:full"), "LLM-WRK-008"],
    ["a privileged container", (_, container) => (container.securityContext = { privileged: true }), "LLM-WRK-001"],
    ["no limits", (_, container) => (container.resources = {}), "LLM-WRK-009"],
    ["the host's folder", (pod) => pod.volumes.push({ name: "host", hostPath: { path: "/" } }), "LLM-WRK-005"],
  ])("would not with %s", (_, change, rule) => {
    expect(failed(changed(change))).toContain(rule);
  });

  it("may connect to nothing: a policy selects its pod, names both directions and allows none", () => {
    const [policy, , job] = objects();
    const labels = (job?.spec as { template: { metadata: { labels: object } } }).template.metadata.labels;
    expect(policy).toMatchObject({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" });
    expect(policy?.spec).toEqual({ podSelector: { matchLabels: labels }, policyTypes: ["Ingress", "Egress"] });
  });

  it("writes to its claim and to scratch alone, as nobody, with what it needs and no more", () => {
    const [, , job] = objects();
    const pod = (job?.spec as { template: { spec: Pod } }).template.spec;
    expect(pod).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          // The try-out of a file of 4.9 GB, and 256 MiB of scratch.
          resources: {
            requests: { cpu: "8", memory: "6400Mi", "ephemeral-storage": "1Gi" },
            limits: { cpu: "8", memory: "6400Mi", "ephemeral-storage": "1Gi" },
          },
          volumeMounts: [
            { mountPath: "/model", subPath: "models/llama-3.1-8b-instruct/2026-11-03/files", readOnly: true },
            { mountPath: "/work" },
            { mountPath: "/job", readOnly: true },
            { mountPath: "/tmp" },
          ],
        },
      ],
    });
    expect(job?.spec).toMatchObject({ backoffLimit: 0, completions: 1, parallelism: 1 });
  });

  it("has a name that a cluster takes, and another for another job", () => {
    const names = [objects(), objects(["q6_k"])].map(([policy]) => policy?.metadata.name ?? "");
    for (const name of names) expect(name).toMatch(/^quantise-llama-3-1-8b-instruct-[0-9a-f]{8}$/);
    expect(new Set(names).size).toBe(2);
    expect(new Set(objects().map(({ metadata }) => metadata.name)).size).toBe(1);
  });

  it("fits a config map, script and all", () => {
    const [, config] = objects();
    expect(Buffer.byteLength(JSON.stringify(config))).toBeLessThan(2 ** 20);
    expect(Object.keys(config?.data as object)).toEqual(["run.py", "job.json"]);
  });
});
