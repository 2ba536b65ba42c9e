import { findInstance, instances } from "@holdfast/catalog";
import { adoptNetwork, defaultNetworkNeeds, efaNetworkNeeds, PrivateNetwork } from "@holdfast/network";
import {
  evaluatePolicies,
  proveExposure,
  type PlannedResource,
  ResourceGraph,
  type PropertyValue,
} from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { publicImages } from "./ami-reference";
import { GpuNodePool } from "./gpu-node-pool";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { HostConfigBucket } from "./host-config-bucket";
import { HostPool } from "./host-pool";
import type { HostPoolArgs } from "./host-pool-args";
import { efaInterfaces } from "./network-interfaces";

const accountId = "111122223333";
const region = "us-east-1";

/** Hosts of the large profile (GPU-R11) in a network whose serving hosts may have adapters. */
async function plan(
  change: Partial<Omit<GpuNodePoolArgs, "network" | "config">> = {},
  { efa = true, then }: { efa?: boolean; then?: (network: PrivateNetwork, config: HostConfigBucket) => void } = {},
): Promise<ResourceGraph> {
  const { graph } = await planProgram({
    project: "test",
    stack: "test",
    program: () => {
      const network = new PrivateNetwork("llm", {
        region,
        cidr: "10.40.0.0/16",
        zones: ["use1-az3", "use1-az4", "use1-az6"],
        accountId,
        needs: [...defaultNetworkNeeds(), ...(efa ? [efaNetworkNeeds("serving")] : [])],
      });
      const config = new HostConfigBucket("config", { region, accountId });
      if (then) then(network, config);
      else {
        new GpuNodePool("large", {
          network,
          config,
          segment: "serving",
          instanceType: "p5.48xlarge",
          modelBytes: 810e9,
          size: 4,
          interconnect: "efa",
          files: [],
          services: ["cluster.service", "cluster.timer"],
          drainSeconds: 660,
          ...change,
        });
      }
    },
  });
  return graph;
}

const refusal = (planned: Promise<unknown>) =>
  planned.then(
    () => "no error",
    (error: unknown) => String(error),
  );
const named = (graph: ResourceGraph, name: string): PlannedResource => {
  const found = graph.resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`the plan has no ${name}`);
  return found;
};
const interfacesOf = (graph: ResourceGraph, name = "large-template") =>
  named(graph, name).inputs.networkInterfaces as unknown as readonly Readonly<Record<string, PropertyValue>>[];
/** The groups of all interfaces: a plan without ids joins a whole property. */
const groupsOf = (graph: ResourceGraph) =>
  graph.references(named(graph, "large-template"), "networkInterfaces", groupType).resources.map(({ name }) => name);
const groupType = "aws:ec2/securityGroup:SecurityGroup";
const placementType = "aws:ec2/placementGroup:PlacementGroup";
const zonesOf = (graph: ResourceGraph, name: string) =>
  graph
    .references(named(graph, name), "vpcZoneIdentifiers", "aws:ec2/subnet:Subnet")
    .resources.map((subnet) => subnet.name);

describe("interfaces of a host with Elastic Fabric Adapters", () => {
  const layout = (type: string) => {
    const instance = findInstance(type);
    if (!instance) throw new Error(`no ${type}`);
    return efaInterfaces(instance).map(
      ({ networkCardIndex, deviceIndex, interfaceType = "ena" }) =>
        `${networkCardIndex}.${deviceIndex} ${interfaceType}`,
    );
  };

  it.each([
    ["g6e.12xlarge", ["0.0 ena", "0.1 efa-only"]],
    ["p4d.24xlarge", ["0.0 ena", "0.1 efa-only", "1.0 efa-only", "2.0 efa-only", "3.0 efa-only"]],
  ])("%s: an ordinary one first, an adapter on each card", (type, expected) => {
    expect(layout(type)).toEqual(expected);
  });

  it("p6-b300.48xlarge: the first card takes no adapter", () => {
    expect(layout("p6-b300.48xlarge")).toEqual([
      "0.0 ena",
      ...Array.from({ length: 16 }, (_, index) => `${index + 1}.0 efa-only`),
    ]);
  });

  it("every type: as many adapters as it takes, no place on a card twice, no card that is not there", () => {
    for (const instance of instances) {
      const interfaces = efaInterfaces(instance);
      expect(interfaces.length, instance.type).toBe(instance.efaInterfaces + 1);
      expect(new Set(layout(instance.type).map((one) => one.split(" ")[0])).size).toBe(interfaces.length);
      for (const { networkCardIndex, deviceIndex } of interfaces) {
        expect(networkCardIndex).toBeLessThan(instance.networkCards);
        // p5 takes two interfaces a card, fewer than any other type with adapters.
        expect(deviceIndex).toBeLessThan(2);
      }
    }
  });
});

