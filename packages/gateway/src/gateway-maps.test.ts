import { createHash } from "node:crypto";
import { dataClasses, mayHandle } from "@holdfast/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatewayMaps, hostShare, servedPaths } from "./gateway-maps";
import { checkHaproxySpec, type CheckedHaproxySpec } from "./haproxy-spec";
import { sampleFleet, sampleSpec } from "./sample-spec";

function checked(spec = sampleSpec()): CheckedHaproxySpec {
  const result = checkHaproxySpec(spec);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.spec;
}

function map(name: string, spec = sampleSpec()): string[] {
  const file = gatewayMaps(checked(spec)).find((one) => one.path.endsWith(`/${name}`));
  return (file?.content ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("the tables", () => {
  it("route a client's models on the paths of their task, for its class and those below", () => {
    expect(map("routes.map").filter((line) => line.startsWith("developers"))).toEqual(
      ["public", "internal", "confidential"].flatMap((dataClass) => [
        `developers|${dataClass}|/v1/chat/completions|code fleet_code`,
        `developers|${dataClass}|/v1/completions|code fleet_code`,
      ]),
    );
    expect(map("routes.map")).toContain("assistant|restricted|/v1/embeddings|embed fleet_embed");
    expect(map("routes.map").some((line) => line.includes("/v1/chat/completions|embed"))).toBe(false);
  });

  it("never route to a fleet of a lower class than the request's, nor to a model not on the list", () => {
    const dataClass = fc.constantFrom(...dataClasses);
    fc.assert(
      fc.property(
        dataClass,
        fc.array(dataClass, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (clientClass, fleetClasses, pick) => {
          const fleets = fleetClasses.map((one, index) => sampleFleet(`f${index}`, { dataClass: one }));
          const usable = fleets.filter((fleet) => mayHandle(fleet.dataClass, clientClass));
          fc.pre(usable.length > 0);
          const models = usable
            .filter((_, index) => index === pick % usable.length)
            .map((fleet) => fleet.servedModelName);
          const spec = sampleSpec({
            fleets,
            policy: {
              hostName: "llm.bank.example",
              tiers: { t: { requestsPerMinute: 10, concurrentRequests: 10 } },
              clients: { c: { tier: "t", models, dataClass: clientClass } },
            },
          });
          for (const line of map("routes.map", spec)) {
            const [client, requestClass, , target] = line.split("|");
            const [model, backend] = (target ?? "").split(" ");
            const fleet = fleets.find((one) => `fleet_${one.fleetName}` === backend);
            const known = dataClasses.find((one) => one === requestClass);
            expect(client).toBe("c");
            expect(models).toContain(model);
            expect(fleet && known && mayHandle(fleet.dataClass, known)).toBe(true);
            expect(known && mayHandle(clientClass, known)).toBe(true);
          }
        },
      ),
    );
  });

  it("hold hashes of certificate subjects, and names of keys, never keys", () => {
    const subject = createHash("sha256").update("CN=reports,O=Example Bank,C=DE").digest("hex").toUpperCase();
    expect(map("client-subject.map")).toEqual([`reports ${subject}`]);
    expect(map("keyref-client.map")).toEqual(["assistant assistant", "developers developers", "reports-2026 reports"]);
    expect(map("subject-client.map")).toEqual([]);
  });

  it("let a certificate stand for a client that has no key", () => {
    const { policy } = sampleSpec();
    const clients = {
      batch: { tier: "basic", models: ["code"], dataClass: "internal" as const, certificateSubject: "CN=batch" },
    };
    const spec = sampleSpec({ policy: { ...policy, clients } });
    const hash = createHash("sha256").update("CN=batch").digest("hex").toUpperCase();
    expect(map("subject-client.map", spec)).toEqual([`${hash} batch`]);
    expect(map("keyref-client.map", spec)).toEqual([]);
  });

  it("give a host its share of requests in flight, and of the rates only where they are not shared", () => {
    expect(map("client-limits.map")).toContain("developers 5|0|2|0|4096");
    expect(map("client-limits.map")).toContain("assistant 6000|0|200|-10|0");
    const { policy } = sampleSpec();
    expect(map("client-limits.map", sampleSpec({ policy: { ...policy, limits: { sharing: "divided" } } }))).toContain(
      "developers 2|0|2|0|4096",
    );
  });

  it("split limits so that the hosts together never exceed them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 32 }), fc.integer({ min: 0, max: 100_000 }), (hosts, more) => {
        const limit = hosts + more;
        const share = hostShare(limit, hosts);
        expect(share).toBeGreaterThanOrEqual(1);
        expect(share * hosts).toBeLessThanOrEqual(limit);
        expect((share + 1) * hosts).toBeGreaterThan(limit);
      }),
    );
  });

  it("list paths only where a fleet can answer", () => {
    expect(servedPaths([sampleFleet("a")])).toEqual(["/v1/chat/completions", "/v1/completions"]);
    expect(servedPaths([sampleFleet("a", { task: "embed" })])).toEqual(["/v1/embeddings"]);
    expect(servedPaths([sampleFleet("a", { task: "rerank" })])).toEqual(["/v1/rerank"]);
  });
});
