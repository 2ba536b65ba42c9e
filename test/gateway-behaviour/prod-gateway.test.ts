import type { HostFile } from "@holdfast/core";
import { Environment } from "@holdfast/environment";
import { planProgram } from "@holdfast/testing";
import { stackConfig } from "../exposure/prod-program";
import type { CompiledGateway } from "./gateway-bench";
import { describeGateway } from "./gateway-suite";

/** The gateway of the committed production environment: its files as the plan would deploy them. */
async function prodGateway(): Promise<CompiledGateway> {
  const config = stackConfig("prod");
  const document: unknown = JSON.parse(config["holdfast:environment"] ?? "");
  const made: Environment[] = [];
  const { graph } = await planProgram({
    project: "holdfast",
    stack: "prod",
    config,
    program: () => {
      made.push(new Environment("prod", { document }));
    },
  });
  const [environment] = made;
  if (!environment) throw new Error("the program made no environment");
  const files = graph
    .ofType(["aws:s3/bucketObjectv2:BucketObjectv2"])
    .map(({ inputs }) => inputs as { metadata?: Record<string, string>; content?: string })
    .filter(({ metadata }) => metadata?.["holdfast-host"] === "prod-gateway-hosts")
    .map(({ metadata, content }) => ({
      path: metadata?.["holdfast-path"] ?? "",
      reader: (metadata?.["holdfast-reader"] ?? "text") as HostFile["reader"],
      content: content ?? "",
    }));
  if (!files.some((file) => file.reader === "haproxy")) throw new Error("the plan has no gateway configuration");
  return { files, policy: environment.gateway.policy, fleets: environment.fleets };
}

let compiled: Promise<CompiledGateway> | undefined;

describeGateway("the gateway of the committed production environment", () => (compiled ??= prodGateway()), {
  without: [
    // Its engines go on serving for 30 s after they leave DNS; the probe is for shorter notices.
    "when a fleet's last address leaves DNS, it gets no new request before its notice is over",
    // No model of it has clients in two tiers.
    "in a fleet's queue the tier with the better priority is served first",
  ],
});
