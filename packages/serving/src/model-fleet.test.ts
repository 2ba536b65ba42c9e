import { HostConfigBucket } from "@holdfast/compute";
import { PrivateNetwork } from "@holdfast/network";
import { ModelStore } from "@holdfast/storage";
import { planProgram } from "@holdfast/testing";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkEngineArguments } from "./check-engine-arguments";
import { fleetNetworkNeeds } from "./fleet-network-needs";
import { ModelFleet } from "./model-fleet";
import type { ModelFleetArgs } from "./model-fleet-args";

const region = "eu-central-1";
const image = `111122223333.dkr.ecr.${region}.amazonaws.com/vllm:0.32.0@sha256:${"ab".repeat(32)}`;
const pin = "cd".repeat(32);

type Given = Omit<ModelFleetArgs, "network" | "store" | "config">;
const chat: Given = {
  model: "llama-3.1-70b-instruct",
  format: "fp8",
  release: { version: "2026-11-03", manifestSha256: pin },
  workload: { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 4, ttftSeconds: 2, tpotMs: 50 },
  engine: { version: "0.32.0", image },
  dataClass: "restricted",
  apiKeySecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:engine-key-AbCdEf`,
  tls: {
    certificateSecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:engine-certificate-AbCdEf`,
    caSecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:engine-ca-AbCdEf`,
  },
};

async function planned(given: Given = chat) {
  let fleet: ModelFleet | undefined;
  const plan = await planProgram({
    project: "holdfast",
    stack: "test",
    program: () => {
      const network = new PrivateNetwork("llm", {
        region,
        cidr: "10.40.0.0/16",
        zones: ["euc1-az1", "euc1-az2", "euc1-az3"],
        clients: [{ name: "office", cidr: "10.10.0.0/16" }],
      });
      const store = new ModelStore("models", { region });
      const config = new HostConfigBucket("config", { region, accountId: "111122223333" });
      fleet = new ModelFleet("chat", { ...given, network, store, config });
    },
  });
  if (fleet === undefined) throw new Error("no fleet");
  const component = plan.graph.resources.find(({ type }) => type === "serving:index:ModelFleet");
  const of = (type: string) => plan.graph.resources.filter((resource) => resource.type === type);
  return { plan, fleet, outputs: component?.outputs ?? {}, of, text: JSON.stringify(plan.graph.resources) };
}

describe("ModelFleet", () => {
  it("registers what was decided and the engine's whole command line, for policies to read", async () => {
    const { outputs, fleet } = await planned();
    expect(outputs.sizing).toMatchObject({
      fleet: "chat",
      model: "llama-3.1-70b-instruct",
      instanceType: fleet.sizing.instanceType,
      why: expect.any(Array) as unknown,
    });
    const engine = outputs.engine as {
      kind: "vllm";
      version: string;
      args: string[];
      environmentNames: string[];
      image: string;
    };
    expect(engine).toMatchObject({ kind: "vllm", version: "0.32.0", image });
    expect(checkEngineArguments(engine.kind, engine.version, engine.args)).toEqual([]);
    expect(engine.environmentNames).toEqual(expect.arrayContaining(["VLLM_API_KEY", "HF_HUB_OFFLINE"]));
  });

  it("is an endpoint that gateways and scrapers can use at plan time", async () => {
    const { fleet } = await planned();
    expect(fleet).toMatchObject({
      fleetName: "chat",
      servedModelName: "chat",
      task: "generate",
      dnsName: expect.stringMatching(/^chat\./) as string,
      port: 8000,
      rotationNoticeSeconds: 30,
    });
    expect(fleet.replicas).toBe(fleet.hosts * fleet.replicasPerHost);
    expect(fleet.hosts).toBe(fleet.sizing.instances);
    expect(fleet.usdPerHour).toBeGreaterThan(0);
  });

  it("is found by short-lived address records in the network's own namespace", async () => {
    const { of } = await planned();
    expect(of("aws:servicediscovery/service:Service")[0]?.inputs).toMatchObject({
      name: "chat",
      dnsConfig: { dnsRecords: [{ type: "A", ttl: 5 }], routingPolicy: "MULTIVALUE" },
    });
  });

  it("gives the group's drain hook all the time that answers need", async () => {
    const { of } = await planned({ ...chat, longestResponse: "20 minutes" });
    const hook = of("aws:autoscaling/lifecycleHook:LifecycleHook").find(
      ({ inputs }) => inputs.lifecycleTransition === "autoscaling:EC2_INSTANCE_TERMINATING",
    );
    expect(Number(hook?.inputs.heartbeatTimeout)).toBeGreaterThan(1200 + 60 + 30 + 20);
  });

  it("lets hosts read one model version, enter one name, and do nothing with a wildcard", async () => {
    const { of } = await planned();
    const policy = of("aws:iam/rolePolicy:RolePolicy").find(({ name }) => name.startsWith("chat-pool"));
    const statements = (
      policy?.inputs.policy as {
        Statement: { Sid: string; Action: string | string[]; Resource: unknown; Condition?: unknown }[];
      }
    ).Statement;
    const by = (sid: string) => statements.find(({ Sid }) => Sid === sid);
    expect(by("ListModel")?.Condition).toEqual({
      StringLike: { "s3:prefix": "models/llama-3.1-70b-instruct/2026-11-03/*" },
    });
    expect(by("ChangeOwnRecord")?.Condition).toMatchObject({
      "ForAllValues:StringEquals": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": [expect.stringMatching(/^chat\./)],
      },
    });
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    expect(actions.filter((action) => /^s3:(Put|Delete)|^iam:|^kms:(Encrypt|Generate)/.test(action))).toEqual([]);
  });

  it("pins the manifest in the deployed files, or leaves it to the hosts' parameters when only the cloud knows it", async () => {
    const modelEnvironment = (resources: Awaited<ReturnType<typeof planned>>["plan"]["graph"]["resources"]) =>
      resources.map(({ inputs }) => JSON.stringify(inputs)).filter((text) => text.includes("MODEL_VERSION=2026-11-03"));
    const plain = await planned();
    expect(modelEnvironment(plain.plan.graph.resources)[0]).toContain(`MODEL_MANIFEST_SHA256=${pin}`);
    const later = await planned({
      ...chat,
      release: { version: "2026-11-03", manifestSha256: pulumi.output(Promise.resolve(pin)) },
    });
    expect(modelEnvironment(later.plan.graph.resources)[0]).not.toContain("MODEL_MANIFEST_SHA256");
    expect(JSON.stringify(later.of("aws:ec2/launchTemplate:LaunchTemplate")[0]?.inputs)).toContain(
      "MODEL_MANIFEST_SHA256",
    );
  });

  it("counts a host as in service only once it is in the name", async () => {
    const { text } = await planned();
    expect(text).toContain("READY_COMMAND='test -e /run/holdfast/fleet/in-rotation'");
  });

  it("runs the image by digest, without its tag", async () => {
    const { of } = await planned();
    const settings = of("aws:s3/bucketObjectv2:BucketObjectv2")
      .map(({ inputs }) => (typeof inputs.content === "string" ? inputs.content : ""))
      .find((text) => text.includes("ENGINE_IMAGE="));
    expect(settings).toContain(`ENGINE_IMAGE=111122223333.dkr.ecr.${region}.amazonaws.com/vllm@sha256:`);
  });

  it("names every problem before anything is registered", async () => {
    const bad = {
      ...chat,
      model: "llama-9",
      release: { version: "V1", manifestSha256: "abc" },
      engine: { version: "0.31.0", image },
    };
    await expect(planned(bad)).rejects.toThrow(
      /4 problems.*release\.version.*release\.manifestSha256.*model: unknown model.*engine\.version/s,
    );
    await expect(planned({ ...chat, engine: { version: "0.32.0", image: "vllm/vllm-openai:latest" } })).rejects.toThrow(
      /engine\.image: must be an image in a private ECR registry by digest/,
    );
    await expect(planned({ ...chat, release: undefined } as unknown as Given)).rejects.toThrow(
      /release\.version: missing/,
    );
    await expect(planned({ ...chat, instanceType: "g5.xlarge" })).rejects.toThrow(/workload: .*nearest that can/s);
  });
});

describe("fleetNetworkNeeds", () => {
  it("opens engines to the gateway and the scraper alone", () => {
    const into = fleetNetworkNeeds().flows.filter(({ to }) => to === "serving");
    expect(new Set(into.map(({ from }) => from))).toEqual(new Set(["gateway", "observability"]));
    const out = fleetNetworkNeeds().flows.filter(({ from }) => from === "serving");
    expect(out.every(({ to }) => to.startsWith("endpoint:"))).toBe(true);
  });
});
