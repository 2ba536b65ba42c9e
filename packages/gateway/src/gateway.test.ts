import { HostConfigBucket } from "@holdfast/compute";
import type { FleetEndpoint } from "@holdfast/core";
import { PrivateNetwork } from "@holdfast/network";
import {
  evaluatePolicies,
  unknownValue,
  type PlannedResource,
  type PropertyValue,
  type ResourceGraph,
} from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";
import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Gateway } from "./gateway";
import type { GatewayArgs } from "./gateway-args";
import { gatewayNetworkNeeds } from "./gateway-network-needs";
import { sampleFleet, sampleSpec } from "./sample-spec";

const arn = (name: string): string => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const fleets: FleetEndpoint[] = sampleSpec().fleets.map((fleet) => ({
  ...fleet,
  engineKeySecretArn: arn(`engine-${fleet.fleetName}`),
  engineCaSecretArn: arn("engine-ca"),
}));

type Change = Partial<Omit<GatewayArgs, "network" | "config">>;

/** A gateway in a network, under the offline engine as on a first preview. */
async function plan(change: Change = {}, zones = ["euc1-az1", "euc1-az2"]): Promise<ResourceGraph> {
  const { graph } = await planProgram({
    project: "test",
    stack: "test",
    program: () => {
      const place = { region: "eu-central-1", accountId: "111122223333" };
      const network = new PrivateNetwork("llm", {
        ...place,
        cidr: "10.40.0.0/16",
        zones,
        needs: [gatewayNetworkNeeds()],
      });
      const config = new HostConfigBucket("config", place);
      const gateway = new Gateway("edge", {
        network,
        config,
        fleets,
        policy: sampleSpec().policy,
        longestResponse: "10 minutes",
        tls: { certificateSecretArn: arn("certificate"), clientCaSecretArn: arn("ca") },
        apiKeysSecretArn: arn("keys"),
        image: { parameter: "/golden/gateway", version: 3 },
        tags: { owner: "ml@example.com" },
        ...change,
      });
      return { endpoint: gateway.endpoint, url: gateway.url };
    },
  });
  return graph;
}

function named(graph: ResourceGraph, name: string): PlannedResource {
  const found = graph.resources.find((resource) => resource.name === name);
  if (!found)
    throw new Error(`no resource ${name}; there are ${graph.resources.map((resource) => resource.name).join(", ")}`);
  return found;
}

function at(resource: PlannedResource, path: string): PropertyValue | undefined {
  let value: unknown = resource.inputs;
  for (const key of path.split("."))
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return value as PropertyValue | undefined;
}

const groupsOf = (graph: ResourceGraph, name: string, property: string): string[] =>
  graph
    .references(named(graph, name), property, "aws:ec2/securityGroup:SecurityGroup")
    .resources.map((group) => group.name);

