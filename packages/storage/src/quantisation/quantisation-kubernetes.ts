import { createHash } from "node:crypto";
import { modelPrefix } from "../model-manifest";
import { scratchBytes } from "./quantisation-docker";
import type { QuantisationJob } from "./quantisation-job";
import { quantisationScript } from "./quantisation-script";

export interface QuantisationKubernetesOptions {
  /** Namespace of everything. @default "models" */
  readonly namespace?: string;
  /** PersistentVolumeClaim with the source; mounted read-only. */
  readonly modelClaim: string;
  /** Folder of the source's files on it. @default as in a model store: `models/<model>/<version>/files` */
  readonly modelPath?: string;
  /** PersistentVolumeClaim that the results appear on, under `models/`. */
  readonly workClaim: string;
}

/** A Kubernetes object, as it is written down. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/**
 * A job for a cluster: a policy that forbids its pod every connection, the script with the job, and the Job, which runs once and is not
 * tried again. Apply them in this order: the policy has to be there before the pod.
 */
export function quantisationKubernetes(
  job: QuantisationJob,
  options: QuantisationKubernetesOptions,
): readonly KubernetesObject[] {
  const { namespace = "models", modelClaim, workClaim } = options;
  const { model, version } = job.source;
  const name = objectName(job);
  const labels = { "app.kubernetes.io/name": "quantise", "app.kubernetes.io/instance": name };
  const metadata = { name, namespace, labels };
  const memory = `${Math.ceil((job.memoryBytes + scratchBytes) / 2 ** 20)}Mi`;
  const resources = { cpu: String(job.cpus), memory, "ephemeral-storage": "1Gi" };
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      // Both directions named, no rule: nothing is allowed.
      spec: { podSelector: { matchLabels: labels }, policyTypes: ["Ingress", "Egress"] },
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      immutable: true,
      data: { "run.py": quantisationScript, "job.json": `${JSON.stringify(job, null, 2)}\n` },
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata,
      spec: {
        backoffLimit: 0,
        completions: 1,
        parallelism: 1,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            hostNetwork: false,
            hostPID: false,
            hostIPC: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: job.user.uid,
              runAsGroup: job.user.gid,
              fsGroup: job.user.gid,
              // A model has thousands of files at most, but a claim may hold many models.
              fsGroupChangePolicy: "OnRootMismatch",
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "quantise",
                image: job.image,
                command: [job.places.python],
                args: ["-I", "/job/run.py", "/job/job.json"],
                workingDir: job.places.temporary,
                securityContext: {
                  privileged: false,
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                resources: { requests: resources, limits: resources },
                volumeMounts: [
                  {
                    name: "model",
                    mountPath: job.places.model,
                    subPath: options.modelPath ?? `${modelPrefix(model, version)}/files`,
                    readOnly: true,
                  },
                  { name: "work", mountPath: job.places.work },
                  { name: "job", mountPath: "/job", readOnly: true },
                  { name: "scratch", mountPath: job.places.temporary },
                ],
              },
            ],
            volumes: [
              { name: "model", persistentVolumeClaim: { claimName: modelClaim, readOnly: true } },
              { name: "work", persistentVolumeClaim: { claimName: workClaim } },
              { name: "job", configMap: { name } },
              { name: "scratch", emptyDir: { medium: "Memory", sizeLimit: `${scratchBytes / 2 ** 20}Mi` } },
            ],
          },
        },
      },
    },
  ];
}

/**
 * A name that Kubernetes takes, as label value too: small letters, digits and dashes, 63 at most. Another job has another name: the
 * end is that of everything in it.
 */
function objectName(job: QuantisationJob): string {
  const end = createHash("sha256").update(JSON.stringify(job)).digest("hex").slice(0, 8);
  const model = job.source.model.replaceAll(/[^a-z0-9]+/g, "-").slice(0, 63 - "quantise--".length - end.length);
  return `quantise-${model.replace(/-+$/, "")}-${end}`;
}
