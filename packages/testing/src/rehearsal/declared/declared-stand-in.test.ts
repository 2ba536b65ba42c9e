import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unknownValue } from "@holdfast/policies";
import { afterAll, describe, expect, it } from "vitest";
import { readStackConfig } from "../../config/read-stack-config";
import { planProgram } from "../../plan-program";
import { dockerWays } from "../docker/docker-ways";
import { Faults } from "../faults";
import { kubernetesWays } from "../kubernetes/kubernetes-ways";
import { PretendCloud } from "../pretend-cloud";
import type { Properties } from "../provider";
import { DeclaredStandIn } from "./declared-stand-in";
import { Declarations } from "./declarations";
import { parseMembers } from "./type-expression";

const root = resolve(__dirname, "../../../../..");
const folder = mkdtempSync(join(tmpdir(), "holdfast-stand-ins-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const cloud = new PretendCloud(join(folder, "cloud"));
const docker = new DeclaredStandIn(new Declarations("@pulumi/docker", root), cloud, new Faults([]), dockerWays());
const kubernetes = new DeclaredStandIn(
  new Declarations("@pulumi/kubernetes", root),
  cloud,
  new Faults([]),
  kubernetesWays,
);
const subject = (type: string, name = "it") => ({ urn: `urn:pulumi:s::p::${type}::${name}`, type, name });
const seed = Buffer.from("00112233445566778899aabbccddeeff", "hex");

const container = "docker:index/container:Container";
const deployment = "kubernetes:apps/v1:Deployment";
const service = "kubernetes:core/v1:Service";

async function problems(type: string, inputs: Properties): Promise<string[]> {
  const provider = type.startsWith("docker:") ? docker : kubernetes;
  const { failures } = await provider.check(subject(type), {}, inputs, seed);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("what the declarations of a package allow", () => {
  it("is read from the forms that Pulumi generates", () => {
    const fields = parseMembers(`
      /** Its name; with a comment. */
      name: pulumi.Input<string>;
      ports?: pulumi.Input<pulumi.Input<inputs.ContainerPort>[] | undefined>;
      "x-dashed"?: pulumi.Input<number | string | undefined>;
      labels?: pulumi.Input<{
          [key: string]: pulumi.Input<string>;
      } | undefined>;
      kind?: pulumi.Input<"Pod" | undefined>;
      other?: pulumi.Input<docker.Anything | undefined>;
    `);
    expect(Object.fromEntries(fields)).toEqual({
      name: { required: true, shape: { kind: "text" } },
      ports: { required: false, shape: { kind: "list", item: { kind: "named", name: "inputs.ContainerPort" } } },
      "x-dashed": { required: false, shape: { kind: "either", of: [{ kind: "number" }, { kind: "text" }] } },
      labels: { required: false, shape: { kind: "map", value: { kind: "text" } } },
      kind: { required: false, shape: { kind: "literal", value: "Pod" } },
      other: { required: false, shape: { kind: "anything" } },
    });
  });

  it.each(["published-container", "published-container-clean", "kubernetes-deployment", "kubernetes-deployment-clean"])(
    "holds every resource of %s",
    async (name) => {
      const { graph } = await planProgram(readStackConfig(join(root, "test/foreign", name), "demo"));
      const resources = graph.resources.filter(({ type }) => /^(docker|kubernetes):/.test(type));
      expect(resources.length).toBeGreaterThan(1);
      for (const { type, inputs } of resources) expect([type, await problems(type, inputs)]).toEqual([type, []]);
    },
  );

  it("is less than what a program can write", async () => {
    expect(
      await problems(container, { image: "x", ports: [{ internal: "8000", extern: 1 }], labels: { a: "b" } }),
    ).toEqual([
      "ports[0].internal: expected a number, got a string",
      "ports[0].extern: there is no such property",
      "labels: expected a list, got an object",
    ]);
    expect(await problems(container, { ports: unknownValue })).toEqual(["image: is missing"]);
    expect(await problems("docker:index/submarine:Submarine", {})).toEqual([
      expect.stringContaining("has no type docker:index/submarine:Submarine"),
    ]);
    const spec = { selector: { matchLabels: { app: "a" } }, template: { metadata: { labels: { app: "a" } } } };
    const pod = { containers: [{ name: "a", image: "x", command: "serve", resource: {} }] };
    expect(
      await problems(deployment, {
        metadata: { name: "a" },
        spec: { ...spec, template: { ...spec.template, spec: pod } },
      }),
    ).toEqual([
      "spec.template.spec.containers[0].command: expected a list, got a string",
      "spec.template.spec.containers[0].resource: there is no such property",
    ]);
  });
});

describe("what a service refuses although it is declared", () => {
  it("Docker", async () => {
    const bad = { image: "x", restart: "forever", memory: 2, ports: [{ internal: 80, external: 70000, ip: "all" }] };
    expect(await problems(container, bad)).toEqual([
      "ports[0].external: 70000 is not a port",
      'ports[0].ip: "all" is not an address',
      'restart: "forever" is none of no, on-failure, always, unless-stopped',
      "memory: the least is 6 MB",
    ]);
    const image = "docker:index/remoteImage:RemoteImage";
    expect(await problems(image, { name: "Vllm OpenAI" })).toEqual(['name: "Vllm OpenAI" is not the name of an image']);
    for (const name of ["vllm/vllm-openai:latest", `registry:5000/a/b_c@sha256:${"0f".repeat(32)}`, unknownValue])
      expect(await problems(image, { name })).toEqual([]);
  });

  it("Kubernetes", async () => {
    const bad = {
      metadata: { name: "Engine_1" },
      kind: "Deployment",
      spec: {
        selector: { matchLabels: { app: "a" } },
        template: {
          metadata: { labels: { app: "b" } },
          spec: {
            volumes: [{ name: "models" }],
            containers: [
              {
                ...{ name: "a", image: "x", readinessProbe: { periodSeconds: 5 } },
                volumeMounts: [{ name: "model", mountPath: "/models" }],
                resources: { requests: { memory: "2Gi", cpu: "lots" }, limits: { memory: "1Gi" } },
              },
              { name: "a" },
            ],
          },
        },
      },
    };
    const at = "spec.template.spec.containers";
    expect(await problems(deployment, bad)).toEqual([
      'metadata.name: "Engine_1" is not a DNS name: small letters, digits, "-" and "."',
      "spec.selector: does not match the labels of the template",
      `${at}[0].volumeMounts[0].name: the pod has no volume "model"`,
      `${at}[0].resources.requests.memory: must not be more than the limit`,
      `${at}[0].resources.requests.cpu: "lots" is not a quantity`,
      `${at}[0].readinessProbe: needs one of exec, httpGet, tcpSocket, grpc, has 0`,
      `${at}[1].name: "a" is there twice`,
      `${at}[1].image: is missing`,
    ]);
    // The same verdicts as the API server's own: test/kubernetes.
    const gpu = (resources: object) => ({
      ...{ kind: "Deployment", metadata: { name: "engine" } },
      spec: {
        selector: { matchLabels: { app: "b" } },
        template: {
          metadata: { labels: { app: "b" } },
          spec: { containers: [{ name: "a", image: "x", resources }] },
        },
      },
    });
    const name = "nvidia.com/gpu";
    const required = `${at}[0].resources.limits.${name}: must be there, and the same as the request`;
    expect(await problems(deployment, gpu({ limits: { [name]: "0.5" } }))).toEqual([
      `${at}[0].resources.limits.${name}: "0.5" must be a whole number`,
    ]);
    expect(await problems(deployment, gpu({ requests: { [name]: "1" } }))).toEqual([required]);
    expect(await problems(deployment, gpu({ requests: { [name]: "1" }, limits: { [name]: "2" } }))).toEqual([required]);
    expect(await problems(deployment, gpu({ requests: { [name]: "2" }, limits: { [name]: "2" } }))).toEqual([]);
    expect(await problems(deployment, gpu({ requests: { [name]: "2" }, limits: unknownValue }))).toEqual([]);
    expect(await problems(service, { kind: "Service", spec: { ports: [{ port: 0 }] } })).toEqual([
      "spec.ports[0].port: 0 is not a port",
    ]);
  });
});

describe("the life of a resource", () => {
  it("is made, found, changed in place or anew, and gone", async () => {
    const given = { kind: "Service", spec: { type: "LoadBalancer", selector: { app: "a" }, ports: [{ port: 80 }] } };
    const { inputs } = await kubernetes.check(subject(service), {}, given, seed);
    expect(inputs.metadata).toEqual({ name: "it-00112233", annotations: { "pulumi.com/autonamed": "true" } });
    // A name that was made up stays.
    const later = await kubernetes.check(subject(service), inputs, given, Buffer.from("ff".repeat(16), "hex"));
    expect(later.inputs).toEqual(inputs);

    const preview = await kubernetes.create(subject(service), inputs, true);
    expect([preview.id, preview.outputs.status]).toEqual(["", unknownValue]);
    const { id, outputs } = await kubernetes.create(subject(service), inputs, false);
    expect([id, "id" in outputs]).toEqual(["default/it-00112233", false]);
    expect(outputs.status).toEqual({ loadBalancer: { ingress: [{ ip: "203.0.113.10" }] } });
    expect((await kubernetes.read(subject(service), id))?.inputs).toEqual(inputs);

    const changed = { ...inputs, spec: { ...given.spec, ports: [{ port: 443 }] } };
    expect(kubernetes.diff(subject(service), inputs, changed)).toMatchObject({ replacing: [] });
    const moved = { ...inputs, metadata: { name: "other" } };
    expect(kubernetes.diff(subject(service), inputs, moved)).toMatchObject({
      replacing: ["metadata"],
      deleteFirst: true,
    });
    const updated = await kubernetes.update(subject(service), id, outputs, changed, false);
    expect([updated.spec, updated.status]).toEqual([changed.spec, outputs.status]);
    await kubernetes.delete(subject(service), id, updated);
    expect(await kubernetes.read(subject(service), id)).toBeUndefined();

    const first = await docker.check(subject(container), {}, { image: "a", memory: 64 }, seed);
    const replaced = docker.diff(subject(container), first.inputs, { ...first.inputs, image: "b", memory: 128 });
    expect(replaced).toMatchObject({ replacing: ["image"], deleteFirst: false });
  });
});