describe("Gateway", () => {
  it("stands behind a balancer that is internal, has a security group from the start and cannot be deleted by mistake", async () => {
    const graph = await plan();
    const balancer = named(graph, "edge-balancer");
    expect(balancer.inputs).toMatchObject({
      internal: true,
      loadBalancerType: "network",
      enableDeletionProtection: true,
      enableCrossZoneLoadBalancing: true,
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
    });
    expect(balancer.protect).toBe(true);
    expect(groupsOf(graph, "edge-balancer", "securityGroups")).toEqual(["llm-group-gateway"]);
    const subnets = graph
      .references(balancer, "subnets", "aws:ec2/subnet:Subnet")
      .resources.map((subnet) => subnet.name);
    expect(subnets).toEqual(["llm-subnet-gateway-euc1-az1", "llm-subnet-gateway-euc1-az2"]);
  });

  it("passes TLS through, keeps callers' addresses, and cuts no stream of a host that leaves", async () => {
    const graph = await plan();
    expect(named(graph, "edge-listener").inputs).toMatchObject({
      protocol: "TCP",
      port: 443,
      tcpIdleTimeoutSeconds: 620,
    });
    expect(named(graph, "edge-targets").inputs).toMatchObject({
      protocol: "TCP",
      port: 443,
      targetType: "instance",
      preserveClientIp: "true",
      connectionTermination: false,
      deregistrationDelay: 660,
      targetHealthStates: [{ enableUnhealthyConnectionTermination: false, unhealthyDrainingInterval: 660 }],
      healthCheck: { protocol: "HTTP", port: "8405", path: "/ready", matcher: "200" },
    });
  });

  it("runs on hosts in the gateway's segment of every zone, drained as long as the longest answer needs", async () => {
    const graph = await plan({ hosts: 3 });
    expect(named(graph, "edge-hosts-group").inputs).toMatchObject({
      minSize: 3,
      maxSize: 3,
      suspendedProcesses: ["AZRebalance"],
    });
    expect(at(named(graph, "edge-hosts-template"), "imageId")).toBe("resolve:ssm:/golden/gateway:3");
    expect(at(named(graph, "edge-hosts-drain-hook"), "heartbeatTimeout")).toBe(720);
    const files = graph.resources
      .filter((resource) => resource.name.startsWith("edge-hosts-file-"))
      .map((resource) => resource.name);
    expect(files).toContain("edge-hosts-file-etc/holdfast/gateway/haproxy.cfg");
    expect(files).toContain("edge-hosts-file-etc/systemd/system/holdfast-gateway.service");
  });

  it("gives the hosts their secrets by reference, and nothing else to read", async () => {
    const graph = await plan();
    const list = at(named(graph, "edge-hosts-secret-references"), "content");
    for (const name of ["certificate", "ca", "keys", "engine-chat", "engine-embed"]) expect(list).toContain(arn(name));
    const permissions = JSON.stringify(named(graph, "edge-hosts-permissions").inputs);
    expect(permissions).toContain('"ec2:DescribeInstances"');
    expect(permissions.match(/secretsmanager:GetSecretValue/g)).toHaveLength(1);
  });

  it("fetches a CA that fleets share once, and one of a fleet's own for that fleet", async () => {
    const shared = fleets.map((fleet) =>
      fleet.fleetName === "chat"
        ? {
            ...fleet,
            engineCaSecretArn: arn("chat-ca"),
            engineCaSecretKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/chat",
          }
        : { ...fleet, engineCaName: "engines" },
    );
    const graph = await plan({ fleets: shared });
    const list = at(named(graph, "edge-hosts-secret-references"), "content") as string;
    const cas = list.split("\n").filter((line) => line.includes("-ca"));
    expect(cas).toEqual([
      `${arn("ca")} gateway-client-ca`,
      `${arn("chat-ca")} gateway-engine-ca-chat`,
      `${arn("engine-ca")} gateway-shared-ca-engines`,
    ]);
    expect(JSON.stringify(named(graph, "edge-hosts-permissions").inputs)).toContain("key/chat");
    const haproxy = at(named(graph, "edge-hosts-file-etc/holdfast/gateway/haproxy.cfg"), "content");
    expect(haproxy).toContain('gateway-shared-ca-engines" verify required verifyhost code.llm.internal');
    expect(haproxy).toContain('gateway-engine-ca-chat" verify required verifyhost chat.llm.internal');
  });

  it("takes 45 fleets with a key each under one CA, and says how many are too many", async () => {
    const unknownArn = () => output(Promise.resolve(unknownValue));
    const many = (count: number, shared: boolean): FleetEndpoint[] =>
      Array.from({ length: count }, (_, index) => ({
        ...sampleFleet(index === 0 ? "chat" : `chat-${index}`),
        // As ARNs are on a first preview: not known.
        engineKeySecretArn: unknownArn(),
        engineCaSecretArn: shared ? arn("engine-ca") : unknownArn(),
        ...(shared && { engineCaName: "engines" }),
      }));
    const { policy } = sampleSpec();
    const clients = { code: { tier: "basic", models: ["chat"], dataClass: "internal" as const } };
    const graph = await plan({ fleets: many(45, true), policy: { ...policy, clients } });
    const [specification] = at(named(graph, "edge-hosts-template"), "tagSpecifications") as { tags: object }[];
    expect(Object.keys(specification?.tags ?? {}).length).toBeLessThan(10);
    await expect(plan({ fleets: many(45, false), policy: { ...policy, clients } })).rejects.toThrow(
      /secrets: the role would name 93 different secrets .* IAM takes 10240/,
    );
  });

  it("has no mandatory finding", async () => {
    expect(evaluatePolicies(await plan()).blocking).toEqual([]);
  });

  it("takes a name in a private zone when one is given", async () => {
    expect((await plan()).resources.some((resource) => resource.name === "edge-name")).toBe(false);
    expect(named(await plan({ zoneId: "Z123" }), "edge-name").inputs).toMatchObject({
      zoneId: "Z123",
      name: "llm.bank.example",
      type: "A",
    });
  });

  it("needs no client CA where no certificate is asked for, and no way to find peers where each keeps to its share", async () => {
    const { policy } = sampleSpec();
    const clients = { code: { tier: "basic", models: ["code"], dataClass: "internal" as const } };
    const graph = await plan({
      policy: { ...policy, clients, tls: { clientCertificates: "off" }, limits: { sharing: "divided" } },
      tls: { certificateSecretArn: arn("certificate") },
    });
    expect(JSON.stringify(named(graph, "edge-hosts-permissions").inputs)).not.toContain("DescribeInstances");
  });

  it.each<[string, Change, string]>([
    ["a client CA is missing", { tls: { certificateSecretArn: arn("certificate") } }, "tls.clientCaSecretArn: missing"],
    [
      "the longest response is no duration",
      { longestResponse: "10m" as "10 minutes" },
      'longestResponse: not a duration, got "10m"',
    ],
    [
      "the longest response is too long for the balancer",
      { longestResponse: "2 hours" },
      "longestResponse: must be at most 3500, got 7200",
    ],
    [
      "the instance type's memory is unknown",
      { instanceType: "g5.xlarge" },
      'instanceType: got "g5.xlarge", whose memory is not known here',
    ],
    ["one host is asked for", { hosts: 1 }, "hosts: must be at least 2, got 1"],
    [
      "a client may send more than the environment allows",
      { dataClass: "confidential" },
      "policy.clients.assistant.dataClass: above the environment's class",
    ],
    [
      "the policy is only known later",
      { policy: secret(sampleSpec().policy) as never },
      "policy: must be known at plan time",
    ],
    ["there are no fleets", { fleets: [] }, "fleets: must have at least one fleet"],
    [
      "engines speak TLS and nobody says who signed their certificate",
      { fleets: [{ ...sampleFleet("chat"), engineKeySecretArn: arn("e") }] },
      "fleets[0].engineCaSecretArn: missing",
    ],
    [
      "two fleets share a CA that is not the same",
      {
        fleets: fleets.map((fleet, index) => ({
          ...fleet,
          engineCaName: "engines",
          engineCaSecretArn: arn(index === 1 ? "other-ca" : "engine-ca"),
        })),
      },
      'fleets[1].engineCaSecretArn: code and chat share the CA "engines"',
    ],
    [
      "the name of a shared CA is none",
      { fleets: fleets.map((fleet) => ({ ...fleet, engineCaName: "../ca" })) },
      "fleets[0].engineCaName: must be at most 40 lower-case letters",
    ],
    [
      "a ninth host stands behind a name",
      {
        fleets: [{ ...sampleFleet("chat", { hosts: 9 }), engineKeySecretArn: arn("e"), engineCaSecretArn: arn("ca") }],
      },
      "fleets[0]: got 9 hosts",
    ],
  ])("refuses before anything is registered when %s", async (_what, change, reason) => {
    await expect(plan(change)).rejects.toThrow(reason);
  });

  it("refuses one zone, unless that is what was asked for", async () => {
    await expect(plan({}, ["euc1-az1"])).rejects.toThrow("network: must have at least 2 zones, got 1");
    expect(
      (await plan({ allowSingleZone: true }, ["euc1-az1"])).resources.some(
        (resource) => resource.name === "edge-balancer",
      ),
    ).toBe(true);
  });

  it("names every problem in one error", async () => {
    const change: Change = { hosts: 1, longestResponse: "soon" as "1 second", instanceType: "x" };
    await expect(plan(change)).rejects.toThrow(/Gateway: 3 problems/);
  });
});