describe("GpuNodePool with interconnect efa", () => {
  it("GPU-R11: p5.48xlarge in a cluster placement group, in one zone, with an adapter on each of its 32 cards", async () => {
    const graph = await plan();
    const placement = graph.ofType(placementType);
    expect(placement.map(({ name, inputs }) => [name, inputs.strategy])).toEqual([["large-placement", "cluster"]]);
    const group = named(graph, "large-group");
    expect(graph.references(group, "placementGroup", placementType).resources).toEqual(placement);
    expect(zonesOf(graph, "large-group")).toEqual(["llm-subnet-serving-use1-az3"]);

    const interfaces = interfacesOf(graph);
    expect(interfaces.length).toBe(33);
    expect(interfaces[0]).toMatchObject({ networkCardIndex: 0, deviceIndex: 0 });
    expect(interfaces[0]).not.toHaveProperty("interfaceType");
    expect(interfaces[0]?.securityGroups).toHaveLength(2);
    expect(groupsOf(graph)).toEqual(["llm-group-serving", "llm-group-efa-serving"]);
    interfaces.slice(1).forEach((one, index) => {
      expect(one).toMatchObject({
        networkCardIndex: index,
        deviceIndex: index === 0 ? 1 : 0,
        interfaceType: "efa-only",
      });
      // Which one it is, a plan with ids shows: the test of an adopted network.
      expect(one.securityGroups).toHaveLength(1);
    });
    for (const one of interfaces)
      expect(one).toMatchObject({ associatePublicIpAddress: "false", deleteOnTermination: "true" });
    expect(named(graph, "large-template").inputs).not.toHaveProperty("vpcSecurityGroupIds");
    expect(named(graph, "large-template").inputs.metadataOptions).toMatchObject({ httpTokens: "required" });
  });

  it("starts no service and is not ready before the host has its adapters, and lets services lock their memory", async () => {
    const graph = await plan();
    const unit = named(graph, "large-file-etc/systemd/system/holdfast-efa.service").inputs.content;
    expect(unit).toContain("ExecStart=/usr/local/lib/holdfast/efa 32\n");
    expect(unit).toContain("RequiredBy=cluster.service cluster.timer\n");
    expect(named(graph, "large-file-etc/holdfast/units").inputs.content).toContain("holdfast-efa.service\n");
    // What is on this list must be active before the host reports ready.
    expect(named(graph, "large-file-etc/holdfast/services").inputs.content).toBe(
      "holdfast-efa.service\ncluster.service\ncluster.timer\n",
    );
    const limits = graph.resources.filter(({ name }) => name.endsWith("/holdfast-efa.conf"));
    expect(limits.map(({ name, inputs }) => [name, inputs.content])).toEqual([
      ["large-file-etc/systemd/system/cluster.service.d/holdfast-efa.conf", "[Service]\nLimitMEMLOCK=infinity\n"],
    ]);
  });

  it("NET-R21: a pool without it has one ordinary interface, no placement group and every zone", async () => {
    const graph = await planWithout();
    expect(interfacesOf(graph).length).toBe(1);
    expect(Object.keys(interfacesOf(graph)[0] ?? {})).toEqual([
      "associatePublicIpAddress",
      "deleteOnTermination",
      "deviceIndex",
      "securityGroups",
    ]);
    expect(groupsOf(graph)).toEqual(["llm-group-serving"]);
    expect(graph.ofType(placementType)).toEqual([]);
    expect(named(graph, "large-group").inputs).not.toHaveProperty("placementGroup");
    expect(zonesOf(graph, "large-group").length).toBe(3);
    expect(graph.resources.filter(({ name }) => /\befa\b/.test(name))).toEqual([]);
  });

  it("has no placement group where AWS places the hosts itself, or where it is told so", async () => {
    const block = { kind: "capacity-block", reservationId: "cr-0123456789abcdef0" } as const;
    for (const graph of [
      await plan({ capacity: block, zones: ["use1-az6"] }),
      await plan({ clusterPlacement: false }),
      await plan({ size: 1, interconnect: { kind: "efa", singleHost: true } }),
    ]) {
      expect(graph.ofType(placementType)).toEqual([]);
      expect(interfacesOf(graph).length).toBe(33);
      expect(zonesOf(graph, "large-group").length).toBe(1);
    }
  });

  it("uses a placement group that is there already", async () => {
    const placementGroupName = "reserved-rack";
    for (const graph of [
      await plan({ placementGroupName }),
      await plan({ placementGroupName, size: 1, interconnect: { kind: "efa", singleHost: true } }),
      await planWithout({ placementGroupName }),
    ]) {
      expect(graph.ofType(placementType)).toEqual([]);
      expect(named(graph, "large-group").inputs.placementGroup).toBe(placementGroupName);
      expect(zonesOf(graph, "large-group")).toEqual(["llm-subnet-serving-use1-az3"]);
    }
  });

  it("works in a network that was adopted", async () => {
    const graph = await plan(
      {},
      {
        then: (own, config) => {
          const network = adoptNetwork({
            region,
            cidr: "10.0.0.0/16",
            zones: ["use1-az4"],
            vpcId: own.vpcId,
            subnetIds: { serving: ["subnet-0123456789abcdef0"] },
            securityGroupIds: { serving: "sg-0123456789abcdef0" },
            efaSecurityGroupIds: { serving: "sg-0fedcba9876543210" },
            namespace: { ...own.namespace, name: "llm.internal" },
          });
          new GpuNodePool("large", {
            network,
            config,
            segment: "serving",
            instanceType: "p4d.24xlarge",
            modelBytes: 140e9,
            size: 2,
            interconnect: "efa",
            files: [],
            services: ["cluster.service"],
            drainSeconds: 60,
          });
        },
      },
    );
    expect(interfacesOf(graph).map(({ securityGroups }) => securityGroups)).toEqual([
      ["sg-0123456789abcdef0", "sg-0fedcba9876543210"],
      ...Array.from({ length: 4 }, () => ["sg-0fedcba9876543210"]),
    ]);
  });

  it.each<[string, Partial<Omit<GpuNodePoolArgs, "network" | "config">>, string]>([
    [
      "a type that has no adapters, with those of its GPU that have",
      { instanceType: "g6e.4xlarge", modelBytes: 30e9 },
      "interconnect: g6e.4xlarge takes no Elastic Fabric Adapter; types with the same GPU that do: g6e.8xlarge, g6e.16xlarge, g6e.12xlarge, g6e.24xlarge, g6e.48xlarge",
    ],
    [
      "one host",
      { size: 1 },
      "interconnect: Elastic Fabric Adapters are for data between hosts, and this pool has one",
    ],
    [
      "one host at most",
      { size: { min: 0, max: 1 }, interconnect: { kind: "efa" } },
      'say { kind: "efa", singleHost: true } where the host exchanges data with another pool',
    ],
    ["spot", { capacity: { kind: "spot" } }, 'capacity: "spot" is not for hosts with Elastic Fabric Adapters'],
    [
      "several zones",
      { zones: ["use1-az4", "use1-az6"] },
      "zones: must be one zone, got use1-az4, use1-az6; Elastic Fabric Adapters pass data within one zone",
    ],
    [
      "several zones without adapters",
      { interconnect: undefined, clusterPlacement: true, zones: ["use1-az4", "use1-az6"] } as never,
      "zones: must be one zone, got use1-az4, use1-az6; a cluster placement group is in one zone",
    ],
    [
      "a reservation in a zone that nobody named",
      { capacity: { kind: "reservation", reservationId: "cr-0123456789abcdef0" } },
      "zones: missing; Elastic Fabric Adapters pass data within one zone, and it must be that of the reservation: one of use1-az3, use1-az4, use1-az6",
    ],
    [
      "a placement group around a capacity block",
      {
        capacity: { kind: "capacity-block", reservationId: "cr-0123456789abcdef0" },
        zones: ["use1-az4"],
        clusterPlacement: true,
      },
      "clusterPlacement: is not for a capacity block, whose hosts AWS places close together itself; leave it out",
    ],
    [
      "a placement group that is named and not wanted",
      { clusterPlacement: false, placementGroupName: "rack" },
      "clusterPlacement: must not be false with placementGroupName; leave one out",
    ],
    ["another interconnect", { interconnect: "rdma" as never }, "interconnect: "],
  ])("rejects %s", async (_what, change, reason) => {
    expect(await refusal(plan(change))).toContain(reason);
  });

  it("rejects a network without the group, together with what else is wrong", async () => {
    const text = await refusal(plan({ size: 1 }, { efa: false }));
    expect(text).toContain("GpuNodePool: 2 problems in its arguments");
    expect(text).toContain(
      'network: has no security group for Elastic Fabric Adapters in serving; add efaNetworkNeeds("serving") to its needs (adoptNetwork: efaSecurityGroupIds)',
    );
  });
});

