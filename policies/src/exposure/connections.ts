import type { PlannedResource } from "../graph/planned-resource";
import { isNone, parseCidr, unite, without } from "../addresses/address-set";
import type { Boundary } from "./boundary";
import type { ExposureAssumptions } from "./exposure-report";
import { isHidden, isSet, merge, text, type Facts, type Join } from "./facts";
import { routeTargets, type RouteTables } from "./route-tables";
import { tokens } from "./tokens";
import type { WayIn } from "./routes";

/** Connections of VPCs to other networks that are doors whatever the routes of the program say. */
export class Connections {
  readonly #doors = new Map<string, WayIn[]>();
  readonly #routed = new Set<PlannedResource>();

  constructor(
    private readonly facts: Facts,
    private readonly boundary: Boundary,
    private readonly tables: RouteTables,
    private readonly assume: ExposureAssumptions,
    eachLock: boolean,
  ) {
    // Where the networks that belong are declared, a connection that no route explains leaves a lock open.
    if (eachLock && boundary.declared) {
      this.#readRouted();
      this.#readInternetGateways();
      this.#readVpnGateways();
      this.#readPeerings();
      this.#readAttachments();
    }
    this.#readClientVpn();
  }

  /** Doors into a VPC or a subnet. */
  into(place: PlannedResource | undefined): readonly WayIn[] {
    return place === undefined ? [] : (this.#doors.get(place.urn) ?? []);
  }

  #add(places: readonly PlannedResource[], way: WayIn): void {
    for (const { urn } of places) this.#doors.set(urn, [...(this.#doors.get(urn) ?? []), way]);
  }

  #addLoose({ resources, unknown }: Join, resource: PlannedResource): void {
    if (resources.length === 0 && unknown.length > 0)
      this.#add(this.facts.of(tokens.vpc), {
        state: "unknown",
        carriesPrivate: true,
        hop: `to which VPC ${this.facts.name(resource)} is attached cannot be told`,
      });
    for (const vpc of resources)
      this.#add([vpc], {
        state: "open",
        carriesPrivate: true,
        hop: `${this.facts.name(resource)}, attached to ${this.facts.name(vpc)}; no route of this program uses it, so its routes are made elsewhere`,
      });
  }

  #readRouted(): void {
    const gateways = [...tokens.vpnGateway, ...tokens.peering, ...tokens.peeringAccepter, ...tokens.transitGateway];
    for (const { holder, at, properties } of this.tables.allEntries) {
      for (const { key } of routeTargets)
        if (isSet(properties, key))
          for (const one of this.facts.join(holder, [...at, key], gateways).resources) this.#routed.add(one);
    }
  }

  /** A VPC that promises to be private has none: one that is attached is a door before any route uses it. */
  #readInternetGateways(): void {
    const { facts, assume } = this;
    if (assume.vpcBlockPublicAccess !== undefined || facts.of(tokens.vpcBlockPublicAccess).length > 0) return;
    for (const gateway of facts.of(tokens.internetGateway)) {
      const { resources, unknown } = this.#attachedTo(
        gateway,
        tokens.internetGatewayAttachment,
        "internetGatewayId",
        tokens.internetGateway,
      );
      const promised = (resources.length === 0 && unknown.length > 0 ? facts.of(tokens.vpc) : resources).filter((one) =>
        facts.isBelow(one, tokens.privateNetwork),
      );
      for (const vpc of promised)
        this.#add([vpc], {
          state: resources.length === 0 ? "unknown" : "open",
          hop: `${facts.name(gateway)}, ${resources.length === 0 ? "perhaps " : ""}attached to ${facts.name(vpc)}, which promises to have none`,
        });
    }
  }

  #readVpnGateways(): void {
    for (const gateway of this.facts.of(tokens.vpnGateway))
      if (!this.#routed.has(gateway) && !this.#propagates(gateway))
        this.#addLoose(
          this.#attachedTo(gateway, tokens.vpnGatewayAttachment, "vpnGatewayId", tokens.vpnGateway),
          gateway,
        );
  }

  #readPeerings(): void {
    for (const peering of [...this.facts.of(tokens.peering), ...this.facts.of(tokens.peeringAccepter)]) {
      if (this.#routed.has(peering)) continue;
      const ends = this.facts.joinAll(peering, ["vpcId", "peerVpcId"], tokens.vpc);
      // Between two VPCs of the program nothing new comes in.
      const inside = ends.resources.length > 1 && ends.outside.length === 0;
      if (!inside) this.#addLoose(ends, peering);
    }
  }

  #readAttachments(): void {
    const { facts } = this;
    for (const attachment of [...facts.of(tokens.transitAttachment), ...facts.of(tokens.coreNetworkAttachment)]) {
      const key = isSet(attachment.inputs, "coreNetworkId") ? "coreNetworkArn" : "transitGatewayId";
      const gateway = facts.join(attachment, "transitGatewayId", tokens.transitGateway);
      const routed =
        gateway.resources.length > 0
          ? gateway.resources.some((one) => this.#routed.has(one))
          : this.#isRoutedOver(key, gateway.outside);
      if (!routed) this.#addLoose(facts.joinAll(attachment, ["vpcId", "vpcArn"], tokens.vpc), attachment);
    }
  }

  #attachedTo(gateway: PlannedResource, types: readonly string[], key: string, own: readonly string[]): Join {
    const { facts } = this;
    const split = facts.of(types).filter((one) => facts.join(one, key, own).resources.includes(gateway));
    return merge([gateway, ...split].map((one) => facts.join(one, "vpcId", tokens.vpc)));
  }

  #propagates(gateway: PlannedResource): boolean {
    return this.facts
      .of(tokens.vpnGatewayRoutePropagation)
      .some((one) => this.facts.join(one, "vpnGatewayId", tokens.vpnGateway).resources.includes(gateway));
  }

  /** Whether some route leads over one of these, or over one whose identifier is as unknown as theirs may be. */
  #isRoutedOver(key: string, ids: readonly string[]): boolean {
    return this.tables.allEntries.some(
      ({ properties }) =>
        isSet(properties, key) &&
        (ids.length === 0 || isHidden(properties, key) || ids.includes(text(properties, key) ?? "")),
    );
  }

  /** A client VPN lets people on the internet into the subnets it is associated with, unless their addresses are declared. */
  #readClientVpn(): void {
    const { facts } = this;
    for (const association of facts.of(tokens.clientVpnAssociation)) {
      const endpoints = facts.join(association, "clientVpnEndpointId", tokens.clientVpn).resources;
      const blocks = endpoints.flatMap((endpoint) => parseCidr(text(endpoint.inputs, "clientCidrBlock") ?? "") ?? []);
      if (blocks.length > 0 && isNone(without(unite(...blocks), this.boundary.home))) continue;
      const through = facts.name(endpoints[0] ?? association);
      const subnets = facts.join(association, "subnetId", tokens.subnet).resources;
      this.#add(subnets, {
        state: "open",
        carriesPrivate: true,
        hop: `${through} associated by ${facts.name(association)}`,
      });
    }
  }
}
