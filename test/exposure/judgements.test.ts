import { describe, expect, it } from "vitest";
import { proveExposure, type ExposedEndpoint, type ExposureOptions } from "@holdfast/policies";
import { GraphBuilder, type Ref, type Value } from "./graph-builder";

/** The row of one endpoint. */
function judge(builder: GraphBuilder, endpoint: Ref, options?: ExposureOptions): ExposedEndpoint {
  const row = proveExposure(builder.graph(), options).endpoints.find((one) => one.endpoint === endpoint.urn);
  if (row === undefined) throw new Error(`no verdict about ${endpoint.urn}`);
  return row;
}

/** A VPC as most programs make it: public and private subnets, a NAT gateway, a route table of each kind. */
function usualNetwork(builder: GraphBuilder): { vpc: Ref; publicSubnet: Ref; privateSubnet: Ref } {
  const vpc = builder.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
  const internet = builder.add("aws:ec2/internetGateway:InternetGateway", "internet", { vpcId: vpc });
  const publicSubnet = builder.add("aws:ec2/subnet:Subnet", "public", {
    vpcId: vpc,
    cidrBlock: "10.0.0.0/24",
    mapPublicIpOnLaunch: true,
  });
  const privateSubnet = builder.add("aws:ec2/subnet:Subnet", "private", { vpcId: vpc, cidrBlock: "10.0.1.0/24" });
  const address = builder.add("aws:ec2/eip:Eip", "nat-address", { domain: "vpc" });
  const nat = builder.add("aws:ec2/natGateway:NatGateway", "nat", { subnetId: publicSubnet, allocationId: address });
  const tables: [string, Ref, Record<string, Value>][] = [
    ["public-routes", publicSubnet, { gatewayId: internet }],
    ["private-routes", privateSubnet, { natGatewayId: nat }],
  ];
  for (const [name, subnet, target] of tables) {
    const table = builder.add("aws:ec2/routeTable:RouteTable", name, {
      vpcId: vpc,
      routes: [{ cidrBlock: "0.0.0.0/0", ...target }],
    });
    builder.add("aws:ec2/routeTableAssociation:RouteTableAssociation", name, { subnetId: subnet, routeTableId: table });
  }
  return { vpc, publicSubnet, privateSubnet };
}

function group(builder: GraphBuilder, name: string, vpc: Ref, ingress: readonly Record<string, Value>[]): Ref {
  return builder.add("aws:ec2/securityGroup:SecurityGroup", name, { vpcId: vpc, ingress });
}

function host(
  builder: GraphBuilder,
  name: string,
  subnets: Value,
  groups: Value,
  rest: Record<string, Value> = {},
): Ref {
  const template = builder.add("aws:ec2/launchTemplate:LaunchTemplate", `${name}-template`, {
    vpcSecurityGroupIds: groups,
  });
  return builder.add("aws:autoscaling/group:Group", name, {
    vpcZoneIdentifiers: subnets,
    launchTemplate: { id: template },
    ...rest,
  });
}

const web = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };

