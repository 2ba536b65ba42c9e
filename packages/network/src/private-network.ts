import { HoldfastComponent, inputProblems, parseArgs } from "@holdfast/core";
import * as ec2 from "@pulumi/aws/ec2";
import * as discovery from "@pulumi/aws/servicediscovery";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { AccessMatrix, PlannedRule, RuleGroup } from "./access-matrix";
import { gatewayServices } from "./access-matrix";
import { clientRoutes } from "./client-routes";
import { networkFlowLog } from "./network-flow-log";
import { networkIntent, networkProblems, type NetworkIntent } from "./network-intent";
import { placedSegments, type ClientNetwork, type NetworkPlacement, type PlacedSegment } from "./placement";
import { endpointPolicy } from "./policy-documents";
import { privateNetworkSchema, type PrivateNetworkArgs } from "./private-network-args";
import { segmentSubnets, type SegmentSubnets } from "./segment-subnets";

type Group = RuleGroup;
type Rule = vpc.SecurityGroupIngressRule | vpc.SecurityGroupEgressRule;

const groupDescriptions: Readonly<Record<PlacedSegment, string>> = {
  gateway: "Gateway hosts and their balancer",
  serving: "Engine hosts",
  storage: "Stores and private endpoints",
  observability: "Monitoring hosts",
  management: "Hosts for operators",
};

/**
 * A VPC that nothing outside can enter and nothing inside can leave but by the flows its parts declare.
 *
 * Creates: the VPC (both DNS flags, no internet gateway), a subnet and a route table per segment and zone, a network ACL per segment,
 * a security group per segment with one rule resource per flow, a private endpoint per AWS service in use, a private DNS namespace,
 * flow logs into an encrypted log group; and empties the default security group, ACL and route table. Stateful: the log group and its key.
 *
 * ```ts
 * new PrivateNetwork("llm", { region: "eu-central-1", cidr: "10.40.0.0/16", zones: ["euc1-az1", "euc1-az2"] });
 * ```
 *
 * Costs: interface endpoints by the hour and zone; flow logs by volume.
 */
export class PrivateNetwork extends HoldfastComponent implements NetworkPlacement {
  readonly region: string;
  readonly zones: readonly string[];
  readonly cidr: string;
  readonly clients: readonly ClientNetwork[];
  readonly vpcId: pulumi.Output<string>;
  readonly namespace: NetworkPlacement["namespace"];
  /** Every allowed connection; what it does not list is denied. Known at plan time. */
  readonly accessMatrix: AccessMatrix;
  /** The VPC itself, for what this component has no argument for. */
  readonly vpc: ec2.Vpc;

  readonly #segments: ReadonlyMap<PlacedSegment, SegmentSubnets>;
  readonly #groups: ReadonlyMap<Group, ec2.SecurityGroup>;
  readonly #endpoints: ReadonlyMap<string, ec2.VpcEndpoint>;
  readonly #rules: readonly { readonly plan: PlannedRule; readonly resource: Rule }[];
  readonly #tags: Readonly<Record<string, string>>;

  constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = parseArgs("PrivateNetwork", privateNetworkSchema, args);
    const spec = {
      ...plain,
      name,
      egress: plain.egress.mode,
      needs: args.needs,
    };
    const problems = networkProblems(spec);
    if (problems.length > 0) throw inputProblems("PrivateNetwork", problems);
    const intent = networkIntent(spec);
    super("network:index:PrivateNetwork", name, args, opts);

    this.region = plain.region;
    this.zones = plain.zones;
    this.cidr = plain.cidr;
    this.clients = plain.clients;
    this.accessMatrix = intent.matrix;
    this.#tags = plain.tags;

    this.vpc = this.#vpc();
    this.vpcId = this.vpc.id;
    const account = pulumi.output(plain.accountId ?? this.vpc.ownerId);
    this.#lockDefaults();
    this.#segments = segmentSubnets(this, name, this, intent, this.#tags);
    this.#groups = this.#securityGroups(intent);
    this.#endpoints = this.#privateEndpoints(intent, account);
    this.#rules = this.#flowRules(intent);
    if (args.clientAccess) clientRoutes(this, name, this, args.clientAccess.transitGatewayId, this.#tags);
    this.namespace = this.#privateNamespace(
      plain.privateDomain ?? `${name.toLowerCase().replace(/[^a-z0-9-]/g, "-")}.internal`,
    );
    networkFlowLog(this, name, {
      vpcId: this.vpcId,
      account,
      region: plain.region,
      tags: plain.tags,
      ...plain.flowLogs,
    });