describe("HostPool with clusterPlacement", () => {
  const hosts = (change: Partial<Omit<HostPoolArgs, "network" | "config">> = {}) =>
    plan(
      {},
      {
        then: (network, config) => {
          new HostPool("near", {
            network,
            config,
            segment: "serving",
            image: publicImages.amazonLinux2023,
            instanceType: "c7i.8xlarge",
            size: 2,
            clusterPlacement: true,
            files: [],
            services: [],
            drainSeconds: 60,
            ...change,
          });
        },
      },
    );

  it("is in the network's first zone, or the one that is named", async () => {
    const graph = await hosts();
    expect(zonesOf(graph, "near-group")).toEqual(["llm-subnet-serving-use1-az3"]);
    expect(graph.references(named(graph, "near-group"), "placementGroup", placementType).resources.length).toBe(1);
    expect(interfacesOf(graph, "near-template").length).toBe(1);
    expect(zonesOf(await hosts({ zones: ["use1-az6"] }), "near-group")).toEqual(["llm-subnet-serving-use1-az6"]);
  });

  it("rejects several zones", async () => {
    expect(await refusal(hosts({ zones: ["use1-az4", "use1-az6"] }))).toContain(
      "zones: must be one zone with cluster placement, got use1-az4, use1-az6; a cluster placement group is in one zone",
    );
  });
});

