import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { checkEngineArguments } from "@holdfast/serving";
import type { BuiltPlan } from "@holdfast/cli";
import type { EngineKind } from "@holdfast/core";
import { parse } from "yaml";
import { readQuery } from "../../packages/observability/src/promql/read-query";
import { CertificateAuthority } from "../gateway-behaviour/certificates";
import { gatewayUnavailable, GatewayProcess } from "../gateway-behaviour/gateway-process";
import { environments, plannedEnvironment } from "../planned-environments";
import { byHost, HostRoot, hostPath, installed, read, type Artefact } from "./host-root";

/** What a machine image brings (docs/machine-images.md). Anything else a unit starts must be among the deployed texts. */
const imagePrograms = [
  "/bin/kill",
  "/usr/bin/docker",
  "/usr/bin/install",
  "/usr/bin/rm",
  "/usr/bin/true",
  "/usr/sbin/haproxy",
  "/usr/local/bin/prometheus",
  "/usr/local/bin/alertmanager",
  "/usr/local/bin/blackbox_exporter",
  "/usr/local/bin/node_exporter",
  "/usr/local/bin/dcgm-exporter",
  "/usr/share/grafana/bin/grafana",
];
const imageUnits = ["docker.service", "nvidia-persistenced.service"];

describe.each(environments)("the deployed texts of %s", (environment) => {
  let plan: BuiltPlan;
  let hosts: [string, HostRoot][] = [];
  beforeAll(async () => {
    plan = await plannedEnvironment(environment);
    hosts = [...byHost(plan.artefacts)].map(([host, artefacts]) => [host, new HostRoot(artefacts)]);
  });
  afterAll(() => {
    for (const [, root] of hosts) root.remove();
  });

  const of = (reader: string): Artefact[] => plan.artefacts.filter((artefact) => artefact.reader === reader);
  const distinct = (artefacts: readonly Artefact[]): Artefact[] => [
    ...new Map(artefacts.map((one) => [one.sha256, one])).values(),
  ];
  const rootsWith = (reader: string): [HostRoot, Artefact][] =>
    hosts.flatMap(([, root]) =>
      root.artefacts.filter((one) => one.reader === reader).map((one): [HostRoot, Artefact] => [root, one]),
    );

  it("have a reader that this file knows, each of them", () => {
    const known = [
      "alertmanager",
      "blackbox-exporter",
      "cloud-init",
      "grafana-dashboard",
      "grafana-provisioning",
      "haproxy",
      "json",
      "prometheus-config",
      "prometheus-rules",
      "shell",
      "systemd",
      "text",
      "yaml",
    ];
    expect(plan.artefacts.length).toBeGreaterThan(80);
    for (const { path, reader, content } of plan.artefacts) {
      expect(known, path).toContain(reader);
      expect(content, path).not.toContain("[object ");
      expect(content, path).not.toContain("undefined");
      expect(content, path).not.toContain("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    }
  });

  it.skipIf(!installed("cloud-init"))("user data: cloud-init schema", () => {
    const files = rootsWith("cloud-init");
    expect(files.length).toBe(hosts.length);
    for (const [root, file] of files) {
      const { status, said } = read("cloud-init", ["schema", "--config-file", join(root.folder, hostPath(file))]);
      expect(status, `${file.path}\n${said}`).toBe(0);
    }
  });

  it.skipIf(!installed("shellcheck"))("scripts: shellcheck, every remark", () => {
    const scripts = distinct(of("shell"));
    expect(scripts.length).toBeGreaterThan(15);
    for (const { path, content } of scripts) {
      const { status, said } = read("shellcheck", ["--severity=style", "-"], content);
      expect(status, `${path}\n${said}`).toBe(0);
    }
  });

  it.skipIf(!installed("systemd-analyze"))("units: systemd-analyze verify, in the host's own file system", () => {
    for (const [host, root] of hosts) {
      const units = root.artefacts.filter(({ reader }) => reader === "systemd");
      root.prepareForSystemd(imagePrograms, imageUnits);
      // A template is read through an instance of it.
      const names = units.map((unit) => (hostPath(unit).split("/").at(-1) ?? "").replace("@.", "@0."));
      const { said } = read("systemd-analyze", ["verify", "--man=no", `--root=${root.folder}`, ...names]);
      const about = said
        .split("\n")
        .filter((line) => line.includes("holdfast-") || line.includes("/etc/systemd/system/"));
      expect(about, host).toEqual([]);
      const bare = names.filter((name) => name.endsWith(".service"));
      expect(bare.length, host).toBeGreaterThan(2);
    }
  });

  it.skipIf(!installed("promtool"))("Prometheus: promtool check config and check rules", () => {
    expect(of("prometheus-config")).toHaveLength(1);
    for (const [root, file] of rootsWith("prometheus-config")) {
      const { status, said } = read("promtool", ["check", "config", join(root.folder, hostPath(file))]);
      expect(status, said).toBe(0);
      expect(said).toContain("2 rule files found");
    }
    expect(of("prometheus-rules")).toHaveLength(2);
    for (const [root, file] of rootsWith("prometheus-rules")) {
      const { status, said } = read("promtool", [
        "check",
        "rules",
        "--lint=all",
        "--lint-fatal",
        join(root.folder, hostPath(file)),
      ]);
      expect(status, said).toBe(0);
    }
  });

  it.skipIf(!installed("amtool"))("Alertmanager: amtool check-config", () => {
    expect(of("alertmanager")).toHaveLength(1);
    for (const [root, file] of rootsWith("alertmanager")) {
      const { status, said } = read("amtool", ["check-config", join(root.folder, hostPath(file))]);
      expect(status, said).toBe(0);
    }
  });

  it.skipIf(!installed("prometheus-blackbox-exporter"))("blackbox exporter: its own check", () => {
    for (const [root, file] of rootsWith("blackbox-exporter")) {
      const { status, said } = read("prometheus-blackbox-exporter", [
        "--config.check",
        `--config.file=${join(root.folder, hostPath(file))}`,
      ]);
      expect(status, said).toBe(0);
    }
  });

  it.skipIf(gatewayUnavailable() !== undefined)(
    "HAProxy: its own check, then a start, after the host's own preparation",
    async () => {
      const [configuration] = of("haproxy");
      const host = configuration?.path.split("/")[0] ?? "";
      const files = (byHost(plan.artefacts).get(host) ?? []).map((file) => ({
        path: hostPath(file),
        content: file.content,
        reader: "text" as const,
        mode: file.reader === "shell" ? "0755" : "0644",
      }));
      const authority = new CertificateAuthority("clients");
      const secrets = {
        server: authority.server("llm.bank.example"),
        clientCa: authority.certificate,
        apiKeys: [],
        engineKeys: Object.fromEntries(plan.document.sizing.map(({ fleet }) => [fleet, "a-key-for-this-test-only"])),
        engineCas: { "gateway-shared-ca-engines": authority.certificate },
      };
      try {
        // Starting it runs `haproxy -c` first and throws what that says.
        const gateway = await GatewayProcess.start({ files, secrets, resolver: "127.0.0.1:1" });
        await gateway.stop();
        const broken = files.map((file) => ({
          ...file,
          content: file.content.replace("timeout connect", "timeout conect"),
        }));
        await expect(GatewayProcess.start({ files: broken, secrets, resolver: "127.0.0.1:1" })).rejects.toThrow();
      } finally {
        authority.remove();
      }
    },
  );

  it("dashboards: every panel has a data source and queries that parse", () => {
    const dashboards = distinct(of("grafana-dashboard"));
    expect(dashboards.length).toBeGreaterThan(4);
    for (const { path, content } of dashboards) {
      const queries = targets(JSON.parse(content) as unknown);
      expect(queries.length, path).toBeGreaterThan(3);
      for (const query of queries) expect(() => readQuery(query), `${path}: ${query}`).not.toThrow();
    }
  });

  it("JSON and YAML files parse", () => {
    for (const { content } of of("json")) expect(() => JSON.parse(content) as unknown).not.toThrow();
    for (const { content } of [...of("yaml"), ...of("grafana-provisioning")])
      expect(() => parse(content) as unknown).not.toThrow();
  });

  it("engines get only arguments that their version has, spelt as it spells them, and never a key", () => {
    const engines = plan.document.resources
      .filter(({ type }) => type === "serving:index:ModelFleet")
      .map(({ outputs }) => outputs?.engine);
    expect(engines).toHaveLength(plan.document.sizing.length);
    for (const engine of engines as { kind: EngineKind; version: string; args: string[] }[]) {
      expect(checkEngineArguments(engine.kind, engine.version, engine.args)).toEqual([]);
      expect(checkEngineArguments(engine.kind, engine.version, [...engine.args, "--no-such-option"])).not.toEqual([]);
      expect(engine.args).not.toContain("--api-key");
    }
    // What is judged here is what the hosts read.
    const deployed = plan.artefacts.filter(({ path }) => path.endsWith("/etc/holdfast/engine/arguments"));
    const asText = (engines as { args: string[] }[]).map(({ args }) => args.join("\n"));
    expect(deployed.map(({ content }) => content.trim()).sort()).toEqual(asText.sort());
  });
});

/** Every PromQL expression in a dashboard. */
function targets(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(targets);
  if (typeof node !== "object" || node === null) return [];
  const own = "expr" in node && typeof node.expr === "string" ? [node.expr] : [];
  return [...own, ...Object.values(node).flatMap(targets)];
}
