import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { dataClasses } from "@holdfast/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileHaproxy } from "./compile-haproxy";
import { gatewayTimeouts } from "./gateway-timeouts";
import { checkTimeoutSeconds, hostSlots } from "./haproxy-backend";
import type { HaproxySpec } from "./haproxy-spec";
import { sampleFleet, sampleSpec } from "./sample-spec";

function config(spec: HaproxySpec = sampleSpec()): string {
  return compileHaproxy(spec).find((file) => file.reader === "haproxy")?.content ?? "";
}

/** What `haproxy -c` says of compiled files, laid out as on a host; empty when it accepts them without a warning. */
function verdict(spec: HaproxySpec): string {
  const folder = mkdtempSync(join(tmpdir(), "gateway-config-"));
  try {
    for (const file of compileHaproxy(spec)) {
      mkdirSync(dirname(folder + file.path), { recursive: true });
      writeFileSync(folder + file.path, file.content);
    }
    const secrets = join(folder, "secrets");
    mkdirSync(secrets);
    mkdirSync(join(folder, "runtime"));
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=test",
        "-keyout",
        "key",
        "-out",
        "gateway-client-ca",
      ],
      { cwd: secrets, stdio: "ignore" },
    );
    execFileSync("sh", ["-c", "cat gateway-client-ca key >gateway-certificate; : >gateway-api-keys"], { cwd: secrets });
    for (const { fleetName } of spec.fleets) {
      writeFileSync(join(secrets, `gateway-engine-key-${fleetName}`), "key\n");
      copyFileSync(join(secrets, "gateway-client-ca"), join(secrets, `gateway-engine-ca-${fleetName}`));
    }
    const { uid, gid } = userInfo();
    const env = {
      ...process.env,
      HOLDFAST_SECRETS: secrets,
      HOLDFAST_RUNTIME: join(folder, "runtime"),
      HOLDFAST_CONFIGURATION: join(folder, "etc/holdfast/gateway"),
      HOLDFAST_OWNER: `${uid}:${gid}`,
    };
    execFileSync("sh", [join(folder, "usr/local/lib/holdfast/gateway/prepare.sh")], { env });
    const paths = ["-f", join(folder, "runtime/peers.cfg"), "-f", join(folder, "etc/holdfast/gateway/haproxy.cfg")];
    const { status, stderr } = spawnSync("haproxy", ["-c", "-q", ...paths], { env, encoding: "utf8" });
    return status === 0 && !stderr.includes("[WARNING]") ? "" : stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const noHaproxy = spawnSync("haproxy", ["-v"]).status !== 0;

