import fc from "fast-check";
import { expect, it } from "vitest";
import { proveExposure, type ExposureVerdict } from "@holdfast/policies";
import { GraphBuilder, type Ref, type Value } from "./graph-builder";

// A network small enough to try every packet that could make a difference.
interface Rule {
  readonly block: string;
  readonly port: number;
  readonly toPort: number;
}
interface AclRule extends Rule {
  readonly number: number;
  readonly allow: boolean;
}
interface Network {
  readonly tables: readonly (readonly { readonly block: string; readonly via: "internet" | "nat" }[])[];
  readonly subnets: readonly {
    readonly table: number | undefined;
    readonly acl: number | undefined;
    readonly mapPublic: boolean;
  }[];
  readonly acls: readonly (readonly AclRule[])[];
  readonly groups: readonly { readonly rules: readonly Rule[]; readonly admits: readonly number[] }[];
  readonly hosts: readonly {
    readonly subnets: readonly number[];
    readonly groups: readonly number[];
    readonly publicAddress: boolean | undefined;
  }[];
  readonly balancers: readonly {
    readonly subnets: readonly number[];
    readonly groups: readonly number[];
    readonly internal: boolean;
    readonly targets: readonly number[];
  }[];
}

const blocks = [
  "0.0.0.0/0",
  "0.0.0.0/1",
  "128.0.0.0/1",
  "8.0.0.0/8",
  "8.8.0.0/16",
  "10.0.0.0/8",
  "10.0.0.0/16",
  "192.168.0.0/16",
  "203.0.113.7/32",
];
/** One address inside each region that the blocks cut the address space into. */
const sources = ["8.8.8.8", "8.1.1.1", "1.1.1.1", "203.0.113.7", "150.0.0.1"];
const ports = [22, 443, 444, 8000];

function network(anyBlock: readonly string[], anyPorts: boolean): fc.Arbitrary<Network> {
  const rule = fc
    .record({
      block: fc.constantFrom(...anyBlock),
      range: anyPorts
        ? fc.constant([0, 65_535] as const)
        : fc.constantFrom([443, 443] as const, [22, 443] as const, [444, 9000] as const, [0, 65_535] as const),
    })
    .map(({ block, range }) => ({ block, port: range[0], toPort: range[1] }));
  const index = (length: number): fc.Arbitrary<number> => fc.nat({ max: length - 1 });
  const some = (length: number): fc.Arbitrary<number[]> =>
    fc.uniqueArray(index(length), { minLength: 1, maxLength: length });
  return fc.record({
    tables: fc.array(
      fc.array(
        fc.record({ block: fc.constantFrom(...anyBlock), via: fc.constantFrom("internet" as const, "nat" as const) }),
        { maxLength: 2 },
      ),
      { minLength: 2, maxLength: 2 },
    ),
    subnets: fc.array(
      fc.record({
        table: fc.option(index(2), { nil: undefined }),
        acl: fc.option(index(2), { nil: undefined }),
        mapPublic: fc.boolean(),
      }),
      { minLength: 3, maxLength: 3 },
    ),
    acls: fc.array(
      fc.uniqueArray(
        fc.tuple(rule, fc.nat({ max: 20 }), fc.boolean()).map(([one, number, allow]) => ({ ...one, number, allow })),
        { maxLength: 4, selector: ({ number }) => number },
      ),
      { minLength: 2, maxLength: 2 },
    ),
    groups: fc.array(
      fc.record({ rules: fc.array(rule, { maxLength: 3 }), admits: fc.array(index(3), { maxLength: 2 }) }),
      { minLength: 3, maxLength: 3 },
    ),
    hosts: fc.array(
      fc.record({ subnets: some(3), groups: some(3), publicAddress: fc.constantFrom(true, false, undefined) }),
      { minLength: 2, maxLength: 2 },
    ),
    balancers: fc.array(fc.record({ subnets: some(3), groups: some(3), internal: fc.boolean(), targets: some(2) }), {
      maxLength: 1,
    }),
  });
}

