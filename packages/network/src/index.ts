export { accessMatrix, type AccessMatrix, type AccessMatrixEntry, type AccessMatrixOptions } from "./access-matrix";
export { addressPlan, type PlannedSubnet } from "./address-plan";
export { adoptNetwork, type AdoptNetworkArgs } from "./adopt-network";
export { networkProblems, type EgressMode, type NetworkSpec } from "./network-intent";
export { defaultNetworkNeeds, efaNetworkNeeds, enginePorts, hostNetworkNeeds, type HostNeeds } from "./network-needs";
export { placedSegments, type ClientNetwork, type NetworkPlacement, type PlacedSegment } from "./placement";
export {
  endpointPolicy,
  imageLayerBucket,
  logsKeyPolicy,
  partitionOf,
  policyText,
  trustService,
  type PolicyStatement,
} from "./policy-documents";
export { PrivateNetwork } from "./private-network";
export {
  logRetentionDays,
  type ClientAccessArgs,
  type EgressArgs,
  type FlowLogArgs,
  type PrivateNetworkArgs,
} from "./private-network-args";
