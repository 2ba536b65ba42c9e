import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStack, expectDone, readStackConfig, RehearsalHome, runPulumi } from "@holdfast/testing";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { DeclaredStandIn } from "../../packages/testing/src/rehearsal/declared/declared-stand-in";
import { Declarations } from "../../packages/testing/src/rehearsal/declared/declarations";
import { Faults } from "../../packages/testing/src/rehearsal/faults";
import { kubernetesWays } from "../../packages/testing/src/rehearsal/kubernetes/kubernetes-ways";
import { PretendCloud } from "../../packages/testing/src/rehearsal/pretend-cloud";
import { root } from "../project-copy";
import { realEngine } from "../rehearsal/real-engine";
import { apiServerVersion, KubernetesApi } from "./api-server";

// The stand-in for Kubernetes beside a real API server: what the one accepts the other accepts, and so with what they refuse.

const missing = KubernetesApi.missing();
const folder = mkdtempSync(join(tmpdir(), "holdfast-stand-in-"));
const standIn = new DeclaredStandIn(
  new Declarations("@pulumi/kubernetes", root),
  new PretendCloud(join(folder, "cloud")),
  new Faults([]),
  kubernetesWays,
);
let api: KubernetesApi | undefined;
beforeAll(async () => {
  if (missing === undefined) api = await KubernetesApi.start();
});
afterAll(async () => {
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});
const server = (context: TestContext): KubernetesApi => api ?? context.skip(missing);

it.for(["kubernetes-deployment", "kubernetes-deployment-clean"])(
  "%s: every object that the stand-in took is taken by the API server, field by field",
  async (program, context) => {
    const judge = server(context);
    const cli = await realEngine(context);
    console.log(apiServerVersion());
    const home = new RehearsalHome(cli, readStackConfig(join(root, "test/foreign", program), "demo"));
    context.onTestFinished(() => {
      home.remove();
    });
    await createStack(home);
    await expectDone(runPulumi(home, ["up", "--yes", "--skip-preview", "--stack", "demo"]));
    const objects = home.cloud.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      // What the others live in first.
      .sort((a, b) => Number(b.inputs.kind === "Namespace") - Number(a.inputs.kind === "Namespace"));
    expect(objects.length).toBeGreaterThan(2);
    for (const { type, inputs } of objects) {
      const isNamespace = inputs.kind === "Namespace";
      const { status, body } = await judge.create(inputs, !isNamespace);
      // The second program finds the namespace of the first.
      expect([201, ...(isNamespace ? [409] : [])], `${type}: ${body.message ?? ""}`).toContain(status);
    }
  },
);

type Values = Record<string, unknown>;
const container = (more: Values = {}): Values => ({ name: "engine", image: "engine:1", ...more });
const deployment = (pod: Values, more: Values = {}): Values => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "engine", namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "engine" } },
    template: { metadata: { labels: { app: "engine" } }, spec: pod },
    ...more,
  },
});
const one = (more: Values): Values => deployment({ containers: [container(more)] });
const service = (spec: Values): Values => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "engine", namespace: "default" },
  spec,
});
const named = (name: string): Values => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
});
const http = { httpGet: { path: "/", port: 8000 } };

const good: [string, Values][] = [
  ["a deployment", one({})],
  [
    "probes, ports, mounts and amounts",
    deployment({
      containers: [
        container({
          ports: [{ containerPort: 8000 }],
          readinessProbe: http,
          livenessProbe: { tcpSocket: { port: 8000 } },
          resources: { requests: { cpu: "500m", memory: "1.5Gi" }, limits: { memory: "2Gi", "nvidia.com/gpu": "1" } },
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        }),
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
    }),
  ],
  [
    "a service with two named ports",
    service({
      ports: [
        { name: "a", port: 80 },
        { name: "b", port: 81 },
      ],
    }),
  ],
  ["a service without addresses and ports", service({ clusterIP: "None", selector: { app: "engine" } })],
  ["a service that is a name elsewhere", service({ type: "ExternalName", externalName: "models.bank.example" })],
  ["a name with dots", named("a.b-c.9")],
];

good.push([
  "as many GPUs asked for as allowed",
  one({ resources: { requests: { "nvidia.com/gpu": "2" }, limits: { "nvidia.com/gpu": "2" } } }),
]);

const bad: readonly [string, Values][] = [
  ["a field that is misspelt", one({ imagePulPolicy: "Always" })],
  ["a number where a text belongs", one({ image: 5 })],
  ["a text where a number belongs", deployment({ containers: [container()] }, { replicas: "two" })],
  [
    "no selector",
    { ...one({}), spec: { template: { metadata: { labels: { app: "a" } }, spec: { containers: [container()] } } } },
  ],
  [
    "a selector that matches something else",
    deployment({ containers: [container()] }, { selector: { matchLabels: { app: "other" } } }),
  ],
  ["no containers", deployment({ containers: [] })],
  ["two containers of one name", deployment({ containers: [container(), container()] })],
  ["a container's name in capitals", one({ name: "Engine" })],
  ["a container without an image", deployment({ containers: [{ name: "engine" }] })],
  ["a port that is none", one({ ports: [{ containerPort: 70000 }] })],
  ["a mount of no volume", one({ volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] })],
  ["an amount that is none", one({ resources: { limits: { memory: "2 GB" } } })],
  ["more asked than allowed", one({ resources: { requests: { memory: "4Gi" }, limits: { memory: "2Gi" } } })],
  ["a share of a GPU", one({ resources: { limits: { "nvidia.com/gpu": "0.5" } } })],
  [
    "fewer GPUs asked for than allowed",
    one({ resources: { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "2" } } }),
  ],
  ["a GPU asked for and not limited", one({ resources: { requests: { "nvidia.com/gpu": "1" } } })],
  ["a probe in two ways", one({ readinessProbe: { ...http, tcpSocket: { port: 8000 } } })],
  ["a probe in no way", one({ readinessProbe: { periodSeconds: 5 } })],
  ["a service without ports", service({ selector: { app: "engine" } })],
  ["two ports without names", service({ ports: [{ port: 80 }, { port: 81 }] })],
  ["a service's port that is none", service({ ports: [{ port: 0 }] })],
  ["a name in capitals", named("Settings")],
  ["a name that ends with a dash", named("settings-")],
];

describe("an object by itself", () => {
  const verdicts = async (judge: KubernetesApi, object: Values) => {
    const type = `kubernetes:${String(object.apiVersion).includes("/") ? String(object.apiVersion) : "core/v1"}:${String(object.kind)}`;
    const { failures } = await standIn.check(
      { urn: `urn:pulumi:s::p::${type}::it`, type, name: "it" },
      {},
      object,
      Buffer.alloc(16),
    );
    const { status, body } = await judge.create(object, true);
    return { standIn: failures.length === 0, server: status === 201, why: [failures, body.message] };
  };

  it.for(good)("%s: both accept it", async ([, object], context) => {
    const { why, ...said } = await verdicts(server(context), object);
    expect(said, JSON.stringify(why)).toEqual({ standIn: true, server: true });
  });

  it.for(bad)("%s: both refuse it", async ([, object], context) => {
    const { why, ...said } = await verdicts(server(context), object);
    expect(said, JSON.stringify(why)).toEqual({ standIn: false, server: false });
  });
});
