import {
  evaluatePolicies,
  isUnknown,
  type PlannedResource,
  type PropertyValue,
  type ResourceGraph,
} from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { defaultNetworkNeeds, efaNetworkNeeds } from "./network-needs";
import { placedSegments } from "./placement";
import { PrivateNetwork } from "./private-network";
import type { PrivateNetworkArgs } from "./private-network-args";

const args: PrivateNetworkArgs = {
  region: "eu-central-1",
  cidr: "10.40.0.0/16",
  zones: ["euc1-az1", "euc1-az2"],
  clients: [
    { name: "office", cidr: "10.10.0.0/16" },
    { name: "apps", cidr: "10.20.0.0/16" },
  ],
};

interface Planned {
  readonly graph: ResourceGraph;
  readonly network: PrivateNetwork;
}

/** The network under the offline engine, as on a first preview: every id is unknown. */
async function plan(change: Partial<PrivateNetworkArgs> = {}): Promise<Planned> {
  let network: PrivateNetwork | undefined;
  const { graph } = await planProgram({
    project: "test",
    stack: "test",
    program: () => {
      network = new PrivateNetwork("llm", { ...args, ...change });
    },
  });
  if (!network) throw new Error("the program made no network");
  return { graph, network };
}

/** The error of a network with these arguments, as its user reads it. */
async function refusal(change: Partial<PrivateNetworkArgs>): Promise<string> {
  return plan(change).then(
    () => "no error",
    (error: unknown) => String(error),
  );
}

const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const names = (resources: readonly PlannedResource[]) => resources.map((resource) => resource.name).sort();
const named = (graph: ResourceGraph, name: string): PlannedResource => {
  const found = graph.resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`the plan has no ${name}`);
  return found;
};
const input = (resource: PlannedResource, key: string): PropertyValue | undefined => resource.inputs[key];
const text = (resource: PlannedResource, key: string): string => {
  const value = input(resource, key);
  if (typeof value !== "string") throw new Error(`${key} of ${resource.name} is not a known text`);
  return value;
};