    this.registerOutputs({ vpcId: this.vpcId, accessMatrix: this.accessMatrix });
  }

  subnetIds(segment: PlacedSegment): pulumi.Output<string>[] {
    return this.#segment(segment).subnets.map((subnet) => subnet.id);
  }

  /** The route tables of a segment, in the order of `zones`, for routes of your own (a firewall, a VPN). */
  routeTableIds(segment: PlacedSegment): pulumi.Output<string>[] {
    return this.#segment(segment).routeTables.map((table) => table.id);
  }

  zoneNames(): pulumi.Output<string>[] {
    return this.#segment("gateway").subnets.map((subnet) => subnet.availabilityZone);
  }

  securityGroupId(segment: PlacedSegment): pulumi.Output<string> {
    return this.#group(segment).id;
  }

  efaSecurityGroupId(segment: PlacedSegment): pulumi.Output<string> | undefined {
    return this.#groups.get(`efa:${segment}`)?.id;
  }

  endpointSecurityGroupId(service: string): pulumi.Output<string> | undefined {
    return this.#groups.get(`endpoint:${service}`)?.id;
  }

  readiness(segment: PlacedSegment): pulumi.Resource[] {
    const out = this.#rules.filter(({ plan }) => plan.direction === "egress" && plan.group === segment);
    const services = new Set(
      out.flatMap(({ plan: { peer } }) => {
        if (peer.kind === "prefix-list") return [peer.service];
        return peer.kind === "group" && peer.group.startsWith("endpoint:")
          ? [peer.group.slice("endpoint:".length)]
          : [];
      }),
    );
    const into = this.#rules.filter(
      ({ plan: { direction, group, peer } }) =>
        direction === "ingress" &&
        peer.kind === "group" &&
        peer.group === segment &&
        services.has(group.replace("endpoint:", "")),
    );
    const between = this.#rules.filter(({ plan: { group } }) => group === `efa:${segment}`);
    const endpoints = [...services].flatMap((service) => this.#endpoints.get(service) ?? []);
    return [...endpoints, ...[...out, ...into, ...between].map(({ resource }) => resource)];
  }

  #vpc(): ec2.Vpc {
    return new ec2.Vpc(
      this.childName("vpc"),
      { cidrBlock: this.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.#named("vpc") },
      this.child(),
    );
  }

  /** What AWS makes with every VPC lets everything through; nothing here may fall back on it. */
  #lockDefaults(): void {
    new ec2.DefaultSecurityGroup(
      this.childName("default-group"),
      { vpcId: this.vpcId, ingress: [], egress: [], tags: this.#named("locked") },
      this.child(),
    );
    new ec2.DefaultNetworkAcl(
      this.childName("default-acl"),
      { defaultNetworkAclId: this.vpc.defaultNetworkAclId, ingress: [], egress: [], tags: this.#named("locked") },
      // A new subnet is in the default ACL until its own one takes it; without this a second run would want to put it out.
      this.child({ ignoreChanges: ["subnetIds"] }),
    );
    new ec2.DefaultRouteTable(
      this.childName("default-routes"),
      { defaultRouteTableId: this.vpc.defaultRouteTableId, routes: [], tags: this.#named("locked") },
      this.child(),
    );
  }

  #securityGroups(intent: NetworkIntent): ReadonlyMap<Group, ec2.SecurityGroup> {
    // Name and description are part of a group's identity in AWS, and a group in use cannot be replaced: neither comes from an input.
    const create = (role: string, description: string) =>
      new ec2.SecurityGroup(
        this.childName(role),
        { vpcId: this.vpcId, description, revokeRulesOnDelete: true, tags: this.#named(role) },
        this.child(),
      );
    const groups = new Map<Group, ec2.SecurityGroup>(
      placedSegments.map((segment) => [segment, create(`group-${segment}`, groupDescriptions[segment])]),
    );
    for (const segment of intent.efaSegments) {
      groups.set(`efa:${segment}`, create(`group-efa-${segment}`, `Elastic Fabric Adapters of ${segment} hosts`));
    }
    for (const service of intent.services.filter((one) => !gatewayServices.includes(one))) {
      groups.set(`endpoint:${service}`, create(`group-endpoint-${service}`, `Private endpoint of ${service}`));
    }
    return groups;
  }

  #privateEndpoints(intent: NetworkIntent, account: pulumi.Output<string>): ReadonlyMap<string, ec2.VpcEndpoint> {
    return new Map(
      intent.services.map((service) => {
        const common = {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${this.region}.${service}`,
          policy: account.apply((id) => endpointPolicy(service, id, this.region, intent.buckets)),
          tags: this.#named(`endpoint-${service}`),
        };
        const placed = gatewayServices.includes(service)
          ? { vpcEndpointType: "Gateway", routeTableIds: this.#routeTablesOfCallers(intent, service) }
          : {
              vpcEndpointType: "Interface",
              privateDnsEnabled: true,
              subnetIds: this.subnetIds("storage"),
              securityGroupIds: [this.#group(`endpoint:${service}`).id],
            };
        return [
          service,
          new ec2.VpcEndpoint(this.childName(`endpoint-${service}`), { ...common, ...placed }, this.child()),
        ] as const;
      }),
    );
  }

  #routeTablesOfCallers(intent: NetworkIntent, service: string): pulumi.Output<string>[] {
    const callers = new Set(intent.matrix.filter((flow) => flow.to === `endpoint:${service}`).map((flow) => flow.from));
    return placedSegments.filter((segment) => callers.has(segment)).flatMap((segment) => this.routeTableIds(segment));
  }

  #flowRules(intent: NetworkIntent): { plan: PlannedRule; resource: Rule }[] {
    return intent.rules.map((plan) => {
      const args = {
        securityGroupId: this.#group(plan.group).id,
        // EC2 takes no ports where the protocol is every one.
        ...(plan.protocol === "all"
          ? { ipProtocol: "-1" }
          : { ipProtocol: plan.protocol, fromPort: plan.port, toPort: plan.toPort }),
        description: plan.description,
        ...this.#peer(plan),
        tags: this.#named(plan.name),
      };
      const resource =
        plan.direction === "ingress"
          ? new vpc.SecurityGroupIngressRule(plan.name, args, this.child())
          : new vpc.SecurityGroupEgressRule(plan.name, args, this.child());
      return { plan, resource };
    });
  }

  #peer({
    peer,
  }: PlannedRule):
    | { referencedSecurityGroupId: pulumi.Output<string> }
    | { prefixListId: pulumi.Output<string> }
    | { cidrIpv4: string } {
    switch (peer.kind) {
      case "group":
        return { referencedSecurityGroupId: this.#group(peer.group).id };
      case "client":
        return { cidrIpv4: peer.client.cidr };
      case "prefix-list": {
        const endpoint = this.#endpoints.get(peer.service);
        if (!endpoint) throw new Error(`no gateway endpoint for ${peer.service}`);
        return { prefixListId: endpoint.prefixListId };
      }
    }
  }

  #privateNamespace(domain: string): NetworkPlacement["namespace"] {
    const namespace = new discovery.PrivateDnsNamespace(
      this.childName("namespace"),
      { name: domain, vpc: this.vpcId, description: "Engines in rotation", tags: this.#named("namespace") },
      this.child(),
    );
    return { id: namespace.id, arn: namespace.arn, name: domain };
  }

  #segment(segment: PlacedSegment): SegmentSubnets {
    const found = this.#segments.get(segment);
    if (!found)
      throw new RangeError(`no subnets for segment "${segment}"; segments with hosts: ${placedSegments.join(", ")}`);
    return found;
  }

  #group(group: Group): ec2.SecurityGroup {
    const found = this.#groups.get(group);
    if (!found) throw new RangeError(`no security group for "${group}"`);
    return found;
  }

  #named(role: string): Record<string, string> {
    return { ...this.#tags, Name: role.startsWith(`${this.componentName}-`) ? role : this.childName(role) };
  }
}