describe("a program of somebody else: a public website in front of private servers", () => {
  const builder = new GraphBuilder();
  const { vpc, publicSubnet, privateSubnet } = usualNetwork(builder);
  const front = group(builder, "front", vpc, [web]);
  const back = group(builder, "back", vpc, [
    { protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: [front] },
  ]);
  const store = group(builder, "store", vpc, [
    { protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: [back] },
  ]);
  const balancer = builder.add("aws:alb/loadBalancer:LoadBalancer", "website", {
    internal: false,
    subnets: [publicSubnet],
    securityGroups: [front],
  });
  const targets = builder.add("aws:lb/targetGroup:TargetGroup", "servers", { vpcId: vpc });
  builder.add("aws:lb/listener:Listener", "https", {
    loadBalancerArn: balancer,
    port: 443,
    defaultActions: [{ type: "forward", targetGroupArn: targets }],
  });
  const servers = host(builder, "server-group", [privateSubnet], [back], { targetGroupArns: [targets] });
  const places = builder.add("aws:rds/subnetGroup:SubnetGroup", "places", { subnetIds: [privateSubnet] });
  const database = builder.add("aws:rds/instance:Instance", "database", {
    dbSubnetGroupName: places,
    vpcSecurityGroupIds: [store],
  });
  const jobs = host(builder, "jobs", [privateSubnet], [store]);

  it("is exposed at the balancer and at the servers behind it, along the whole way", () => {
    expect(judge(builder, balancer)).toMatchObject({ verdict: "exposed", wholePath: true, from: "internet" });
    const row = judge(builder, servers);
    expect(row).toMatchObject({ verdict: "exposed", wholePath: true });
    expect(row.path?.join("\n")).toContain("Listener::https");
  });

  it("is private where nothing hands over", () => {
    expect(judge(builder, database).verdict).toBe("none");
    expect(judge(builder, jobs).verdict).toBe("none");
  });

  it("is private behind an edge that is approved, and the approval is printed", () => {
    const approved = [{ endpoint: "website", reason: "the public website" }];
    const report = proveExposure(builder.graph(), { approved });
    expect(report.verdict).toBe("none");
    expect(judge(builder, balancer, { approved }).cut).toEqual(["approved as public: the public website"]);
    expect(report.assumptions).toContain("approved as public: website, the public website");
  });

  it("says so when an approval matches nothing", () => {
    const report = proveExposure(builder.graph(), { approved: [{ endpoint: "websight", reason: "typing error" }] });
    expect(report.assumptions.join()).toContain("approved as public (matches nothing): websight");
    expect(report.verdict).toBe("exposed");
  });
});

