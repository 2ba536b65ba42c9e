export { auditFields } from "./audit-log";
export { compileHaproxy } from "./compile-haproxy";
export { Gateway } from "./gateway";
export type { GatewayArgs } from "./gateway-args";
export { gatewayServices } from "./gateway-host-files";
export { backendName, servedPaths } from "./gateway-maps";
export { gatewayNetworkNeeds, type GatewayNetworkOptions } from "./gateway-network-needs";
export { gatewayDirectory, gatewayPorts, gatewayRuntime, gatewaySecrets } from "./gateway-places";
export {
  gatewayPaths,
  gatewayPolicySchema,
  looksLikeKey,
  type CheckedGatewayPolicy,
  type GatewayClient,
  type GatewayPath,
  type GatewayPolicy,
  type GatewayTier,
} from "./gateway-policy";
export { gatewayTimeouts, type GatewayTimeouts } from "./gateway-timeouts";
export {
  checkHaproxySpec,
  gatewayCapacity,
  haproxyProgramSchema,
  type GatewayCapacity,
  type GatewayFleet,
  type HaproxyProgram,
  type HaproxySpec,
} from "./haproxy-spec";
export {
  checkGatewayPolicy,
  fleetProblems,
  policyProblems,
  type PolicyContext,
  type RoutedFleet,
} from "./policy-problems";
