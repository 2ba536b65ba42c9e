import { createHash } from "node:crypto";
import { dataClasses, mayHandle, type HostFile, type ModelTask } from "@holdfast/core";
import { gatewayPaths, type GatewayPath } from "./gateway-policy";
import { gatewayDirectory } from "./gateway-places";
import type { CheckedHaproxySpec, GatewayFleet } from "./haproxy-spec";
import { keyRefOf } from "./policy-problems";

const pathsByTask: Readonly<Record<ModelTask, readonly GatewayPath[]>> = {
  generate: ["/v1/chat/completions", "/v1/completions"],
  embed: ["/v1/embeddings"],
  rerank: ["/v1/rerank"],
};

/** Paths that some fleet can answer, in a fixed order. */
export function servedPaths(fleets: readonly GatewayFleet[]): GatewayPath[] {
  return gatewayPaths.filter((path) => fleets.some((fleet) => pathsByTask[fleet.task].includes(path)));
}

/** The name of a fleet's backend in HAProxy and in its metrics. */
export function backendName(fleetName: string): string {
  return `fleet_${fleetName}`;
}

/** A host's share of a limit that is split over the hosts. The shares never add up to more than the limit. */
export function hostShare(limit: number, hosts: number): number {
  return Math.max(1, Math.floor(limit / hosts));
}

/** SHA-256 of a text in upper-case hexadecimal, as HAProxy's `sha2(256),hex` prints it. */
export function upperSha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex").toUpperCase();
}

/** The tables HAProxy looks requests up in. Key, one space, value; no secret in any of them. */
export function gatewayMaps(spec: CheckedHaproxySpec): HostFile[] {
  const { policy, fleets, hosts } = spec;
  const clients = Object.entries(policy.clients);
  const file = (name: string, about: string, lines: readonly string[]): HostFile => ({
    path: `${gatewayDirectory}/${name}`,
    content: [`# ${about}`, ...lines, ""].join("\n"),
    reader: "text",
  });
  const byKey = clients.flatMap(([name, client]) => {
    const keyRef = keyRefOf(name, client);
    return keyRef === undefined ? [] : [`${keyRef} ${name}`];
  });
  const bySubject = clients.flatMap(([name, client]) =>
    client.certificateSubject !== undefined && keyRefOf(name, client) === undefined
      ? [`${upperSha256(client.certificateSubject)} ${name}`]
      : [],
  );
  const subjects = clients.flatMap(([name, client]) =>
    client.certificateSubject === undefined ? [] : [`${name} ${upperSha256(client.certificateSubject)}`],
  );
  const limits = clients.flatMap(([name, client]) => {
    const tier = policy.tiers[client.tier];
    if (tier === undefined) return [];
    const perMinute =
      policy.limits.sharing === "divided" ? hostShare(tier.requestsPerMinute, hosts) : tier.requestsPerMinute;
    const burst =
      tier.burst === undefined ? 0 : policy.limits.sharing === "divided" ? hostShare(tier.burst, hosts) : tier.burst;
    return [
      `${name} ${perMinute}|${burst}|${hostShare(tier.concurrentRequests, hosts)}|${tier.priority}|${tier.maxOutputTokens ?? 0}`,
    ];
  });
  return [
    file("keyref-client.map", "name of a key in the secret -> client", byKey),
    file("subject-client.map", "SHA-256 of a certificate subject -> client that needs no key", bySubject),
    file("client-subject.map", "client -> SHA-256 of the only certificate subject it may present", subjects),
    file(
      "client-class.map",
      "client -> class of its requests when they name none",
      clients.map(([name, client]) => `${name} ${client.dataClass}`),
    ),
    file(
      "client-limits.map",
      "client -> requests per minute|per 10 s (0: any)|in flight on one host|queue priority|most output tokens (0: any)",
      limits,
    ),
    file(
      "client-models.map",
      "client -> answer to GET /v1/models",
      clients.map(([name, client]) => `${name} ${modelList(fleets, client.models)}`),
    ),
    file("routes.map", "client|class|path|model -> backend; what is not listed is refused", routes(spec)),
  ];
}

/** Every combination that may pass. A class below the client's own may be named by the request; a fleet never gets a class above its own. */
function routes({ policy, fleets }: CheckedHaproxySpec): string[] {
  return Object.entries(policy.clients).flatMap(([name, client]) =>
    dataClasses
      .filter((dataClass) => mayHandle(client.dataClass, dataClass))
      .flatMap((dataClass) =>
        fleets
          .filter((fleet) => client.models.includes(fleet.servedModelName) && mayHandle(fleet.dataClass, dataClass))
          .flatMap((fleet) =>
            pathsByTask[fleet.task].map(
              (path) => `${name}|${dataClass}|${path}|${fleet.servedModelName} ${backendName(fleet.fleetName)}`,
            ),
          ),
      ),
  );
}

function modelList(fleets: readonly GatewayFleet[], models: readonly string[]): string {
  const data = fleets
    .filter((fleet) => models.includes(fleet.servedModelName))
    .map((fleet) => ({ id: fleet.servedModelName, object: "model", created: 0, owned_by: "holdfast" }));
  return JSON.stringify({ object: "list", data });
}
