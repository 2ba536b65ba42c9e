import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessProbes } from "./access-probes";
import { CertificateAuthority } from "./certificates";
import { engineProbes } from "./engine-probes";
import { GatewayBench, type Authorities, type CompiledGateway } from "./gateway-bench";
import { gatewayUnavailable } from "./gateway-process";
import { limitProbes } from "./limit-probes";
import { options, type Probe } from "./probe";

export const gatewayProbes: readonly Probe[] = [...accessProbes, ...limitProbes, ...engineProbes];

/**
 * The behaviour of a compiled gateway as tests: real HAProxy, fake engines. With `breakages`, each probe is also run against a gateway
 * that was broken in the one place it guards, and must notice. `without` names the probes for which the policy has nothing to try:
 * one of them that would apply is a failure, and so is one that does not apply and is not named.
 */
export function describeGateway(
  name: string,
  compile: () => CompiledGateway | Promise<CompiledGateway>,
  { breakages = false, without = [] }: { readonly breakages?: boolean; readonly without?: readonly string[] } = {},
): void {
  const reason = gatewayUnavailable();
  if (reason !== undefined) console.warn(`SKIPPED, not proven: the behaviour of ${name} (${reason})`);
  // Most of the time is waiting: for checks, for limits, for DNS.
  describe.skipIf(reason !== undefined).concurrent(name, () => {
    let authorities: Authorities;
    beforeAll(() => {
      authorities = [new CertificateAuthority("clients and servers"), new CertificateAuthority("somebody else")];
    });
    afterAll(() => {
      for (const authority of authorities) authority.remove();
    });
    const verdict = async (compiled: CompiledGateway, probe: Probe, broken: boolean): Promise<string | undefined> => {
      const bench = await GatewayBench.start(compiled, authorities, options(probe, broken));
      try {
        return await probe.run(bench);
      } catch (error) {
        if (broken) return String(error);
        throw error;
      } finally {
        await bench.stop();
      }
    };
    for (const probe of gatewayProbes) {
      it(without.includes(probe.name) ? `has nothing to try: ${probe.name}` : probe.name, async () => {
        const compiled = await compile();
        const applies = probe.applies?.(compiled) !== false;
        expect(applies, "the policy has something of the kind").toBe(!without.includes(probe.name));
        if (!applies) return;
        expect(await verdict(compiled, probe, false)).toBeUndefined();
      });
      if (!breakages) continue;
      it(`notices a breakage: ${probe.name}`, async () => {
        expect(await verdict(await compile(), probe, true)).toBeTypeOf("string");
      });
    }
  });
}