describe("what cannot be told", () => {
  it("is a rule whose block is not known, and names where it comes from", () => {
    const builder = new GraphBuilder();
    const { vpc, privateSubnet } = usualNetwork(builder);
    const other = builder.add("pulumi:pulumi:StackReference", "offices");
    const own = group(builder, "own", vpc, []);
    builder.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
      securityGroupId: own,
      cidrIpv4: other,
      ipProtocol: "tcp",
      fromPort: 22,
      toPort: 22,
    });
    const row = judge(builder, host(builder, "hosts", [privateSubnet], [own]));
    expect(row.verdict).toBe("undetermined");
    expect(row.unknown?.join()).toContain("StackReference::offices");
  });

  it("is not the block of the program's own VPC, though it is not known either", () => {
    const builder = new GraphBuilder();
    const { vpc, privateSubnet } = usualNetwork(builder);
    const own = group(builder, "own", vpc, []);
    builder.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
      securityGroupId: own,
      cidrIpv4: vpc,
      ipProtocol: "-1",
    });
    expect(judge(builder, host(builder, "hosts", [privateSubnet], [own])).verdict).toBe("none");
  });

  it("is a subnet of somewhere else, unless it is said to be private", () => {
    const builder = new GraphBuilder();
    const vpc = builder.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    const hosts = host(builder, "hosts", ["subnet-0abc"], [group(builder, "own", vpc, [])]);
    expect(judge(builder, hosts).verdict).toBe("undetermined");
    expect(judge(builder, hosts, { assume: { outsideSubnetsPrivate: true } }).verdict).toBe("none");
  });

  it("is a group of somewhere else: carried, or admitted", () => {
    const builder = new GraphBuilder();
    const { vpc, privateSubnet } = usualNetwork(builder);
    const carried = host(builder, "carried", [privateSubnet], ["sg-0other"]);
    const admitted = host(
      builder,
      "admitted",
      [privateSubnet],
      [group(builder, "own", vpc, [{ protocol: "-1", securityGroups: ["sg-0other"] }])],
    );
    const account = host(
      builder,
      "account",
      [privateSubnet],
      [group(builder, "foreign", vpc, [{ protocol: "-1", securityGroups: ["999988887777/sg-0other"] }])],
    );
    // Beside a group of the program it is somebody else's all the same.
    const both = host(builder, "both", [privateSubnet], [group(builder, "closed", vpc, []), "sg-0other"]);
    for (const one of [carried, admitted, account, both]) expect(judge(builder, one).verdict).toBe("undetermined");
    const assume = { outsideGroupsPrivate: true };
    expect(judge(builder, carried, { assume }).verdict).toBe("none");
    expect(judge(builder, admitted, { assume }).verdict).toBe("none");
    expect(judge(builder, account, { assume }).verdict).toBe("undetermined");
  });

  it("is a prefix list that AWS keeps, unless its entries are given", () => {
    const builder = new GraphBuilder();
    const { vpc, privateSubnet } = usualNetwork(builder);
    const hosts = host(
      builder,
      "hosts",
      [privateSubnet],
      [group(builder, "own", vpc, [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-0cdn"] }])],
    );
    expect(judge(builder, hosts).verdict).toBe("undetermined");
    expect(judge(builder, hosts, { assume: { prefixLists: { "pl-0cdn": ["10.9.0.0/16"] } } }).verdict).toBe("none");
    expect(judge(builder, hosts, { assume: { prefixLists: { "pl-0cdn": ["13.32.0.0/15"] } } }).verdict).toBe("exposed");
  });

  it("is a bucket policy that is not known, unless AWS would refuse a public one", () => {
    const builder = new GraphBuilder();
    const other = builder.add("pulumi:pulumi:StackReference", "readers");
    const open = builder.add("aws:s3/bucket:Bucket", "open");
    builder.add("aws:s3/bucketPolicy:BucketPolicy", "open-policy", { bucket: open, policy: other });
    const locked = builder.add("aws:s3/bucket:Bucket", "locked");
    builder.add("aws:s3/bucketPolicy:BucketPolicy", "locked-policy", { bucket: locked, policy: other });
    builder.add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {
      bucket: locked,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(judge(builder, open).verdict).toBe("undetermined");
    expect(judge(builder, open, { assume: { accountPublicAccessBlock: true } }).verdict).toBe("none");
    expect(judge(builder, locked).verdict).toBe("none");
  });

  it("is a key policy that something besides the component's own resources flows into", () => {
    const builder = new GraphBuilder();
    const network = builder.add("network:index:PrivateNetwork", "llm");
    const vpc = builder.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }, network);
    const other = builder.add("pulumi:pulumi:StackReference", "accounts");
    const own = builder.add("aws:kms/key:Key", "own", { policy: vpc }, network);
    const mixed = builder.add("aws:kms/key:Key", "mixed", { policy: [vpc, other] }, network);
    const alone = builder.add("aws:kms/key:Key", "alone", { policy: vpc });
    expect(judge(builder, own).verdict).toBe("none");
    expect(proveExposure(builder.graph()).assumptions.join()).toContain("own components write");
    expect(judge(builder, mixed).verdict).toBe("undetermined");
    expect(judge(builder, alone).verdict).toBe("undetermined");
  });

  it.each<[string, (builder: GraphBuilder, other: Ref) => void]>([
    [
      "a route of an unknown table",
      (builder, other) =>
        builder.add("aws:ec2/route:Route", "route", {
          routeTableId: other,
          destinationCidrBlock: "0.0.0.0/0",
          gatewayId: "igw-0abc",
        }),
    ],
    [
      "a gateway of an unknown VPC",
      (builder, other) => builder.add("aws:ec2/internetGateway:InternetGateway", "gateway", { vpcId: other }),
    ],
    [
      "a peering of an unknown VPC",
      (builder, other) =>
        builder.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peering", {
          vpcId: other,
          peerVpcId: "vpc-0partner",
        }),
    ],
    [
      "a public address of an unknown host",
      (builder, other) => builder.add("aws:ec2/eip:Eip", "address", { instance: other }),
    ],
  ])("is %s: it may be ours", (_, add) => {
    const builder = new GraphBuilder();
    const network = builder.add("network:index:PrivateNetwork", "llm");
    const vpc = builder.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }, network);
    const subnet = builder.add("aws:ec2/subnet:Subnet", "subnet", { vpcId: vpc, cidrBlock: "10.0.0.0/24" }, network);
    const server = builder.add("aws:ec2/instance:Instance", "server", {
      subnetId: subnet,
      vpcSecurityGroupIds: [group(builder, "own", vpc, [])],
    });
    expect(judge(builder, server).verdict).toBe("none");
    add(builder, builder.add("pulumi:pulumi:StackReference", "other"));
    expect(judge(builder, server).verdict).toBe("undetermined");
  });

  it("is never an answer where something certain is wrong as well", () => {
    const builder = new GraphBuilder();
    const { vpc, privateSubnet } = usualNetwork(builder);
    const other = builder.add("pulumi:pulumi:StackReference", "offices");
    const own = group(builder, "own", vpc, [web]);
    builder.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
      securityGroupId: own,
      cidrIpv4: other,
      ipProtocol: "tcp",
      fromPort: 22,
      toPort: 22,
    });
    expect(judge(builder, host(builder, "hosts", [privateSubnet], [own])).verdict).toBe("exposed");
  });
});

