import {
  durationSeconds,
  isDuration,
  plainFleet,
  sharedCaProblems,
  show,
  type HostFile,
  type Problem,
} from "@holdfast/core";
import { compiledFiles } from "./compile-haproxy";
import type { GatewayArgs } from "./gateway-args";
import { legiblePolicy } from "./gateway-policy";
import { checkHaproxySpec, type CheckedHaproxySpec } from "./haproxy-spec";
import { hostMemoryMiB } from "./host-memory";

/** What a gateway is made of before anything is a resource. */
export interface GatewayPlan {
  readonly spec: CheckedHaproxySpec;
  readonly files: readonly HostFile[];
  readonly instanceType: string;
}

/** Decides everything that is known at plan time, or names every problem by the path of the argument. */
export function planGateway(
  args: GatewayArgs,
): { readonly ok: true; readonly plan: GatewayPlan } | { readonly ok: false; readonly problems: Problem[] } {
  const { instanceType = "c7i.large", hosts = 2, longestResponse } = args;
  const memory = hostMemoryMiB(instanceType);
  const readable = typeof longestResponse === "string" && isDuration(longestResponse);
  const checked = checkHaproxySpec({
    policy: args.policy,
    fleets: Array.isArray(args.fleets) ? args.fleets.map(plainFleet) : args.fleets,
    longestResponseSeconds: readable ? durationSeconds(longestResponse) : 600,
    hosts,
    hostMemoryMiB: memory ?? 4096,
    ...(args.resolver === undefined ? {} : { resolver: args.resolver }),
    ...(args.program === undefined ? {} : { program: args.program }),
    ...(args.dataClass === undefined ? {} : { dataClass: args.dataClass }),
  });
  const problems = checked.ok ? [] : checked.problems.map(renamed);
  if (!readable) {
    problems.push({
      path: "longestResponse",
      reason: `not a duration, got ${show(longestResponse)}; allowed: a number and a unit; write for example "10 minutes"`,
    });
  }
  if (memory === undefined) {
    problems.push({
      path: "instanceType",
      reason: `got "${instanceType}", whose memory is not known here; allowed: sizes medium to Nxlarge of the c, m and r families; take for example "c7i.large"`,
    });
  }
  if (args.network.zones.length < 2 && args.allowSingleZone !== true) {
    problems.push({
      path: "network",
      reason: `must have at least 2 zones, got ${args.network.zones.length}; a gateway in one zone goes down with it; add a zone, or set allowSingleZone`,
    });
  }
  const certificates = legiblePolicy(args.policy).tls.clientCertificates;
  if (certificates !== "off" && args.tls.clientCaSecretArn === undefined) {
    problems.push({
      path: "tls.clientCaSecretArn",
      reason:
        'missing; client certificates are required, so the gateway needs the CA that signs them; give its secret, or set policy.tls.clientCertificates to "off"',
    });
  }
  const fleets: GatewayArgs["fleets"] = Array.isArray(args.fleets) ? args.fleets : [];
  fleets.forEach((fleet, index) => {
    if (!fleet.tls || fleet.engineCaSecretArn !== undefined) return;
    problems.push({
      path: `fleets[${index}].engineCaSecretArn`,
      reason: `missing; the engines of ${fleet.fleetName} speak TLS, so the gateway needs the CA that signed their certificate; give its secret`,
    });
  });
  // The form of the names is the spec's to check.
  problems.push(...sharedCaProblems(fleets).filter(({ path }) => path.endsWith(".engineCaSecretArn")));
  if (!checked.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, plan: { spec: checked.spec, files: compiledFiles(checked.spec), instanceType } };
}

/** The spec's own names of two values that the component derives from others. */
function renamed({ path, reason }: Problem): Problem {
  if (path === "longestResponseSeconds") return { path: "longestResponse", reason: `${reason}, in seconds` };
  if (path === "hostMemoryMiB") return { path: "instanceType", reason };
  return { path, reason };
}
