import { compileHaproxy, type GatewayFleet, type GatewayPolicy } from "@holdfast/gateway";
import { describe, expect, it } from "vitest";
import { accessProbes } from "./access-probes";
import { engineProbes } from "./engine-probes";
import { GatewayBench, type CompiledGateway } from "./gateway-bench";
import { gatewayUnavailable } from "./gateway-process";
import { limitProbes } from "./limit-probes";
import { prodLikeFleets, prodLikePolicy } from "./prod-like";

/** A gateway as in production: real configuration, real HAProxy, fake engines. */
function compiled(
  policy: GatewayPolicy = prodLikePolicy,
  fleets: readonly GatewayFleet[] = prodLikeFleets,
): CompiledGateway {
  return { policy, fleets, files: compileHaproxy({ policy, fleets, longestResponseSeconds: 600, hosts: 2 }) };
}

const reason = gatewayUnavailable();
if (reason !== undefined) console.warn(`SKIPPED, not proven: the gateway's behaviour (${reason})`);

describe.skipIf(reason !== undefined)("the compiled gateway", () => {
  for (const probe of [...accessProbes, ...limitProbes, ...engineProbes]) {
    const gateways = probe.gateways ?? 1;
    it(probe.name, async () => {
      const bench = await GatewayBench.start(compiled(), { gateways });
      try {
        expect(await probe.run(bench)).toBeUndefined();
      } finally {
        await bench.stop();
      }
    });
    it(`notices when that is broken: ${probe.name}`, async () => {
      const bench = await GatewayBench.start(compiled(), { gateways, breakage: probe.breakage });
      try {
        expect(await probe.run(bench).catch((error: unknown) => String(error))).toBeTypeOf("string");
      } finally {
        await bench.stop();
      }
    });
  }
});