describe("security groups that refer to each other", () => {
  it("admit members only, round and round", () => {
    const builder = new GraphBuilder();
    const { vpc, privateSubnet } = usualNetwork(builder);
    const names = ["a", "b", "c"];
    const loop = names.map((name) =>
      builder.add("aws:ec2/securityGroup:SecurityGroup", name, {
        vpcId: vpc,
        ingress: [{ protocol: "-1", self: true }],
      }),
    );
    loop.forEach((securityGroupId, at) =>
      builder.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `rule-${at}`, {
        securityGroupId,
        referencedSecurityGroupId: loop[(at + 1) % 3] ?? vpc,
        ipProtocol: "-1",
      }),
    );
    const hosts = host(builder, "hosts", [privateSubnet], loop);
    expect(judge(builder, hosts).verdict).toBe("none");
  });
});

describe("a balancer and its hosts in one group", () => {
  const build = (ingress: readonly Record<string, Value>[]): { builder: GraphBuilder; hosts: Ref } => {
    const builder = new GraphBuilder();
    const { vpc, publicSubnet, privateSubnet } = usualNetwork(builder);
    const front = group(builder, "front", vpc, [web]);
    const shared = group(builder, "shared", vpc, ingress);
    const balancer = builder.add("aws:lb/loadBalancer:LoadBalancer", "balancer", {
      internal: false,
      subnets: [publicSubnet],
      securityGroups: [front, shared],
    });
    const targets = builder.add("aws:lb/targetGroup:TargetGroup", "targets", {});
    builder.add("aws:lb/listener:Listener", "listener", {
      loadBalancerArn: balancer,
      defaultActions: [{ targetGroupArn: targets }],
    });
    return { builder, hosts: host(builder, "hosts", [privateSubnet], [shared], { targetGroupArns: [targets] }) };
  };
  it("reach each other when the group admits its own members", () => {
    const { builder, hosts } = build([{ protocol: "tcp", fromPort: 8080, toPort: 8080, self: true }]);
    expect(judge(builder, hosts, { strength: "whole-path" })).toMatchObject({ verdict: "exposed", wholePath: true });
  });
  it("do not when it admits nobody", () => {
    const { builder, hosts } = build([]);
    expect(judge(builder, hosts, { strength: "whole-path" }).verdict).toBe("none");
    expect(judge(builder, hosts)).toMatchObject({ verdict: "exposed", wholePath: false });
  });
});

