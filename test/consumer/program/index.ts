// A program of a bank: one component of its own around ours, in a network of ours or in one that exists already.
import { HostConfigBucket } from "@holdfast/compute";
import { Gateway, gatewayNetworkNeeds } from "@holdfast/gateway";
import { adoptNetwork, PrivateNetwork, type NetworkPlacement } from "@holdfast/network";
import { fleetNetworkNeeds, ModelFleet } from "@holdfast/serving";
import { ModelStore } from "@holdfast/storage";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const settings = new pulumi.Config("bank");
const region = "eu-central-1";
const zones = ["euc1-az1", "euc1-az2"];
const clients = [{ name: "branches", cidr: "10.10.0.0/16" }];

interface ChatPlatformArgs {
  readonly network: NetworkPlacement;
  readonly hostName: string;
}

/** What this bank calls a chat platform: our parts under its own type and name. */
class ChatPlatform extends pulumi.ComponentResource {
  readonly url: string;
  readonly balancer: pulumi.Output<string>;

  constructor(name: string, { network, hostName }: ChatPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bank:platform:ChatPlatform", name, {}, opts);
    const own = { parent: this };
    const secret = (role: string) =>
      new aws.secretsmanager.Secret(`${name}-${role}`, {}, { ...own, protect: true }).arn;
    const store = new ModelStore(`${name}-models`, { region }, own);
    const config = new HostConfigBucket(`${name}-config`, { region }, own);
    const chat = new ModelFleet(
      `${name}-chat`,
      {
        network,
        store,
        config,
        fleet: "chat",
        model: "qwen2.5-7b-instruct",
        release: {
          version: "2026-11-01",
          manifestSha256: "1aaafd30a06a03232e4cbe8daf23b239baddd3d04aeebdadbe50ada39805a523",
        },
        workload: { promptTokens: 1000, outputTokens: 200, requestsPerSecond: 0.5, ttftSeconds: 3, tpotMs: 80 },
        engine: {
          version: "0.32.0",
          image: `111122223333.dkr.ecr.${region}.amazonaws.com/vllm@sha256:${"3c3e5053".repeat(8)}`,
        },
        dataClass: "confidential",
        apiKeySecretArn: secret("engine-key"),
        tls: { certificateSecretArn: secret("engine-certificate"), caSecretArn: secret("engine-ca") },
      },
      own,
    );
    const gateway = new Gateway(
      `${name}-gateway`,
      {
        network,
        config,
        fleets: [chat],
        longestResponse: "10 minutes",
        image: { parameter: "/bank/gateway", version: 4 },
        tls: { certificateSecretArn: secret("certificate"), clientCaSecretArn: secret("client-ca") },
        apiKeysSecretArn: secret("api-keys"),
        policy: {
          hostName,
          tiers: { standard: { requestsPerMinute: 120, concurrentRequests: 8 } },
          clients: { advisers: { tier: "standard", models: ["chat"], dataClass: "confidential" } },
        },
      },
      own,
    );
    this.url = gateway.url;
    this.balancer = gateway.endpoint;
    this.registerOutputs({ url: this.url });
  }
}

/** The network that the bank's network team made: nothing but ids. */
function existingNetwork(): NetworkPlacement {
  return adoptNetwork({
    region,
    zones,
    cidr: "10.60.0.0/16",
    clients,
    vpcId: settings.require("vpcId"),
    subnetIds: {
      gateway: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
      serving: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
    },
    securityGroupIds: { gateway: "sg-0a1b2c3d4e5f60001", serving: "sg-0a1b2c3d4e5f60002" },
    namespace: {
      id: "ns-0a1b2c3d4e5f6000",
      arn: `arn:aws:servicediscovery:${region}:111122223333:namespace/ns-0a1b2c3d4e5f6000`,
      name: "llm.internal",
    },
  });
}

function ownNetwork(): NetworkPlacement {
  return new PrivateNetwork("llm", {
    region,
    cidr: "10.40.0.0/16",
    zones,
    clients,
    needs: [gatewayNetworkNeeds(), fleetNetworkNeeds()],
  });
}

const network = settings.get("vpcId") === undefined ? ownNetwork() : existingNetwork();
const platform = new ChatPlatform(
  "advice",
  { network, hostName: "llm.bank.example" },
  {
    // The bank keeps every log for ten years, whatever a component thinks.
    transforms: [
      ({ type, props, opts }) =>
        type === "aws:cloudwatch/logGroup:LogGroup" ? { props: { ...props, retentionInDays: 3653 }, opts } : undefined,
    ],
  },
);

export const url = platform.url;
export const balancer = platform.balancer;
