import { describe, expect, it } from "vitest";
import { compileHaproxy } from "./compile-haproxy";
import type { GatewayPolicy } from "./gateway-policy";
import { looksLikeKey } from "./gateway-policy";
import { checkHaproxySpec, type HaproxySpec } from "./haproxy-spec";
import { checkGatewayPolicy } from "./policy-problems";
import { sampleFleet, sampleSpec } from "./sample-spec";

/** A spec as someone without a compiler could write it. */
function spec(change: (spec: Record<string, never>) => void): HaproxySpec {
  const copy = structuredClone(sampleSpec()) as unknown as Record<string, never>;
  change(copy);
  return copy as unknown as HaproxySpec;
}

function problems(change: (spec: Record<string, never>) => void): string[] {
  const checked = checkHaproxySpec(spec(change));
  return checked.ok ? [] : checked.problems.map(({ path, reason }) => `${path}: ${reason}`);
}

/** Sets a value deep in a spec. */
function set(path: string, value: unknown): (spec: Record<string, never>) => void {
  return (whole) => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at: Record<string, unknown> = whole;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    at[last] = value;
  };
}

describe("a gateway spec", () => {
  it("is accepted as the sample writes it", () => {
    expect(problems(() => undefined)).toEqual([]);
  });

  it.each([
    [
      "policy.clients.developers.tier",
      "basics",
      'unknown tier, got "basics"; allowed: premium, basic; did you mean "basic"?',
    ],
    [
      "policy.clients.assistant.models.0",
      "chatt",
      'unknown model, got "chatt"; allowed: chat, code, analysis, embed; did you mean "chat"?',
    ],
    ["policy.clients.assistant.models.1", "chat", 'got "chat" a second time; allowed: each model once; remove it'],
    [
      "policy.clients.developers.dataClass",
      "restricted",
      'got "code", whose fleet handles data up to "confidential", while the client sends "restricted"',
    ],
    [
      "policy.clients.developers.dataClass",
      "secret",
      'got "secret"; allowed: public, internal, confidential, restricted',
    ],
    ["dataClass", "internal", `above the environment's class, got "restricted"; allowed: up to "internal"`],
    [
      "policy.clients.developers.keyRef",
      "reports-2026",
      'got "reports-2026", which client "developers" has already; allowed: one client per key reference',
    ],
    [
      "policy.hostName",
      "LLM.bank.example",
      'must be a full host name in lower case, such as llm.bank.example, got "LLM.bank.example"',
    ],
    ["policy.hostName", "llm", "must be a full host name"],
    ["hosts", 1, "must be at least 2, got 1"],
    [
      "policy.tiers.basic.concurrentRequests",
      1,
      "must be at least the number of gateway hosts (2), because every host admits its share, got 1; raise it",
    ],
    ["policy.tiers.basic.burst", 6, "must be at most requestsPerMinute (5), got 6; lower it or leave it out"],
    ["policy.tiers.basic.requestsPerMinute", 0, "must be at least 1, got 0"],
    ["policy.limits.bodyBytes", 99, "must be at least 1024, got 99"],
    [
      "policy.limits.bodyBytes",
      16_777_216,
      "allowed: sizes that leave at least 128; lower the limit or take hosts with more memory",
    ],
    ["policy.clients.assistant.sources", ["0.0.0.0/0"], "must not be the whole internet"],
    [
      "policy.tls",
      { clientCertificates: "off" },
      'got "CN=reports,O=Example Bank,C=DE" while tls.clientCertificates is "off"; allowed: none',
    ],
    ["policy.tls", { clientCertificate: "off" }, 'unknown key "clientCertificate"; did you mean "clientCertificates"?'],
    ["longestResponseSeconds", 3600, "must be at most 3500, got 3600"],
    ["fleets.0.hosts", 9, "got 9 hosts behind one DNS name; allowed: at most 8, as Route 53 answers no more"],
    ["fleets.0.rotationNoticeSeconds", 1, "got a rotation notice of 1 s; allowed: at least 5 s"],
    [
      "fleets.1.servedModelName",
      "chat",
      'got fleet "code" serving "chat", as entry [0] does; allowed: one fleet per name and model',
    ],
    ["fleets.0.dnsName", "chat.llm.internal\n  server evil 6.6.6.6:80", "must be a DNS name in lower case"],
    ["fleets", [], "must have at least one fleet, got none"],
    ["resolver", "8.8.8.8", "must be an IPv4 address and a port"],
    [
      "program",
      { kind: "container", image: "haproxy:latest" },
      "must be an image in your own registry, pinned by digest",
    ],
  ])("%s = %j is refused with what is allowed and what to do", (path, value, reason) => {
    expect(problems(set(path, value)).join("\n")).toContain(reason);
  });

  it("names every problem in one error, form and meaning together", () => {
    const whole = spec((one) => {
      set("policy.hostName", "-")(one);
      set("policy.clients.developers.tier", "gold")(one);
      set("policy.clients.assistant.models.0", "gpt")(one);
      set("hosts", 1)(one);
    });
    expect(() => compileHaproxy(whole)).toThrow(/4 problems in its arguments/);
    for (const path of [
      "policy.hostName",
      "policy.clients.developers.tier",
      "policy.clients.assistant.models[0]",
      "hosts",
    ]) {
      expect(() => compileHaproxy(whole)).toThrow(path);
    }
  });

  it("refuses a key in clear wherever a name is asked for, without repeating it", () => {
    const key = "sk-proj-4f9aB2c8D1e7";
    for (const path of ["policy.clients.developers.keyRef", `policy.clients.${key}`]) {
      const text = problems(
        set(path, path.endsWith(key) ? { tier: "basic", models: ["code"], dataClass: "internal" } : key),
      ).join("\n");
      expect(text).toContain("looks like a key");
      expect(text).toContain("SHA-256");
      expect(text).not.toContain(key);
    }
  });

  it.each([
    "sk-abcdefgh1234",
    "AKIAIOSFODNN7EXAMPLE",
    "0123456789abcdef0123456789abcdef",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "-----BEGIN PRIVATE KEY-----",
    "dGhpcyBpcyBhIHNlY3JldCBrZXk5",
  ])("takes %s for a key", (text) => {
    expect(looksLikeKey(text)).toBe(true);
  });

  it.each(["assistant", "reports-2026", "max-tokens", "tokenizer-service", "team-payments-eu-central"])(
    "does not take %s for a key",
    (text) => {
      expect(looksLikeKey(text)).toBe(false);
    },
  );

  it("survives a policy that is no policy at all", () => {
    for (const policy of [undefined, null, 7, "x", [], {}, { clients: 3, tiers: { a: 1 } }]) {
      expect(checkGatewayPolicy(policy as unknown as GatewayPolicy, { fleets: [], hosts: 2 }).ok).toBe(false);
      expect(checkHaproxySpec({ ...sampleSpec(), policy: policy as unknown as GatewayPolicy }).ok).toBe(false);
    }
    expect(checkHaproxySpec({ ...sampleSpec(), fleets: [undefined, 3, {}] as never }).ok).toBe(false);
  });

  it("lets a client of a higher class use no fleet below it, and one of a lower class any above", () => {
    const policy: GatewayPolicy = {
      hostName: "llm.bank.example",
      tiers: { t: { requestsPerMinute: 10, concurrentRequests: 10 } },
      clients: { c: { tier: "t", models: ["m"], dataClass: "internal" } },
    };
    const verdict = (dataClass: "public" | "internal" | "restricted"): boolean =>
      checkGatewayPolicy(policy, { fleets: [sampleFleet("m", { dataClass })], hosts: 2 }).ok;
    expect([verdict("public"), verdict("internal"), verdict("restricted")]).toEqual([false, true, true]);
  });
});