describe("hosts with several interfaces in their launch template", () => {
  /** Hosts with Elastic Fabric Adapters as people write them: a first interface, and adapters in a group open to itself. */
  const build = (
    first: Record<string, Value>,
    {
      subnet = "privateSubnet",
      adapter = {},
      rule = {},
    }: {
      subnet?: "privateSubnet" | "publicSubnet";
      adapter?: Record<string, Value>;
      rule?: Record<string, Value>;
    } = {},
  ) => {
    const builder = new GraphBuilder();
    const network = usualNetwork(builder);
    const fabric = group(builder, "fabric", network.vpc, []);
    for (const direction of ["Ingress", "Egress"])
      builder.add(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, direction.toLowerCase(), {
        securityGroupId: fabric,
        referencedSecurityGroupId: fabric,
        ipProtocol: "-1",
        ...(direction === "Ingress" ? rule : {}),
      });
    const own = group(builder, "own", network.vpc, []);
    const template = builder.add("aws:ec2/launchTemplate:LaunchTemplate", "template", {
      networkInterfaces: [
        { networkCardIndex: 0, deviceIndex: 0, securityGroups: [own, fabric], ...first },
        { networkCardIndex: 0, deviceIndex: 1, interfaceType: "efa-only", securityGroups: [fabric], ...adapter },
        { networkCardIndex: 1, deviceIndex: 0, interfaceType: "efa-only", securityGroups: [fabric], ...adapter },
      ],
    });
    const hosts = builder.add("aws:autoscaling/group:Group", "hosts", {
      vpcZoneIdentifiers: [network[subnet]],
      launchTemplate: { id: template },
    });
    return { builder, hosts };
  };
  const none = { associatePublicIpAddress: "false" };
  const open = { cidrIpv4: "0.0.0.0/0" };

  it("are private where a group admits its own members only", () => {
    const { builder, hosts } = build(none, { adapter: none });
    expect(judge(builder, hosts).verdict).toBe("none");
  });

  it("are exposed where the adapters' group admits the internet and one interface asks for a public address", () => {
    for (const [first, adapter] of [
      [{ associatePublicIpAddress: "true" }, none],
      [none, { associatePublicIpAddress: "true" }],
    ] as const) {
      const { builder, hosts } = build(first, { subnet: "publicSubnet", adapter, rule: open });
      const row = judge(builder, hosts, { strength: "whole-path" });
      expect(row).toMatchObject({ verdict: "exposed", wholePath: true });
      expect(row.path?.join("\n")).toContain("public address given by");
    }
  });

  it("take the addresses of their subnet unless the first interface refuses them, whatever the others do", () => {
    const taken = build({}, { subnet: "publicSubnet", adapter: none, rule: open });
    expect(judge(taken.builder, taken.hosts, { strength: "whole-path" })).toMatchObject({
      verdict: "exposed",
      wholePath: true,
    });
    const refused = build(none, { subnet: "publicSubnet", rule: open });
    expect(judge(refused.builder, refused.hosts, { strength: "whole-path" }).verdict).toBe("none");
  });
});

it("names what it did not look at", () => {
  const builder = new GraphBuilder();
  builder.add("aws:athena/workgroup:Workgroup", "queries");
  builder.add("aws:s3/bucket:Bucket", "bucket");
  const { assumptions } = proveExposure(builder.graph());
  expect(assumptions.at(-1)).toBe("taken to accept no connections and to open no door: aws:athena/workgroup:Workgroup");
});

