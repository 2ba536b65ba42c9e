import type { PlannedResource } from "../graph/planned-resource";
import type { PropertyPath } from "../graph/property-value";
import { endpointShapes, type EndpointShape } from "./endpoint-shapes";
import { isSet, kindOf, merge, nothing, objects, text, truth, type Facts, type Join } from "./facts";
import { refusesAddress, templateAddress, templateGroups } from "./public-addresses";
import { tokens } from "./tokens";
import type { Lock } from "./way-graph";

/** Something with an address in a VPC. */
export interface NetworkEndpoint {
  readonly resource: PlannedResource;
  readonly kind: string;
  readonly subnets: Join;
  readonly groups: Join;
  /** Whether it carries no security groups at all: a network load balancer may, its targets filter then. */
  readonly unfiltered: boolean;
  /** Whether an outsider can address it. Several locks: one that is open is a door. */
  readonly addresses: readonly Lock[];
  /** Whether public addresses that a subnet hands out come to it: `refused` where it says itself that it wants none. */
  readonly subnetAddresses: "taken" | "refused" | "never";
  /** `host`: answers. `balancer`: answers and hands over. `place`: where hosts are put, and so judged like one. */
  readonly role: "host" | "balancer" | "place";
}

const launchers = [...tokens.launchTemplate, ...tokens.launchConfiguration];

/** Every endpoint of the program that has an address in a VPC. */
export class NetworkEndpoints {
  readonly all: readonly NetworkEndpoint[];
  readonly #extraGroups = new Map<string, PlannedResource[]>();
  readonly #publicAddresses = new Map<string, PlannedResource[]>();
  /** Public addresses of which it cannot be told what they are given to. */
  readonly #looseAddresses: PlannedResource[] = [];

