import type { AccessMatrix } from "./access-matrix";
import { gatewayServices, serviceOf } from "./access-matrix";
import type { ClientNetwork, PlacedSegment } from "./placement";

/** One entry of a network ACL. */
export interface NetworkAclEntry {
  readonly ruleNo: number;
  readonly action: "allow";
  /** IANA number, `-1` for all. */
  readonly protocol: "-1" | "6" | "17";
  readonly cidrBlock: string;
  readonly fromPort: number;
  readonly toPort: number;
}

export interface NetworkAclEntries {
  readonly ingress: readonly NetworkAclEntry[];
  readonly egress: readonly NetworkAclEntry[];
}

/** Where Linux takes the ports of outgoing connections from (`net.ipv4.ip_local_port_range`); above every port that our parts listen on. */
const hostPorts = { fromPort: 32_768, toPort: 60_999 } as const;
/** Where any system may take them from (RFC 6056). */
const clientPorts = { fromPort: 1024, toPort: 65_535 } as const;
/** A network ACL holds at most 20 entries a direction (AWS quota), one of them denies the rest. */
export const networkAclQuota = 20;

/**
 * The second, coarse layer behind the security groups: a segment talks to the network itself and to the client networks its flows
 * name, nothing else. ACLs keep no state and take no prefix lists, so a segment that uses Amazon S3 (its gateway endpoint answers from
 * public addresses) accepts answers on the ports of outgoing connections; what may connect is the security groups' business.
 */
export function networkAclEntries(
  segment: PlacedSegment,
  matrix: AccessMatrix,
  cidr: string,
  clients: readonly ClientNetwork[],
): NetworkAclEntries {
  const inside = { ruleNo: 100, action: "allow", protocol: "-1", cidrBlock: cidr, fromPort: 0, toPort: 0 } as const;
  const ingress: Omit<NetworkAclEntry, "ruleNo">[] = [];
  const egress: Omit<NetworkAclEntry, "ruleNo">[] = [];
  for (const flow of matrix) {
    const entry = { action: "allow", protocol: flow.protocol === "tcp" ? "6" : "17" } as const;
    const ports = { fromPort: flow.port, toPort: flow.toPort };
    for (const { cidr: cidrBlock } of clients) {
      if (flow.from === "clients" && flow.to === segment) {
        ingress.push({ ...entry, cidrBlock, ...ports });
        egress.push({ ...entry, cidrBlock, ...clientPorts });
      }
      if (flow.from === segment && flow.to === "clients") {
        egress.push({ ...entry, cidrBlock, ...ports });
        ingress.push({ ...entry, cidrBlock, ...hostPorts });
      }
    }
    const service = serviceOf(flow.to);
    // S3 answers from public addresses and an ACL takes no prefix list; the group's rule and the route narrow it to the endpoint.
    if (flow.from === segment && service !== undefined && gatewayServices.includes(service)) {
      egress.push({ ...entry, cidrBlock: "0.0.0.0/0", ...ports });
      ingress.push({ ...entry, cidrBlock: "0.0.0.0/0", ...hostPorts });
    }
  }
  return { ingress: [inside, ...numbered(ingress)], egress: [inside, ...numbered(egress)] };
}

function numbered(entries: readonly Omit<NetworkAclEntry, "ruleNo">[]): NetworkAclEntry[] {
  const distinct = [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
  return distinct.map((entry, index) => ({ ruleNo: 200 + index * 10, ...entry }));
}