describe("routes", () => {
  it("through a NAT gateway or an egress-only gateway let nobody in", () => {
    const builder = new GraphBuilder();
    const { vpc, privateSubnet } = usualNetwork(builder);
    const out = builder.add("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "out", { vpcId: vpc });
    const table = builder.add("aws:ec2/routeTable:RouteTable", "six", { vpcId: vpc });
    builder.add("aws:ec2/route:Route", "six", {
      routeTableId: table,
      destinationIpv6CidrBlock: "::/0",
      egressOnlyGatewayId: out,
    });
    builder.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "six", {
      subnetId: privateSubnet,
      routeTableId: table,
    });
    expect(judge(builder, host(builder, "hosts", [privateSubnet], [group(builder, "own", vpc, [])])).verdict).toBe(
      "none",
    );
  });

  it("over a peering that lead to declared clients only are how clients come in", () => {
    const builder = new GraphBuilder();
    const vpc = builder.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = builder.add("aws:ec2/subnet:Subnet", "subnet", { vpcId: vpc, cidrBlock: "10.0.0.0/24" });
    const table = builder.add("aws:ec2/routeTable:RouteTable", "table", { vpcId: vpc });
    builder.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "association", {
      subnetId: subnet,
      routeTableId: table,
    });
    const peering = builder.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "apps", {
      vpcId: vpc,
      peerVpcId: "vpc-0apps",
    });
    builder.add("aws:ec2/route:Route", "apps", {
      routeTableId: table,
      destinationCidrBlock: "10.60.0.0/16",
      vpcPeeringConnectionId: peering,
    });
    const hosts = host(builder, "hosts", [subnet], [group(builder, "own", vpc, [])]);
    expect(judge(builder, hosts, { clients: [{ name: "apps", cidr: "10.60.0.0/16" }] }).verdict).toBe("none");
    expect(judge(builder, hosts, { clients: [{ name: "apps", cidr: "10.60.0.0/24" }] }).verdict).toBe("exposed");
    // Nothing declared: private address space is the owner's own.
    expect(judge(builder, hosts).verdict).toBe("none");
  });

  it("to an internet gateway carry nothing where public access to VPCs is blocked, but for exclusions", () => {
    const build = (exclude: boolean): { builder: GraphBuilder; hosts: Ref } => {
      const builder = new GraphBuilder();
      const { vpc, publicSubnet } = usualNetwork(builder);
      builder.add("aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", "block", {
        internetGatewayBlockMode: "block-ingress",
      });
      if (exclude)
        builder.add("aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion", "but", {
          vpcId: vpc,
          internetGatewayExclusionMode: "allow-bidirectional",
        });
      return { builder, hosts: host(builder, "hosts", [publicSubnet], [group(builder, "own", vpc, [web])]) };
    };
    const blocked = build(false);
    expect(judge(blocked.builder, blocked.hosts, { strength: "whole-path" }).verdict).toBe("none");
    const excluded = build(true);
    expect(judge(excluded.builder, excluded.hosts, { strength: "whole-path" })).toMatchObject({
      verdict: "exposed",
      wholePath: true,
    });
  });

  it("of a subnet without a table of its own are those of the main table", () => {
    const builder = new GraphBuilder();
    const vpc = builder.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = builder.add("aws:ec2/subnet:Subnet", "subnet", { vpcId: vpc, cidrBlock: "10.0.0.0/24" });
    const internet = builder.add("aws:ec2/internetGateway:InternetGateway", "internet", { vpcId: vpc });
    const hosts = host(builder, "hosts", [subnet], [group(builder, "own", vpc, [])]);
    expect(judge(builder, hosts).verdict).toBe("none");
    // `vpc.mainRouteTableId` is an output of the VPC.
    builder.add("aws:ec2/route:Route", "main", {
      routeTableId: vpc,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: internet,
    });
    expect(judge(builder, hosts).path?.join()).toContain("Route::main");
  });
});

describe("whole paths only", () => {
  const build = (
    ingress: readonly Record<string, Value>[],
    subnet: "publicSubnet" | "privateSubnet",
  ): { builder: GraphBuilder; hosts: Ref } => {
    const builder = new GraphBuilder();
    const network = usualNetwork(builder);
    return { builder, hosts: host(builder, "hosts", [network[subnet]], [group(builder, "own", network.vpc, ingress)]) };
  };
  it.each([
    ["an open rule in a private subnet", [web], "privateSubnet"],
    ["a closed group in a public subnet", [], "publicSubnet"],
  ] as const)("%s is a lock left open, not a way in", (_, ingress, subnet) => {
    const { builder, hosts } = build(ingress, subnet);
    expect(judge(builder, hosts)).toMatchObject({ verdict: "exposed", wholePath: false });
    expect(judge(builder, hosts, { strength: "whole-path" }).verdict).toBe("none");
  });
  it("both together are a way in", () => {
    const { builder, hosts } = build([web], "publicSubnet");
    expect(judge(builder, hosts)).toMatchObject({ verdict: "exposed", wholePath: true });
    expect(judge(builder, hosts, { strength: "whole-path" }).verdict).toBe("exposed");
  });
});