function build(model: Network): {
  graph: ReturnType<GraphBuilder["graph"]>;
  hosts: readonly Ref[];
  balancers: readonly Ref[];
} {
  const builder = new GraphBuilder();
  const vpc = builder.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
  const internet = builder.add("aws:ec2/internetGateway:InternetGateway", "internet", { vpcId: vpc });
  const nat = builder.add("aws:ec2/natGateway:NatGateway", "nat");
  const tables = model.tables.map((routes, at) => {
    const table = builder.add("aws:ec2/routeTable:RouteTable", `table-${at}`, { vpcId: vpc });
    routes.forEach(({ block, via }, index) =>
      builder.add("aws:ec2/route:Route", `route-${at}-${index}`, {
        routeTableId: table,
        destinationCidrBlock: block,
        ...(via === "internet" ? { gatewayId: internet } : { natGatewayId: nat }),
      }),
    );
    return table;
  });
  const subnets = model.subnets.map(({ table, mapPublic }, at) => {
    const subnet = builder.add("aws:ec2/subnet:Subnet", `subnet-${at}`, {
      vpcId: vpc,
      cidrBlock: `10.0.${at}.0/24`,
      mapPublicIpOnLaunch: mapPublic,
    });
    const named = table === undefined ? undefined : tables[table];
    if (named)
      builder.add("aws:ec2/routeTableAssociation:RouteTableAssociation", `association-${at}`, {
        subnetId: subnet,
        routeTableId: named,
      });
    return subnet;
  });
  model.acls.forEach((rules, at) => {
    const guarded = subnets.filter((_, index) => model.subnets[index]?.acl === at);
    builder.add("aws:ec2/networkAcl:NetworkAcl", `acl-${at}`, {
      vpcId: vpc,
      subnetIds: guarded,
      ingress: rules.map(({ number, allow, block, port, toPort }) => ({
        ruleNo: number,
        action: allow ? "allow" : "deny",
        protocol: "tcp",
        cidrBlock: block,
        fromPort: port,
        toPort,
      })),
    });
  });
  const groups = model.groups.map((_, at) =>
    builder.add("aws:ec2/securityGroup:SecurityGroup", `group-${at}`, { vpcId: vpc }),
  );
  model.groups.forEach(({ rules, admits }, at) => {
    const securityGroupId = groups[at] ?? vpc;
    rules.forEach(({ block, port, toPort }, index) =>
      builder.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `rule-${at}-${index}`, {
        securityGroupId,
        cidrIpv4: block,
        ipProtocol: "tcp",
        fromPort: port,
        toPort,
      }),
    );
    admits.forEach((other, index) =>
      builder.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `member-${at}-${index}`, {
        securityGroupId,
        referencedSecurityGroupId: groups[other] ?? vpc,
        ipProtocol: "-1",
      }),
    );
  });
  const pick = (from: readonly Ref[], which: readonly number[]): Value => which.flatMap((at) => from[at] ?? []);
  const targetGroups = model.balancers.map((_, at) =>
    builder.add("aws:lb/targetGroup:TargetGroup", `targets-${at}`, {}),
  );
  const hosts = model.hosts.map((host, at) => {
    const template = builder.add("aws:ec2/launchTemplate:LaunchTemplate", `template-${at}`, {
      networkInterfaces: [
        {
          securityGroups: pick(groups, host.groups),
          ...(host.publicAddress === undefined ? {} : { associatePublicIpAddress: String(host.publicAddress) }),
        },
      ],
    });
    return builder.add("aws:autoscaling/group:Group", `host-${at}`, {
      vpcZoneIdentifiers: pick(subnets, host.subnets),
      launchTemplate: { id: template },
      targetGroupArns: model.balancers.flatMap(({ targets }, index) =>
        targets.includes(at) ? (targetGroups[index] ?? []) : [],
      ),
    });
  });
  const balancers = model.balancers.map(({ internal, subnets: placed, groups: carried }, at) => {
    const balancer = builder.add("aws:lb/loadBalancer:LoadBalancer", `balancer-${at}`, {
      internal,
      subnets: pick(subnets, placed),
      securityGroups: pick(groups, carried),
    });
    builder.add("aws:lb/listener:Listener", `listener-${at}`, {
      loadBalancerArn: balancer,
      port: 443,
      defaultActions: [{ type: "forward", targetGroupArn: targetGroups[at] ?? vpc }],
    });
    return balancer;
  });
  return { graph: builder.graph(), hosts, balancers };
}

