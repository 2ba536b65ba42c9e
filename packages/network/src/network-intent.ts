import { findRegion } from "@holdfast/catalog";
import type { NetworkNeeds, Problem } from "@holdfast/core";
import {
  accessMatrix,
  efaSegments,
  endpointServices,
  flowProblems,
  plannedRules,
  serviceOf,
  type AccessMatrix,
  type PlannedRule,
} from "./access-matrix";
import { addressPlan, addressProblems, type AddressInput, type PlannedSubnet } from "./address-plan";
import { networkAclEntries, networkAclQuota } from "./network-acl-rules";
import { defaultNetworkNeeds } from "./network-needs";
import { placedSegments, type PlacedSegment } from "./placement";
import { imageLayerBucket } from "./policy-documents";

/** How hosts reach anything outside the network. */
export type EgressMode = "none" | "endpoints";

export interface NetworkSpec extends AddressInput {
  /** Name of the component; prefix of the rules' names. */
  readonly name: string;
  readonly egress: EgressMode;
  /** @default the needs of all Holdfast parts, less the private endpoints when `egress` is "none" */
  readonly needs?: readonly NetworkNeeds[] | undefined;
}

/** All that a network will be, worked out before any resource exists. */
export interface NetworkIntent {
  readonly subnets: readonly PlannedSubnet[];
  readonly matrix: AccessMatrix;
  readonly rules: readonly PlannedRule[];
  /** Services with a private endpoint. */
  readonly services: readonly string[];
  /** Segments whose hosts have Elastic Fabric Adapters. */
  readonly efaSegments: readonly PlacedSegment[];
  /** Buckets outside the own account that hosts may read. */
  readonly buckets: readonly string[];
}

export function networkIntent(spec: NetworkSpec): NetworkIntent {
  const needs = specNeeds(spec);
  const options = { network: spec.name, clients: spec.clients };
  const matrix = accessMatrix(needs, options);
  const services = endpointServices(matrix);
  const buckets = new Set(needs.flatMap((need) => need.buckets ?? []));
  if (services.includes("ecr.dkr")) buckets.add(imageLayerBucket(spec.region));
  return {
    subnets: addressPlan(spec.cidr, spec.zones),
    matrix,
    rules: plannedRules(matrix, options),
    services,
    efaSegments: efaSegments(needs),
    buckets: [...buckets].sort(),
  };
}

/** Everything that is wrong with a network, by argument path. */
export function networkProblems(spec: NetworkSpec): Problem[] {
  const addresses = [...nameProblems(spec.name), ...addressProblems(spec, findRegion(spec.region)?.zones)];
  const flows = flowProblems(specNeeds(spec), spec.egress);
  return addresses.length + flows.length > 0 ? [...addresses, ...flows] : aclProblems(spec);
}

function specNeeds({ needs, egress }: NetworkSpec): readonly NetworkNeeds[] {
  if (needs) return needs;
  if (egress === "endpoints") return defaultNetworkNeeds();
  return defaultNetworkNeeds().map((need) => ({
    ...need,
    flows: need.flows.filter((flow) => serviceOf(flow.to) === undefined),
  }));
}

function aclProblems(spec: NetworkSpec): Problem[] {
  const matrix = accessMatrix(specNeeds(spec), { network: spec.name, clients: spec.clients });
  return placedSegments.flatMap((segment) => {
    const { ingress, egress } = networkAclEntries(segment, matrix, spec.cidr, spec.clients);
    const count = Math.max(ingress.length, egress.length) + 1;
    if (count <= networkAclQuota) return [];
    return [
      {
        path: "clients",
        reason: `${spec.clients.length} client networks make ${count} entries in the network ACL of ${segment}, and AWS allows ${networkAclQuota}; summarise them into fewer ranges`,
      },
    ];
  });
}

/** The name begins every resource's; an IAM role's has 64 characters, 22 of them ours. */
function nameProblems(name: string): Problem[] {
  if (/^[A-Za-z][A-Za-z0-9-]{0,41}$/.test(name)) return [];
  return [{ path: "name", reason: `must be at most 42 letters, digits and hyphens, a letter first, got "${name}"` }];
}