describe("Kubernetes and Docker", () => {
  const verdict = (type: string, inputs: Record<string, Value>, options?: ExposureOptions): string => {
    const builder = new GraphBuilder();
    return judge(builder, builder.add(type, "it", inputs), options).verdict;
  };
  const service = "kubernetes:core/v1:Service";
  const annotated = (annotations: Record<string, string>, spec: Record<string, Value>): Record<string, Value> => ({
    metadata: { annotations },
    spec,
  });
  const internal = { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" };
  it.each<[string, string, Record<string, Value>, string]>([
    ["a cluster address", service, { spec: {} }, "none"],
    ["a load balancer that nobody calls internal", service, { spec: { type: "LoadBalancer" } }, "exposed"],
    ["an internal load balancer", service, annotated(internal, { type: "LoadBalancer" }), "none"],
    [
      "a public scheme of a controller that defaults to private",
      service,
      annotated(
        { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" },
        { type: "LoadBalancer", loadBalancerClass: "service.k8s.aws/nlb" },
      ),
      "exposed",
    ],
    [
      "a load balancer for private sources",
      service,
      { spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] } },
      "none",
    ],
    [
      "a load balancer for all sources in halves",
      service,
      { spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["0.0.0.0/1", "128.0.0.0/1"] } },
      "exposed",
    ],
    ["an external address", service, { spec: { externalIPs: ["198.51.100.9"] } }, "exposed"],
    [
      "a public application balancer",
      "kubernetes:networking.k8s.io/v1:Ingress",
      annotated({ "alb.ingress.kubernetes.io/scheme": "internet-facing" }, {}),
      "exposed",
    ],
    [
      "a private application balancer",
      "kubernetes:networking.k8s.io/v1:Ingress",
      { spec: { ingressClassName: "alb" } },
      "none",
    ],
    [
      "an ingress of some controller",
      "kubernetes:networking.k8s.io/v1:Ingress",
      { spec: { ingressClassName: "nginx" } },
      "undetermined",
    ],
    [
      "a host port",
      "kubernetes:apps/v1:DaemonSet",
      { spec: { template: { spec: { containers: [{ ports: [{ hostPort: 9100 }] }] } } } },
      "undetermined",
    ],
    [
      "a container on every address",
      "docker:index/container:Container",
      { ports: [{ internal: 8000, external: 8000 }] },
      "exposed",
    ],
    [
      "a container on the IPv6 wildcard",
      "docker:index/container:Container",
      { ports: [{ internal: 8000, ip: "::" }] },
      "exposed",
    ],
    [
      "a container on loopback",
      "docker:index/container:Container",
      { ports: [{ internal: 8000, ip: "127.0.0.1" }] },
      "none",
    ],
    [
      "a container on a private address",
      "docker:index/container:Container",
      { ports: [{ internal: 8000, ip: "10.1.2.3" }] },
      "none",
    ],
    [
      "a container on a public address",
      "docker:index/container:Container",
      { ports: [{ internal: 8000, ip: "203.0.113.5" }] },
      "exposed",
    ],
    ["a container that publishes everything", "docker:index/container:Container", { publishAllPorts: true }, "exposed"],
    ["a container on the host's network", "docker:index/container:Container", { networkMode: "host" }, "undetermined"],
  ])("%s: %s", (_, type, inputs, expected) => {
    expect(verdict(type, inputs)).toBe(expected);
  });

  it("go by the controller where that is given", () => {
    const inputs = { spec: { type: "LoadBalancer" } };
    expect(verdict(service, inputs, { assume: { loadBalancerController: "aws-load-balancer-controller" } })).toBe(
      "none",
    );
  });
});

it("refuses a client network that is not a block of addresses", () => {
  const builder = new GraphBuilder();
  expect(() => proveExposure(builder.graph(), { clients: [{ name: "apps", cidr: "10.0.0/8" }] })).toThrow(
    'client network "apps": not a CIDR block: "10.0.0/8"',
  );
});