  constructor(private readonly facts: Facts) {
    this.#readExtras();
    this.all = [...this.#hosts(), ...this.#loadBalancers(), ...this.#vpcEndpoints(), ...this.#shaped()];
  }

  /** Groups and public addresses that other resources give to an endpoint. */
  #readExtras(): void {
    const { facts } = this;
    for (const attachment of facts.of(tokens.interfaceGroupAttachment))
      for (const target of facts.join(attachment, "networkInterfaceId", [
        ...tokens.networkInterface,
        ...tokens.instance,
      ]).resources)
        append(
          this.#extraGroups,
          target.urn,
          facts.join(attachment, "securityGroupId", tokens.securityGroup).resources,
        );
    for (const association of facts.of(tokens.endpointGroupAssociation))
      for (const target of facts.join(association, "vpcEndpointId", tokens.vpcEndpoint).resources)
        append(
          this.#extraGroups,
          target.urn,
          facts.join(association, "securityGroupId", tokens.securityGroup).resources,
        );
    const holders = [...tokens.instance, ...tokens.networkInterface];
    for (const address of [...facts.of(tokens.elasticIp), ...facts.of(tokens.elasticIpAssociation)])
      for (const path of ["instance", "instanceId", "networkInterface", "networkInterfaceId"]) {
        const { resources, unknown } = facts.join(address, path, holders);
        for (const target of resources) append(this.#publicAddresses, target.urn, [address]);
        if (resources.length === 0 && unknown.length > 0) this.#looseAddresses.push(address);
      }
  }

  /** Elastic addresses of an instance with its interfaces, or of an interface. */
  #elasticAddresses(holders: readonly PlannedResource[]): Lock[] {
    const { facts } = this;
    const given = holders.flatMap((one) => this.#publicAddresses.get(one.urn) ?? []);
    return [
      ...given.map((one): Lock => ({ state: "open", hop: `public address ${facts.name(one)}` })),
      ...this.#looseAddresses.map((one): Lock => ({
        state: "unknown",
        hop: `what ${facts.name(one)} is given to cannot be told`,
      })),
    ];
  }

  #groupsWith(resource: PlannedResource, groups: Join): Join {
    const extra = this.#extraGroups.get(resource.urn);
    return extra === undefined ? groups : merge([groups, { ...nothing, resources: extra, present: true }]);
  }

  #hosts(): NetworkEndpoint[] {
    const { facts } = this;
    const launched = new Set<string>();
    const endpoints: NetworkEndpoint[] = [];
    for (const group of facts.of(tokens.autoScalingGroup)) {
      const templates = facts.joinAll(
        group,
        ["launchTemplate", "mixedInstancesPolicy", "launchConfiguration"],
        launchers,
      );
      for (const { urn } of templates.resources) launched.add(urn);
      endpoints.push(
        this.#launched(group, "auto scaling group", templates, facts.join(group, "vpcZoneIdentifiers", tokens.subnet)),
      );
    }
    for (const group of facts.of(tokens.eksNodeGroup)) {
      const templates = facts.join(group, "launchTemplate", launchers);
      for (const { urn } of templates.resources) launched.add(urn);
      endpoints.push(this.#launched(group, "node group", templates, facts.join(group, "subnetIds", tokens.subnet)));
    }
    for (const instance of facts.of(tokens.instance)) {
      const templates = facts.join(instance, "launchTemplate", launchers);
      for (const { urn } of templates.resources) launched.add(urn);
      endpoints.push(this.#instance(instance, templates));
    }
    for (const template of facts.of(launchers)) {
      if (launched.has(template.urn)) continue;
      // Nobody in the program launches from it, so whoever does elsewhere gets what it says.
      endpoints.push(this.#launched(template, kindOf(template.type), { ...nothing, resources: [template] }, nothing));
    }
    return endpoints;
  }

  #launched(resource: PlannedResource, kind: string, templates: Join, given: Join): NetworkEndpoint {
    const { facts } = this;
    const subnets = merge(
      [given, ...templates.resources.map((one) => facts.join(one, "networkInterfaces", tokens.subnet))].map(
        onlyResources(given),
      ),
    );
    const groups = merge([
      ...templates.resources.map((one) => templateGroups(one, facts)),
      { ...nothing, unknown: templates.unknown },
    ]);
    return {
      resource,
      kind,
      subnets: given.present ? given : subnets,
      groups,
      unfiltered: false,
      addresses: templates.resources.map((one) => templateAddress(one, facts)),
      subnetAddresses: templates.resources.some(refusesAddress) ? "refused" : "taken",
      role: "host",
    };
  }

  #instance(instance: PlannedResource, templates: Join): NetworkEndpoint {
    const { facts } = this;
    const direct = facts.join(instance, "subnetId", tokens.subnet);
    const interfaces = facts.joinAll(
      instance,
      ["networkInterfaces", "primaryNetworkInterface"],
      tokens.networkInterface,
    );
    const subnets = merge([direct, ...interfaces.resources.map((one) => facts.join(one, "subnetId", tokens.subnet))]);
    const own = merge([
      facts.joinAll(instance, ["vpcSecurityGroupIds", "securityGroups"], tokens.securityGroup),
      ...interfaces.resources.map((one) =>
        this.#groupsWith(one, facts.join(one, "securityGroups", tokens.securityGroup)),
      ),
      ...templates.resources.map((one) => templateGroups(one, facts)),
    ]);
    const choice = truth(instance.inputs, "associatePublicIpAddress");
    const name = facts.name(instance);
    const lock: Lock =
      choice === true
        ? { state: "open", hop: `public address given by ${name}` }
        : choice === "unknown"
          ? { state: "unknown", hop: facts.unknownText(instance, "associatePublicIpAddress") }
          : { state: "closed", hop: `${name} asks for no public address` };
    return {
      resource: instance,
      kind: "instance",
      subnets: subnets.present
        ? subnets
        : {
            ...nothing,
            unknown: [`${name} names no subnet, so it starts in the account's default VPC if there is one`],
          },
      groups: this.#groupsWith(instance, own),
      unfiltered: false,
      addresses: [
        lock,
        ...templates.resources.map((one) => templateAddress(one, facts)),
        ...this.#elasticAddresses([instance, ...interfaces.resources]),
      ],
      subnetAddresses: choice === false || templates.resources.some(refusesAddress) ? "refused" : "taken",
      role: "host",
    };
  }

  #loadBalancers(): NetworkEndpoint[] {
    const { facts } = this;
    return [...facts.of(tokens.loadBalancer), ...facts.of(tokens.classicLoadBalancer)].map((balancer) => {
      const groups = facts.join(balancer, "securityGroups", tokens.securityGroup);
      const internal = truth(balancer.inputs, "internal");
      const name = facts.name(balancer);
      const network =
        text(balancer.inputs, "loadBalancerType") === "network" ||
        text(balancer.inputs, "loadBalancerType") === "gateway";
      const scheme: Lock =
        internal === true
          ? { state: "closed", hop: `${name} is internal` }
          : internal === "unknown"
            ? { state: "unknown", hop: facts.unknownText(balancer, "internal") }
            : { state: "open", hop: `internet-facing ${name}` };
      const mapped = objects(balancer.inputs, "subnetMappings").some((one) => isSet(one, "allocationId"));
      return {
        resource: balancer,
        kind: "load balancer",
        subnets: facts.joinAll(balancer, ["subnets", "subnetMappings"], tokens.subnet),
        groups,
        unfiltered: network && !groups.present,
        addresses: [scheme, ...(mapped ? [{ state: "open", hop: `elastic addresses of ${name}` } as const] : [])],
        subnetAddresses: "never",
        role: "balancer",
      };
    });
  }

  #vpcEndpoints(): NetworkEndpoint[] {
    const { facts } = this;
    return facts
      .of(tokens.vpcEndpoint)
      .filter((endpoint) => {
        const type = text(endpoint.inputs, "vpcEndpointType") ?? "Gateway";
        // Gateway endpoints are entries of route tables: nothing connects to them.
        return type === "Interface" || type === "Resource" || type === "ServiceNetwork";
      })
      .map((endpoint) => ({
        resource: endpoint,
        kind: "VPC endpoint",
        subnets: facts.joinAll(endpoint, ["subnetIds", "subnetConfigurations"], tokens.subnet),
        groups: this.#groupsWith(endpoint, facts.join(endpoint, "securityGroupIds", tokens.securityGroup)),
        unfiltered: false,
        addresses: [{ state: "closed", hop: `${facts.name(endpoint)} has private addresses only` }],
        subnetAddresses: "never",
        role: "host",
      }));
  }

  #shaped(): NetworkEndpoint[] {
    const { facts } = this;
    return endpointShapes.flatMap((shape) =>
      facts
        .of(shape.types)
        .filter(({ inputs }) => shape.placedBy === undefined || isSet(inputs, shape.placedBy))
        .map((resource) => {
          const between =
            shape.subnetGroup === undefined
              ? nothing
              : facts.join(resource, shape.subnetGroup.path, shape.subnetGroup.types);
          const subnets = merge([
            facts.joinAll(resource, shape.subnets, tokens.subnet),
            ...between.resources.map((one) => facts.join(one, "subnetIds", tokens.subnet)),
            ...(between.outside.length > 0 ? [{ ...nothing, outside: between.outside, present: true }] : []),
            ...(between.unknown.length > 0 ? [{ ...nothing, unknown: between.unknown, present: true }] : []),
          ]);
          const groups = this.#groupsWith(resource, facts.joinAll(resource, shape.groups, tokens.securityGroup));
          return {
            resource,
            kind: shape.kind,
            subnets: subnets.present ? subnets : { ...nothing, unknown: [`${facts.name(resource)} names no subnets`] },
            groups,
            unfiltered: false,
            addresses: [
              this.#publicSwitch(resource, shape),
              ...(tokens.networkInterface.some((type) => type === resource.type)
                ? this.#elasticAddresses([resource])
                : []),
            ],
            subnetAddresses: "never",
            role: "host",
          };
        }),
    );
  }

  #publicSwitch(resource: PlannedResource, shape: EndpointShape): Lock {
    const name = this.facts.name(resource);
    const given = shape.publicWhen;
    if (given === undefined) return { state: "closed", hop: `${name} has private addresses only` };
    const property = String(given.path);
    const choice =
      given.open === undefined ? truth(resource.inputs, given.path) : switchText(resource, given.path, given.open);
    if (choice === "unknown") return { state: "unknown", hop: this.facts.unknownText(resource, property) };
    if (choice ?? given.absent) return { state: "open", hop: `${name} is public (${property})` };
    return { state: "closed", hop: `${name} is not public (${property})` };
  }
}

function switchText(resource: PlannedResource, path: PropertyPath, open: string): boolean | "unknown" | undefined {
  if (!isSet(resource.inputs, path)) return undefined;
  const value = text(resource.inputs, path);
  return value === undefined ? "unknown" : value === open;
}

/** Interfaces of a template mention many things: only what joins to a subnet counts, the group's own subnets count whole. */
function onlyResources(whole: Join): (join: Join) => Join {
  return (join) =>
    join === whole ? join : { ...nothing, resources: join.resources, present: join.resources.length > 0 };
}

function append(map: Map<string, PlannedResource[]>, key: string, values: readonly PlannedResource[]): void {
  map.set(key, [...(map.get(key) ?? []), ...values]);
}