describe("PrivateNetwork", () => {
  it("has a subnet, a route table and their association for each segment and zone, and a group and an ACL for each segment", async () => {
    const { graph } = await plan();
    const places = placedSegments.flatMap((segment) => args.zones.map((zone) => `${segment}-${zone}`)).sort();
    expect(names(graph.ofType("aws:ec2/subnet:Subnet"))).toEqual(places.map((place) => `llm-subnet-${place}`));
    expect(names(graph.ofType("aws:ec2/routeTable:RouteTable"))).toEqual(places.map((place) => `llm-routes-${place}`));
    expect(graph.ofType("aws:ec2/routeTableAssociation:RouteTableAssociation").length).toBe(places.length);
    expect(names(graph.ofType("aws:ec2/networkAcl:NetworkAcl"))).toEqual(
      placedSegments.map((segment) => `llm-acl-${segment}`).sort(),
    );
    for (const segment of placedSegments)
      expect(named(graph, `llm-group-${segment}`).type).toBe("aws:ec2/securityGroup:SecurityGroup");
    for (const subnet of graph.ofType("aws:ec2/subnet:Subnet")) {
      expect(args.zones).toContain(input(subnet, "availabilityZoneId"));
      expect(input(subnet, "mapPublicIpOnLaunch")).toBe(false);
    }
    expect(input(named(graph, "llm-vpc"), "enableDnsHostnames")).toBe(true);
    expect(input(named(graph, "llm-vpc"), "enableDnsSupport")).toBe(true);
  });

  it("has no way to or from the internet", async () => {
    const { graph } = await plan();
    const doors = /InternetGateway|NatGateway|EgressOnly|Eip|VpcPeering|VpnGateway|VpcEndpointService:/;
    expect(graph.resources.filter((resource) => doors.test(resource.type))).toEqual([]);
    expect(graph.ofType("aws:ec2/route:Route")).toEqual([]);
    for (const table of graph.ofType("aws:ec2/routeTable:RouteTable")) expect(input(table, "routes")).toBeUndefined();
  });

  it("empties what AWS makes with every VPC", async () => {
    const { graph } = await plan();
    for (const name of ["llm-default-group", "llm-default-acl"]) {
      expect(input(named(graph, name), "ingress")).toEqual([]);
      expect(input(named(graph, name), "egress")).toEqual([]);
    }
    expect(input(named(graph, "llm-default-routes"), "routes")).toEqual([]);
  });

  it("has exactly the rules of its access matrix, and addresses in those for client networks alone", async () => {
    const { graph, network } = await plan();
    const rules = [...graph.ofType(ingressRule), ...graph.ofType(egressRule)];
    expect(names(rules)).toEqual(network.accessMatrix.flatMap((entry) => entry.rules).sort());
    for (const rule of rules) {
      const peers = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"].filter(
        (key) => input(rule, key) !== undefined,
      );
      expect(peers.length).toBe(1);
      const cidr = input(rule, "cidrIpv4");
      if (cidr !== undefined) expect(["10.10.0.0/16", "10.20.0.0/16"]).toContain(cidr);
    }
    expect(rules.filter((rule) => input(rule, "cidrIpv4") !== undefined).length).toBe(2);
    for (const group of graph.ofType("aws:ec2/securityGroup:SecurityGroup")) {
      expect(input(group, "ingress")).toBeUndefined();
      expect(input(group, "egress")).toBeUndefined();
      expect(input(group, "name")).toBeUndefined();
    }
  });

  it("joins each rule to the groups of its flow", async () => {
    const { graph } = await plan();
    const groups = (rule: string, key: string) =>
      names(graph.references(named(graph, rule), key, "aws:ec2/securityGroup:SecurityGroup").resources);
    expect(groups("llm-rule-gateway-to-serving-tcp-8000-8007-in", "securityGroupId")).toEqual(["llm-group-serving"]);
    expect(groups("llm-rule-gateway-to-serving-tcp-8000-8007-in", "referencedSecurityGroupId")).toEqual([
      "llm-group-gateway",
    ]);
    expect(groups("llm-rule-gateway-to-serving-tcp-8000-8007-out", "securityGroupId")).toEqual(["llm-group-gateway"]);
    expect(groups("llm-rule-gateway-to-serving-tcp-8000-8007-out", "referencedSecurityGroupId")).toEqual([
      "llm-group-serving",
    ]);
    expect(groups("llm-rule-serving-to-endpoint-logs-tcp-443-in", "securityGroupId")).toEqual([
      "llm-group-endpoint-logs",
    ]);
  });

  it("NET-R21: gives EFA hosts a group of their own with all traffic to and from itself, by reference, and only where declared", async () => {
    const { graph: without } = await plan();
    const { graph, network } = await plan({ needs: [...defaultNetworkNeeds(), efaNetworkNeeds("serving")] });
    const before = new Set(names(without.resources));
    expect(names(graph.resources).filter((name) => !before.has(name))).toEqual([
      "llm-group-efa-serving",
      "llm-rule-efa-serving-in",
      "llm-rule-efa-serving-out",
    ]);
    expect(network.efaSecurityGroupId("gateway")).toBeUndefined();
    for (const [name, type] of [
      ["llm-rule-efa-serving-in", ingressRule],
      ["llm-rule-efa-serving-out", egressRule],
    ] as const) {
      const rule = named(graph, name);
      expect(rule.type).toBe(type);
      expect(input(rule, "ipProtocol")).toBe("-1");
      for (const key of ["fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId"])
        expect(input(rule, key)).toBeUndefined();
      for (const key of ["securityGroupId", "referencedSecurityGroupId"])
        expect(names(graph.references(rule, key, "aws:ec2/securityGroup:SecurityGroup").resources)).toEqual([
          "llm-group-efa-serving",
        ]);
    }
    expect(network.accessMatrix.at(-1)).toEqual({
      from: "serving",
      to: "serving",
      protocol: "all",
      port: 0,
      toPort: 65_535,
      purpose: "between hosts with Elastic Fabric Adapters, members of group-efa-serving only",
      rules: ["llm-rule-efa-serving-out", "llm-rule-efa-serving-in"],
    });
  });

  it("renames nothing when a zone, a client network or a flow comes", async () => {
    const before = (await plan()).graph.resources.map((resource) => resource.urn);
    const extra = {
      from: "management",
      to: "observability",
      protocol: "tcp",
      port: 3000,
      purpose: "dashboards",
    } as const;
    const changes: Partial<PrivateNetworkArgs>[] = [
      { zones: ["euc1-az3", ...args.zones] },
      { clients: [{ name: "branch", cidr: "10.30.0.0/16" }, ...(args.clients ?? [])] },
      { needs: [{ flows: [extra] }, ...defaultNetworkNeeds()] },
    ];
    for (const change of changes) {
      const after = new Map((await plan(change)).graph.resources.map((resource) => [resource.urn, resource]));
      for (const urn of before) expect(after.has(urn)).toBe(true);
      expect(after.size).toBeGreaterThan(before.length);
    }
    const subnetsOf = async (zones: string[]) =>
      new Map(
        (await plan({ zones })).graph
          .ofType("aws:ec2/subnet:Subnet")
          .map((subnet) => [subnet.urn, input(subnet, "cidrBlock")]),
      );
    const [two, three] = [await subnetsOf([...args.zones]), await subnetsOf(["euc1-az3", ...args.zones])];
    for (const [urn, cidr] of two) expect(three.get(urn)).toBe(cidr);
  });

  it("gives each interface endpoint its own group and private DNS, and the S3 endpoint the routes of its callers", async () => {
    const { graph } = await plan();
    const endpoints = graph.ofType("aws:ec2/vpcEndpoint:VpcEndpoint");
    const services = new Set(
      defaultNetworkNeeds().flatMap((need) =>
        need.flows.flatMap(({ to }) => (to.startsWith("endpoint:") ? [to.slice(9)] : [])),
      ),
    );
    expect(names(endpoints)).toEqual([...services].map((service) => `llm-endpoint-${service}`).sort());
    for (const endpoint of endpoints) {
      const service = endpoint.name.replace("llm-endpoint-", "");
      expect(input(endpoint, "serviceName")).toBe(`com.amazonaws.eu-central-1.${service}`);
      expect(input(endpoint, "policy")).toBeDefined();
      if (service === "s3") continue;
      expect(input(endpoint, "privateDnsEnabled")).toBe(true);
      expect(
        names(graph.references(endpoint, "securityGroupIds", "aws:ec2/securityGroup:SecurityGroup").resources),
      ).toEqual([`llm-group-endpoint-${service}`]);
      expect(names(graph.references(endpoint, "subnetIds", "aws:ec2/subnet:Subnet").resources)).toEqual([
        "llm-subnet-storage-euc1-az1",
        "llm-subnet-storage-euc1-az2",
      ]);
    }
    const tables = names(
      graph.references(named(graph, "llm-endpoint-s3"), "routeTableIds", "aws:ec2/routeTable:RouteTable").resources,
    );
    expect(tables.length).toBe(6);
    expect(tables.some((table) => table.includes("management") || table.includes("storage"))).toBe(false);
  });

  it("limits endpoints to the own account, and the S3 endpoint to named buckets besides", async () => {
    const { graph } = await plan({
      accountId: "111122223333",
      needs: [...defaultNetworkNeeds(), { flows: [], buckets: ["mirror"] }],
    });
    const policy = (service: string) => JSON.parse(text(named(graph, `llm-endpoint-${service}`), "policy")) as unknown;
    const own = (conditions: Record<string, string>) => ({
      Sid: "OwnAccount",
      Effect: "Allow",
      Principal: "*",
      Action: "*",
      Resource: "*",
      Condition: { StringEquals: conditions },
    });
    const both = { "aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333" };
    expect(policy("secretsmanager")).toEqual({ Version: "2012-10-17", Statement: [own(both)] });
    expect(policy("ssm")).toEqual({
      Version: "2012-10-17",
      Statement: [own({ "aws:PrincipalAccount": "111122223333" })],
    });
    expect(policy("s3")).toEqual({
      Version: "2012-10-17",
      Statement: [
        own(both),
        {
          Sid: "ReadNamedBuckets",
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: ["arn:aws:s3:::mirror/*", "arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*"],
        },
      ],
    });
    // Without the number the text waits for the VPC, and says nothing wrong before.
    const later = (await plan()).graph;
    expect(isUnknown(input(named(later, "llm-endpoint-s3"), "policy"))).toBe(true);
  });

  it("writes every flow of the VPC into an encrypted log group that is kept", async () => {
    const { graph } = await plan();
    const [log] = graph.ofType("aws:ec2/flowLog:FlowLog");
    expect(log && input(log, "trafficType")).toBe("ALL");
    expect(log && text(log, "logFormat")).toContain("${encryption-status}");
    const group = named(graph, "llm-flow-log-group");
    expect(input(group, "retentionInDays")).toBe(365);
    expect(input(group, "kmsKeyId")).toBeDefined();
    expect([group.protect, named(graph, "llm-logs-key").protect]).toEqual([true, true]);
    expect(input(named(graph, "llm-logs-key"), "enableKeyRotation")).toBe(true);
    const loose = (await plan({ flowLogs: { protect: false, retentionDays: 90 } })).graph;
    expect(named(loose, "llm-flow-log-group").protect).toBe(false);
    expect(input(named(loose, "llm-flow-log-group"), "retentionInDays")).toBe(90);
  });

  it("opens no endpoint in mode none", async () => {
    const { graph, network } = await plan({ egress: { mode: "none" } });
    expect(graph.ofType("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([]);
    expect(network.accessMatrix.filter((entry) => entry.to.startsWith("endpoint:"))).toEqual([]);
    expect(network.endpointSecurityGroupId("ssm")).toBeUndefined();
  });

  it("routes client networks, and nothing else, to a transit gateway", async () => {
    const { graph } = await plan({ clientAccess: { transitGatewayId: "tgw-0123456789abcdef0" } });
    const routes = graph.ofType("aws:ec2/route:Route");
    expect(names(routes)).toEqual(
      ["apps", "office"].flatMap((client) => args.zones.map((zone) => `llm-route-gateway-${zone}-${client}`)).sort(),
    );
    expect(new Set(routes.map((route) => input(route, "destinationCidrBlock")))).toEqual(
      new Set(["10.10.0.0/16", "10.20.0.0/16"]),
    );
  });

  it("makes a host wait for its endpoints and rules, and for no other segment's", async () => {
    let found: string[] = [];
    await planProgram({
      project: "test",
      stack: "test",
      program: async () => {
        const network = new PrivateNetwork("llm", {
          ...args,
          needs: [...defaultNetworkNeeds(), efaNetworkNeeds("serving"), efaNetworkNeeds("gateway")],
        });
        const urns = await Promise.all(
          network.readiness("serving").map((resource) => new Promise<string>((done) => resource.urn.apply(done))),
        );
        found = urns.map((urn) => urn.split("::").at(-1) ?? "");
      },
    });
    expect(found).toContain("llm-endpoint-secretsmanager");
    expect(found).toContain("llm-rule-serving-to-endpoint-secretsmanager-tcp-443-in");
    expect(found).toContain("llm-rule-serving-to-endpoint-s3-tcp-443-out");
    expect(found.filter((name) => name.startsWith("llm-rule-efa"))).toEqual([
      "llm-rule-efa-serving-out",
      "llm-rule-efa-serving-in",
    ]);
    expect(found.filter((name) => name.startsWith("llm-rule-gateway"))).toEqual([]);
  });

  it("passes every rule of the pack, given the account", async () => {
    const needs = [...defaultNetworkNeeds(), efaNetworkNeeds("serving")];
    const { graph } = await plan({ accountId: "111122223333", needs });
    expect(evaluatePolicies(graph).findings.map(({ rule, urn, message }) => `${rule} ${urn} ${message}`)).toEqual([]);
  });

  it("registers the access matrix and makes everything its child", async () => {
    const { graph, network } = await plan();
    const component = named(graph, "llm");
    expect(component.type).toBe("network:index:PrivateNetwork");
    expect(component.outputs?.accessMatrix).toEqual(JSON.parse(JSON.stringify(network.accessMatrix)));
    for (const resource of graph.resources) if (resource.custom) expect(resource.parent).toBe(component.urn);
  });

  it("rejects a name that AWS could not take", async () => {
    const made = planProgram({
      project: "test",
      stack: "test",
      program: () => {
        new PrivateNetwork("llm_network", args);
      },
    });
    await expect(made).rejects.toThrow(
      'name: must be at most 42 letters, digits and hyphens, a letter first, got "llm_network"',
    );
  });

  it("rejects everything that is wrong, at once", async () => {
    const text = await refusal({
      cidr: "10.40.0.0/24",
      zones: ["euc1-az1", "use1-az1"],
      clients: [{ name: "world", cidr: "0.0.0.0/0" }],
      needs: [{ flows: [{ from: "clients", to: "serving", protocol: "tcp", port: 8000, purpose: "short cut" }] }],
    });
    expect(text).toContain("PrivateNetwork: 5 problems in its arguments");
    for (const path of ["cidr: ", "zones[1]: ", "clients[0].cidr: ", "needs[0].flows[0]: "])
      expect(text).toContain(path);
  });

  it.each<[string, object, string]>([
    [
      "an allow-list",
      { egress: { mode: "allow-list" } },
      'egress.mode: got "allow-list", which needs a firewall that this version does not build; allowed: none, endpoints',
    ],
    [
      "another word for it",
      { egress: { mode: "endpoint" } },
      'egress.mode: got "endpoint"; allowed: none, endpoints; did you mean "endpoints"?',
    ],
    [
      "a retention that AWS does not have",
      { flowLogs: { retentionDays: 100 } },
      "flowLogs.retentionDays: must be one of 1, 3, 5",
    ],
    ["a short account number", { accountId: "123" }, "accountId: must be twelve digits"],
    [
      "too many client networks",
      { clients: Array.from({ length: 20 }, (_, index) => ({ name: `n${index}`, cidr: `10.${100 + index}.0.0/16` })) },
      "clients: 20 client networks make",
    ],
    ["a one-word domain", { privateDomain: "llm" }, "privateDomain: must be a domain name of at least two labels"],
  ])("rejects %s", async (_what, change, reason) => {
    expect(await refusal(change)).toContain(reason);
  });
});
