import { check, type FleetEndpoint, type Problem } from "@holdfast/core";
import { z } from "zod";
import { gatewayPolicySchema, type CheckedGatewayPolicy, type GatewayPolicy } from "./gateway-policy";
import { gatewayTimeouts, longestLongestResponse, shortestLongestResponse, type GatewayTimeouts } from "./gateway-timeouts";
import { fleetProblems, policyProblems } from "./policy-problems";

/** What a compiled gateway needs to know of a fleet: the plain part of a `FleetEndpoint`. */
export type GatewayFleet = Omit<FleetEndpoint, "engineKeySecretArn">;

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

const form = z.strictObject({
  policy: gatewayPolicySchema,
  fleets: z.array(z.custom<GatewayFleet>((value) => typeof value === "object" && value !== null, "must be a fleet")),
  longestResponseSeconds: z.number().min(shortestLongestResponse).max(longestLongestResponse),
  hosts: z.int().min(2).max(32),
  hostMemoryMiB: z.int().min(1024).default(4096),
  resolver: z
    .string()
    .regex(/^[0-9.]+:\d+$/, "must be an IPv4 address and a port, such as 169.254.169.253:53")
    .default("169.254.169.253:53"),
  program: haproxyProgramSchema.default({ kind: "image" }),
  dataClass: z.enum(["public", "internal", "confidential", "restricted"]).default("restricted"),
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

/** Checks a spec whole: every problem with its path in the spec. */
export function checkHaproxySpec(spec: HaproxySpec): { readonly ok: true; readonly spec: CheckedHaproxySpec } | { readonly ok: false; readonly problems: Problem[] } {
  const checked = check(form, spec);
  if (!checked.ok) return checked;
  const { policy, fleets, hosts, hostMemoryMiB, resolver, program, dataClass, longestResponseSeconds } = checked.value;
  const capacity = gatewayCapacity(policy.limits.bodyBytes, policy.limits.headerBytes, hostMemoryMiB);
  const problems = [
    ...fleetProblems(fleets).map(({ path, reason }) => ({ path: `fleets${path}`, reason })),
    ...policyProblems(policy, { fleets, hosts, dataClass }).map(({ path, reason }) => ({ path: `policy.${path}`, reason })),
    ...(capacity.connections < 64
      ? [
          {
            path: "policy.limits.bodyBytes",
            reason: `a host of ${hostMemoryMiB} MiB could hold only ${capacity.connections} connections with bodies of ${policy.limits.bodyBytes} bytes, got too few; allowed: sizes that leave at least 64; lower the limit or take hosts with more memory`,
          },
        ]
      : []),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, spec: { policy, fleets, hosts, resolver, program, timeouts: gatewayTimeouts(longestResponseSeconds), capacity } };
}