describe("haproxy.cfg", () => {
  it.skipIf(noHaproxy)("is accepted by HAProxy without a warning, for the sample and for every switch", () => {
    const { policy } = sampleSpec();
    const clients = {
      batch: {
        tier: "basic",
        models: ["code"],
        dataClass: "internal" as const,
        certificateSubject: "CN=batch",
        sources: ["10.1.0.0/16"],
      },
    };
    const specs = [
      sampleSpec(),
      sampleSpec({ hosts: 4 }),
      sampleSpec({ fleets: sampleSpec().fleets.map((fleet) => ({ ...fleet, tls: false })) }),
      sampleSpec({
        policy: { ...policy, xApiKey: true, tls: { minimumVersion: "1.2", missingCertificate: "refuse-handshake" } },
      }),
      sampleSpec({ policy: { ...policy, clients, limits: { sharing: "divided" } } }),
      sampleSpec({
        policy: {
          ...policy,
          tls: { clientCertificates: "off" },
          clients: { a: { tier: "basic", models: ["code"], dataClass: "public" } },
        },
      }),
      sampleSpec({ fleets: [...sampleSpec().fleets, sampleFleet("order", { task: "rerank" })] }),
    ];
    for (const spec of specs) expect(verdict(spec)).toBe("");
  });

  it.skipIf(noHaproxy)(
    "is accepted for policies made at random",
    () => {
      const dataClass = fc.constantFrom(...dataClasses);
      const number = (min: number, max: number) => fc.integer({ min, max });
      fc.assert(
        fc.property(
          fc.record({
            hosts: number(2, 12),
            longestResponseSeconds: number(5, 3500),
            bodyBytes: number(1024, 2_000_000),
            fleets: fc.array(
              fc.record({
                hosts: number(1, 8),
                replicasPerHost: number(1, 8),
                dataClass,
                most: number(1, 1000),
                embed: fc.boolean(),
              }),
              { minLength: 1, maxLength: 5 },
            ),
            rpm: number(32, 1_000_000),
            priority: number(-100, 100),
            clients: number(1, 8),
          }),
          (random) => {
            const fleets = random.fleets.map(({ hosts, replicasPerHost, dataClass: one, most, embed }, index) =>
              sampleFleet(`f${index}`, {
                hosts,
                replicasPerHost,
                dataClass: one,
                maxConcurrencyPerReplica: most,
                ...(embed ? { task: "embed" } : {}),
              }),
            );
            const client = {
              tier: "t",
              models: fleets.map((fleet) => fleet.servedModelName),
              dataClass: "public" as const,
            };
            const policy = {
              hostName: "llm.bank.example",
              tiers: { t: { requestsPerMinute: random.rpm, concurrentRequests: 32, priority: random.priority } },
              clients: Object.fromEntries(Array.from({ length: random.clients }, (_, index) => [`c${index}`, client])),
              limits: { bodyBytes: random.bodyBytes },
            };
            const { hosts, longestResponseSeconds } = random;
            expect(verdict({ policy, fleets, hosts, longestResponseSeconds, hostMemoryMiB: 16_384 })).toBe("");
          },
        ),
        { numRuns: 12 },
      );
    },
    60_000,
  );

  it.skipIf(noHaproxy)("is refused by HAProxy when broken: the check above can fail", () => {
    expect(() => verdict({ ...sampleSpec(), fleets: [sampleFleet("chat", { dnsName: "-" })] })).toThrow(
      "must be a DNS name",
    );
    const broken = config().replace("balance leastconn", "balance leastconns");
    const { status } = spawnSync("haproxy", ["-c", "-q", "-f", "/dev/stdin"], { input: broken });
    expect(status).not.toBe(0);
  });

  it("is the same bytes each time", () => {
    expect(compileHaproxy(sampleSpec())).toEqual(compileHaproxy(sampleSpec()));
  });

  it("takes every time from the longest response", () => {
    for (const longest of [120, 300, 600]) {
      const text = config(sampleSpec({ longestResponseSeconds: longest }));
      const times = gatewayTimeouts(longest);
      for (const line of [
        `timeout client ${times.client}s`,
        `timeout server ${times.server}s`,
        `timeout queue ${times.queue}s`,
        `hard-stop-after ${times.drain}s`,
        `timeout connect ${times.connect}s`,
      ]) {
        expect(text).toContain(`  ${line}\n`);
      }
    }
  });

  it("finds every engine of a host by its port, and never more hosts than DNS answers", () => {
    expect(config()).toContain(
      "  server-template engine-8000- 6 code.llm.internal:8000\n  server-template engine-8001- 6 code.llm.internal:8001\n",
    );
    expect([1, 3, 4, 8].map(hostSlots)).toEqual([4, 6, 8, 8]);
  });

  it("gives a check as long as an answer takes at the promised speed, within bounds", () => {
    expect(checkTimeoutSeconds(sampleFleet("a"))).toBe(28);
    const slow = { promptTokens: 1, outputTokens: 4000, requestsPerSecond: 1, ttftSeconds: 5, tpotMs: 100 };
    expect(checkTimeoutSeconds(sampleFleet("a", { workload: slow }))).toBe(60);
    expect(
      checkTimeoutSeconds(sampleFleet("a", { workload: { promptTokens: 1, outputTokens: 10, requestsPerSecond: 1 } })),
    ).toBe(60);
    expect(checkTimeoutSeconds(sampleFleet("a", { task: "embed", workload: { ...slow, ttftSeconds: 0.5 } }))).toBe(5);
  });

  it("writes no prompt, header or query string into the log", () => {
    const formats = config()
      .split("\n")
      .filter((line) => line.includes("log-format"));
    expect(formats).toHaveLength(2);
    for (const line of formats) expect(line).not.toMatch(/req\.body|res\.body|hdr|query|%r\b|%HU|%HQ|keyhash|url/);
  });
});