function value(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
function holds(block: string, address: string): boolean {
  const [start = "", length = "32"] = block.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(value(address) / size) === Math.floor(value(start) / size);
}

/** Packet by packet, as the cloud would: which hosts and balancers some packet from outside reaches. */
function tryEveryPacket(model: Network): { hosts: boolean[]; balancers: boolean[] } {
  const matches = (rule: Rule, source: string, port: number): boolean =>
    holds(rule.block, source) && rule.port <= port && port <= rule.toPort;
  const enters = (at: number, source: string, port: number): boolean => {
    const subnet = model.subnets[at];
    const routes = subnet?.table === undefined ? [] : (model.tables[subnet.table] ?? []);
    if (!routes.some(({ block, via }) => via === "internet" && holds(block, source))) return false;
    if (subnet?.acl === undefined) return true;
    const rules = [...(model.acls[subnet.acl] ?? [])].sort((a, b) => a.number - b.number);
    return rules.find((rule) => matches(rule, source, port))?.allow ?? false;
  };
  const passes = (carried: readonly number[], source: string, port: number): boolean =>
    carried.some((at) => model.groups[at]?.rules.some((rule) => matches(rule, source, port)));
  const any = (test: (source: string, port: number) => boolean): boolean =>
    sources.some((source) => ports.some((port) => test(source, port)));
  const balancers = model.balancers.map(({ internal, subnets, groups }) =>
    any((source, port) => !internal && subnets.some((at) => enters(at, source, port)) && passes(groups, source, port)),
  );
  const hosts = model.hosts.map((host, at) => {
    const direct = any((source, port) => {
      const reached = host.subnets.some(
        (subnet) => (host.publicAddress ?? model.subnets[subnet]?.mapPublic ?? false) && enters(subnet, source, port),
      );
      return reached && passes(host.groups, source, port);
    });
    const handed = model.balancers.some(
      ({ targets, groups }, index) =>
        balancers[index] === true &&
        targets.includes(at) &&
        host.groups.some((own) => model.groups[own]?.admits.some((other) => groups.includes(other))),
    );
    return direct || handed;
  });
  return { hosts, balancers };
}

const rank: Record<ExposureVerdict, number> = { none: 0, undetermined: 1, exposed: 2 };

function verdicts(
  model: Network,
  strength: "each-lock" | "whole-path",
): { hosts: ExposureVerdict[]; balancers: ExposureVerdict[] } {
  const { graph, hosts, balancers } = build(model);
  const rows = new Map(
    proveExposure(graph, { strength }).endpoints.map(({ endpoint, verdict }) => [endpoint, verdict]),
  );
  const of = (refs: readonly Ref[]): ExposureVerdict[] => refs.map(({ urn }) => rows.get(urn) ?? "none");
  return { hosts: of(hosts), balancers: of(balancers) };
}

it("never calls unreachable what some packet reaches", () => {
  let reached = 0;
  fc.assert(
    fc.property(network(blocks, false), (model) => {
      const truth = tryEveryPacket(model);
      const proof = verdicts(model, "whole-path");
      for (const kind of ["hosts", "balancers"] as const)
        truth[kind].forEach((open, at) => {
          if (open) reached++;
          if (open) expect(proof[kind][at]).toBe("exposed");
        });
    }),
    { numRuns: 1500, seed: 7 },
  );
  expect(reached, "the random networks must hold some that are open").toBeGreaterThan(50);
});

it("agrees with trying every packet where each lock admits either everybody or nobody", () => {
  const seen = { open: 0, shut: 0 };
  fc.assert(
    fc.property(network(["0.0.0.0/0", "10.0.0.0/16"], true), (model) => {
      // A target that admits the world needs no rule for its balancer; the packets tried do not come from balancers.
      const truth = tryEveryPacket(model);
      const proof = verdicts(model, "whole-path");
      truth.balancers.forEach((open, at) => {
        expect(proof.balancers[at]).toBe(open ? "exposed" : "none");
      });
      if (model.balancers.length > 0) return;
      truth.hosts.forEach((open, at) => {
        seen[open ? "open" : "shut"]++;
        expect(proof.hosts[at]).toBe(open ? "exposed" : "none");
      });
    }),
    { numRuns: 1500, seed: 11 },
  );
  expect(seen.open).toBeGreaterThan(50);
  expect(seen.shut).toBeGreaterThan(50);
});

it("asks more of each lock by itself than of a whole path", () => {
  fc.assert(
    fc.property(network(blocks, false), (model) => {
      const whole = verdicts(model, "whole-path");
      const each = verdicts(model, "each-lock");
      whole.hosts.forEach((verdict, at) => {
        expect(rank[each.hosts[at] ?? "none"]).toBeGreaterThanOrEqual(rank[verdict]);
      });
    }),
    { numRuns: 400, seed: 13 },
  );
});

it("loses no path when a rule, a route or an allowing list entry is added", () => {
  const block = fc.constantFrom(...blocks);
  fc.assert(
    fc.property(
      network(blocks, false),
      block,
      fc.constantFrom("rule", "route", "reference", "allow"),
      fc.constantFrom("each-lock" as const, "whole-path" as const),
      (model, extra, what, strength) => {
        const rule = { block: extra, port: 443, toPort: 443 };
        const [table = [], ...tables] = model.tables;
        const [group = { rules: [], admits: [] }, ...groups] = model.groups;
        const [acl = [], ...acls] = model.acls;
        const more: Network = {
          ...model,
          tables: what === "route" ? [[...table, { block: extra, via: "internet" }], ...tables] : model.tables,
          groups:
            what === "rule"
              ? [{ ...group, rules: [...group.rules, rule] }, ...groups]
              : what === "reference"
                ? [{ ...group, admits: [...group.admits, 1] }, ...groups]
                : model.groups,
          acls: what === "allow" ? [[...acl, { ...rule, allow: true, number: 50 }], ...acls] : model.acls,
        };
        const before = verdicts(model, strength);
        const after = verdicts(more, strength);
        for (const kind of ["hosts", "balancers"] as const)
          before[kind].forEach((verdict, at) => {
            expect(rank[after[kind][at] ?? "none"]).toBeGreaterThanOrEqual(rank[verdict]);
          });
      },
    ),
    { numRuns: 600, seed: 17 },
  );
});

it("lets a denying list entry take a path away, by its number", () => {
  const open: Network = {
    tables: [[{ block: "0.0.0.0/0", via: "internet" }], []],
    subnets: [{ table: 0, acl: 0, mapPublic: true }],
    acls: [[{ number: 100, allow: true, block: "0.0.0.0/0", port: 0, toPort: 65_535 }], []],
    groups: [{ rules: [{ block: "0.0.0.0/0", port: 443, toPort: 443 }], admits: [] }],
    hosts: [{ subnets: [0], groups: [0], publicAddress: true }],
    balancers: [],
  };
  const deny = (number: number): Network => ({
    ...open,
    acls: [[...(open.acls[0] ?? []), { number, allow: false, block: "0.0.0.0/0", port: 0, toPort: 65_535 }], []],
  });
  expect(verdicts(open, "whole-path").hosts).toEqual(["exposed"]);
  expect(verdicts(deny(200), "whole-path").hosts).toEqual(["exposed"]);
  expect(verdicts(deny(50), "whole-path").hosts).toEqual(["none"]);
  // Each lock by itself: the rule that admits the world is a door behind the list too.
  expect(verdicts(deny(50), "each-lock").hosts).toEqual(["exposed"]);
});
