import { check, dataClasses, modelTasks, sharedCaName, type PlainFleet, type Problem } from "@holdfast/core";
import { z } from "zod";
import {
  gatewayPolicySchema,
  legiblePolicy,
  modelName,
  type CheckedGatewayPolicy,
  type GatewayPolicy,
} from "./gateway-policy";
import {
  gatewayTimeouts,
  longestLongestResponse,
  shortestLongestResponse,
  type GatewayTimeouts,
} from "./gateway-timeouts";
import { discreet, fleetProblems, policyProblems, type PolicyContext } from "./policy-problems";

/** What a compiled gateway needs to know of a fleet: the plain part of a `FleetEndpoint`. */
export type GatewayFleet = PlainFleet;

/** Everything a gateway's configuration is made of. Plain: the same spec gives the same bytes. */
export interface HaproxySpec {
  readonly policy: GatewayPolicy;
  /** Fleets to route to, each by its `servedModelName`. */
  readonly fleets: readonly GatewayFleet[];
  /** Longest answer anyone waits for, seconds; every timeout follows from it. */
  readonly longestResponseSeconds: number;
  /** Gateway hosts, at least 2. */
  readonly hosts: number;
  /** Memory of a gateway host, MiB; bounds the connections. @default 4096 */
  readonly hostMemoryMiB?: number;
  /** DNS resolver as `address:port`. @default "169.254.169.253:53", the resolver of every VPC */
  readonly resolver?: string;
  /** Where HAProxy comes from. @default { kind: "image" } */
  readonly program?: HaproxyProgram;
  /** The most sensitive class allowed where the gateway stands. @default "restricted" */
  readonly dataClass?: GatewayFleet["dataClass"];
}

/**
 * How HAProxy gets onto a host that has no way out. `image`: the machine image brings it (2.6.12 or newer, with Lua and the
 * Prometheus exporter; the unit refuses to start otherwise). `container`: an image in a private registry, by digest, run by the
 * container engine that the machine image brings.
 */
export type HaproxyProgram =
  | { readonly kind: "image" }
  | { readonly kind: "container"; readonly image: string; readonly engine?: "docker" | "podman" | undefined };

export const haproxyProgramSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("image") }),
  z.strictObject({
    kind: z.literal("container"),
    image: z
      .string()
      .regex(
        /^[a-z0-9.-]+(:\d+)?\/[a-z0-9._/-]+(:[\w.-]+)?@sha256:[a-f0-9]{64}$/,
        "must be an image in your own registry, pinned by digest (registry/name:tag@sha256:...)",
      ),
    engine: z.enum(["docker", "podman"]).optional(),
  }),
]);

/** Names and numbers of a fleet that end up in configuration text; the rest of a fleet is not looked at. */
const fleetSchema = z.looseObject({
  fleetName: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be a short name of lower-case letters, digits and hyphens"),
  servedModelName: modelName,
  task: z.enum(modelTasks),
  dnsName: z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "must be a DNS name in lower case"),
  port: z.int().min(1).max(65_528),
  replicasPerHost: z.int().min(1).max(8),
  hosts: z.int().min(1),
  rotationNoticeSeconds: z.number().min(0),
  tls: z.boolean(),
  engineCaName: z.string().regex(sharedCaName, "must be at most 40 lower-case letters, digits and hyphens").optional(),
  dataClass: z.enum(dataClasses),
  maxConcurrencyPerReplica: z.int().min(1),
  workload: z.looseObject({}),
});

const form = z.strictObject({
  policy: gatewayPolicySchema,
  fleets: z.array(fleetSchema),
  longestResponseSeconds: z.number().min(shortestLongestResponse).max(longestLongestResponse),
  hosts: z.int().min(2).max(32),
  hostMemoryMiB: z.int().min(1024).default(4096),
  resolver: z
    .string()
    .regex(/^[0-9.]+:\d+$/, "must be an IPv4 address and a port, such as 169.254.169.253:53")
    .default("169.254.169.253:53"),
  program: haproxyProgramSchema.default({ kind: "image" }),
  dataClass: z.enum(dataClasses).default("restricted"),
});