describe("what judges a pool with adapters", () => {
  it("the pack finds nothing to refuse, and the proof sees its hosts and no way to them", async () => {
    const graph = await plan();
    expect(evaluatePolicies(graph).blocking).toEqual([]);
    const report = proveExposure(graph);
    expect(report.verdict).toBe("none");
    expect(report.endpoints.map(({ endpoint }) => endpoint)).toContain(named(graph, "large-group").urn);
  });

  it("a public address on the last of 33 interfaces is a finding, and a lock left open in the proof", async () => {
    const graph = await plan();
    const interfaces = interfacesOf(graph).map((one, index) =>
      index === 32 ? { ...one, associatePublicIpAddress: "true" } : one,
    );
    const broken = new ResourceGraph(
      graph.resources.map((resource) =>
        resource.name === "large-template"
          ? { ...resource, inputs: { ...resource.inputs, networkInterfaces: interfaces } }
          : resource,
      ),
    );
    expect(evaluatePolicies(broken).blocking.map(({ rule, property }) => [rule, property])).toEqual([
      ["LLM-NET-006", "networkInterfaces[32].associatePublicIpAddress"],
    ]);
    const { endpoints } = proveExposure(broken);
    expect(
      endpoints.filter(({ verdict }) => verdict !== "none").map(({ endpoint, verdict }) => [endpoint, verdict]),
    ).toEqual([[named(graph, "large-group").urn, "exposed"]]);
  });
});

function planWithout(change: Partial<Omit<GpuNodePoolArgs, "network" | "config">> = {}): Promise<ResourceGraph> {
  return plan(
    {},
    {
      efa: false,
      then: (network, config) => {
        new GpuNodePool("large", {
          network,
          config,
          segment: "serving",
          instanceType: "p5.48xlarge",
          modelBytes: 810e9,
          size: 4,
          files: [],
          services: ["cluster.service"],
          drainSeconds: 660,
          ...change,
        });
      },
    },
  );
}
