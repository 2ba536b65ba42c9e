import type { PlannedResource } from "../graph/planned-resource";
import {
  allAddresses,
  cidrs,
  formatAddresses,
  parseCidr,
  unite,
  without,
  type AddressSet,
} from "../addresses/address-set";
import type { ExposureOptions } from "./exposure-report";
import { objects, text, type Facts } from "./facts";
import { tokens } from "./tokens";

/** Who an attempt comes from. */
export interface Source {
  readonly name: string;
  readonly kind: "internet" | "client";
  readonly addresses: AddressSet;
}

/** The line between inside and outside. */
export interface Boundary {
  /** Whether the program or the caller says which networks are clients. Without that, private address space counts as the owner's. */
  readonly declared: boolean;
  /** Addresses that belong: the program's VPCs and the declared clients, or private address space where nothing is declared. */
  readonly home: AddressSet;
  readonly internet: Source;
  readonly clients: readonly Source[];
  readonly assumptions: readonly string[];
}

/** Addresses that can never be the source of a routed packet: "this network", loopback, link-local, multicast, reserved. */
const neverSources = cidrs(
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/3",
  "::/127",
  "fe80::/10",
  "ff00::/8",
);

/** RFC 1918, RFC 6598 and RFC 4193. */
const privateSpace = cidrs("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

/** Addresses that no router on the internet carries. */
export const notPublic = unite(privateSpace, neverSources);

export function boundaryOf(facts: Facts, options: ExposureOptions): Boundary {
  const networks = facts.of(tokens.privateNetwork);
  const declared = networks.length > 0 || options.clients !== undefined;
  const named = [...networks.flatMap(declaredClients), ...(options.clients ?? [])];
  const clients = new Map<string, Source>();
  for (const { name, cidr } of named) {
    const addresses = parseCidr(cidr);
    if (addresses === undefined)
      throw new RangeError(`client network "${name}": not a CIDR block: "${cidr}"; write for example "10.60.0.0/16"`);
    const earlier = clients.get(name);
    const all = earlier === undefined ? addresses : unite(earlier.addresses, addresses);
    clients.set(name, { name, kind: "client", addresses: all });
  }
  const own = vpcAddresses(facts);
  const home = unite(
    own,
    ...[...clients.values()].map(({ addresses }) => addresses),
    ...(declared ? [] : [privateSpace]),
  );
  return {
    declared,
    home,
    internet: { name: "internet", kind: "internet", addresses: without(allAddresses, unite(home, neverSources)) },
    clients: [...clients.values()],
    assumptions: declared
      ? [
          clients.size === 0
            ? "no client network is declared: nobody outside the program's own networks may reach anything"
            : `declared client networks: ${[...clients.values()].map(({ name, addresses }) => `${name} ${formatAddresses(addresses)}`).join("; ")}; every other address is an outsider`,
        ]
      : [
          "no client networks are declared: private addresses (RFC 1918, RFC 6598, RFC 4193) count as the owner's own, all others as the internet",
        ],
  };
}

/** The address blocks of every VPC that the program makes. */
function vpcAddresses(facts: Facts): AddressSet {
  const blocks: AddressSet[] = [];
  for (const resource of facts.of([...tokens.vpc, ...tokens.vpcCidr])) {
    for (const key of ["cidrBlock", "ipv6CidrBlock"]) {
      const block = text(resource.inputs, key) ?? text(resource.outputs, key);
      const addresses = block === undefined ? undefined : parseCidr(block);
      if (addresses !== undefined) blocks.push(addresses);
    }
  }
  return unite(...blocks);
}

function declaredClients(network: PlannedResource): { name: string; cidr: string }[] {
  const properties = objects(network.inputs, "clients").length > 0 ? network.inputs : network.outputs;
  return objects(properties, "clients").flatMap((client) => {
    const name = text(client, "name");
    const cidr = text(client, "cidr");
    return name === undefined || cidr === undefined ? [] : [{ name, cidr }];
  });
}