/** A spec with its defaults filled in and its figures derived. */
export interface CheckedHaproxySpec {
  readonly policy: CheckedGatewayPolicy;
  readonly fleets: readonly GatewayFleet[];
  readonly hosts: number;
  readonly resolver: string;
  readonly program: HaproxyProgram;
  readonly timeouts: GatewayTimeouts;
  readonly capacity: GatewayCapacity;
}

/** Sizes that follow from the body limit and the host's memory. */
export interface GatewayCapacity {
  /** Bytes of one HAProxy buffer: a whole request fits, so that it can be inspected and sent again. */
  readonly bufferBytes: number;
  /** Connections of clients a host accepts at once. */
  readonly connections: number;
}

/** Room in a buffer beside the body: the request head, HAProxy's own blocks, and what rewriting adds. */
const headRoom = (headerBytes: number): number => headerBytes + 16_384;

export function gatewayCapacity(bodyBytes: number, headerBytes: number, hostMemoryMiB: number): GatewayCapacity {
  const step = 16_384;
  const bufferBytes = Math.ceil((bodyBytes + headRoom(headerBytes)) / step) * step;
  // Two buffers and about 64 KiB of TLS and stream state per connection, in 60 % of the memory; manual, "tune.bufsize".
  const connections = Math.floor((hostMemoryMiB * 1_048_576 * 0.6) / (2 * bufferBytes + 65_536));
  return { bufferBytes, connections: Math.min(20_000, connections) };
}

/** Fewer connections than this are no gateway. */
const leastConnections = 128;

/**
 * Checks a spec whole: form and meaning together, every problem with its path in the spec. What is malformed in one place does not hide
 * what is wrong in another.
 */
export function checkHaproxySpec(
  spec: HaproxySpec,
): { readonly ok: true; readonly spec: CheckedHaproxySpec } | { readonly ok: false; readonly problems: Problem[] } {
  const checked = check(form, spec);
  const legible = checked.ok ? checked.value : legibleSpec(spec);
  const problems = [
    ...(checked.ok ? [] : checked.problems),
    ...fleetProblems(legible.fleets).map(({ path, reason }) => ({ path: `fleets${path}`, reason })),
    ...policyProblems(legible.policy, legible).map(({ path, reason }) => ({ path: `policy.${path}`, reason })),
  ];
  if (!checked.ok) return { ok: false, problems: problems.map(discreet) };
  const { policy, hosts, hostMemoryMiB, resolver, program, longestResponseSeconds } = checked.value;
  const capacity = gatewayCapacity(policy.limits.bodyBytes, policy.limits.headerBytes, hostMemoryMiB);
  if (capacity.connections < leastConnections) {
    problems.push({
      path: "policy.limits.bodyBytes",
      reason: `a host of ${hostMemoryMiB} MiB could hold only ${capacity.connections} connections, got ${policy.limits.bodyBytes} bytes for each body; allowed: sizes that leave at least ${leastConnections}; lower the limit or take hosts with more memory`,
    });
  }
  if (problems.length > 0) return { ok: false, problems: problems.map(discreet) };
  const timeouts = gatewayTimeouts(longestResponseSeconds);
  return { ok: true, spec: { policy, fleets: spec.fleets, hosts, resolver, program, timeouts, capacity } };
}

/** What can be read of a malformed spec, so that its meaning is checked as far as it has one. */
function legibleSpec({
  policy,
  fleets,
  hosts,
  dataClass,
}: HaproxySpec): PolicyContext & { readonly policy: CheckedGatewayPolicy } {
  const context: PolicyContext = {
    fleets: Array.isArray(fleets) ? fleets.filter((fleet) => fleetSchema.safeParse(fleet).success) : [],
    hosts: Number.isInteger(hosts) ? hosts : 1,
    ...(dataClasses.some((known) => known === dataClass) && dataClass !== undefined ? { dataClass } : {}),
  };
  return { ...context, policy: legiblePolicy(policy) };
}
