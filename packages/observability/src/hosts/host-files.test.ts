import { mkdirSync, readFileSync, statSync, symlinkSync, cpSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HostFile } from "@holdfast/core";
import { describe, expect, it } from "vitest";
import { alertmanagerPath } from "../config/alertmanager-config";
import { dcgmCounters } from "../catalogue/dcgm-counters";
import { compileObservability } from "../compile-observability";
import { prodLikeSpec } from "../fixtures/prod-like-spec";
import { installed, layOut, read } from "../fixtures/real-readers";
import { hostExporterFiles } from "./host-exporters";
import { monitoringSecrets, places } from "./places";
import { programPaths } from "./service-unit";

const digest = "a".repeat(64);
const image = (name: string) => `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${name}@sha256:${digest}`;
const containers = {
  kind: "containers",
  images: {
    prometheus: image("prometheus"),
    alertmanager: image("alertmanager"),
    grafana: image("grafana"),
    "blackbox-exporter": image("blackbox"),
    "node-exporter": image("node"),
    "dcgm-exporter": image("dcgm"),
  },
} as const;

const hosts: readonly (readonly [string, readonly HostFile[]])[] = [
  ["the monitoring host", compileObservability(prodLikeSpec)],
  ["the monitoring host with containers", compileObservability({ ...prodLikeSpec, programs: containers })],
  ["a GPU host", hostExporterFiles("gpu")],
  ["a GPU host with containers", hostExporterFiles("gpu", containers)],
  ["a CPU host", hostExporterFiles("cpu")],
];
const shellcheck = installed("shellcheck");
const analyze = installed("systemd-analyze");
/** bcrypt hash of the text in `password`, four rounds: of no use anywhere else. */
const password = "not-a-secret-only-a-test";
const hash = "$2b$04$BAV998veoYQwlhAJ1GHoh.0yn4b5nTUSwSpJMhO1onWxOA4nb/v3i";

describe.each(hosts)("%s", (_, files) => {
  it("gives each file once, scripts executable, nothing writable by others", () => {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    for (const { path, reader, mode = "0644" } of files) expect(mode, path).toBe(reader === "shell" ? "0755" : "0644");
  });

  it.skipIf(!shellcheck)("holds scripts that shellcheck has nothing to say about", () => {
    const root = layOut(files);
    const scripts = files.filter(({ reader }) => reader === "shell").map(({ path }) => join(root, path));
    expect(scripts.length).toBeGreaterThan(0);
    expect(read("shellcheck", scripts)).toEqual({ status: 0, output: "" });
  });

  it.skipIf(!analyze)("holds units that systemd accepts without a word", () => {
    expect(verify(files)).toBe("");
    const broken = files.map((file) => ({
      ...file,
      content: file.content.replace("RestartSec=5", "RestartSeconds=5"),
    }));
    expect(verify(broken)).toContain("RestartSeconds");
  });
});

/** Has systemd read all units in a file system of their own, with stand-ins for what image and pool bring. */
function verify(files: readonly HostFile[]): string {
  const programs = [...Object.values(programPaths), "/usr/bin/docker", "/usr/bin/install", "/bin/kill"];
  const root = layOut([
    ...files,
    ...programs.map((path) => ({ path, content: "#!/bin/sh\n", reader: "text", mode: "0755" }) as const),
  ]);
  cpSync("/lib/systemd/system", join(root, "usr/lib/systemd/system"), { recursive: true, verbatimSymlinks: true });
  symlinkSync("usr/lib", join(root, "lib"));
  const units = files.filter(({ reader }) => reader === "systemd").map(({ path }) => path.replace(/^.*\//, ""));
  const { output } = read("systemd-analyze", ["verify", "--man=no", `--root=${root}`, ...units]);
  return output
    .split("\n")
    .filter((line) => units.some((unit) => line.includes(unit)) || line.includes("/etc/systemd/system/"))
    .join("\n");
}

const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
const script = (root: string, name: string, args: readonly string[] = [], environment: Record<string, string> = {}) =>
  read(join(root, places.scripts, name), args, { HOLDFAST_ROOT: root, ...environment });

function withSecrets(files: readonly HostFile[], secrets: Readonly<Record<string, string>>): string {
  const root = layOut(files);
  mkdirSync(join(root, places.secrets), { recursive: true });
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(root, places.secrets, name), `${text}\n`);
  return root;
}

describe("prepare", () => {
  const names = [monitoringSecrets.exporterCertificate, monitoringSecrets.scrapePasswordHash];
  const secrets = {
    [monitoringSecrets.exporterCertificate]: "certificate and key",
    [monitoringSecrets.scrapePasswordHash]: hash,
  };

  it("hands a service its secrets, readable by it alone, and demands the password", () => {
    const root = withSecrets(hostExporterFiles("cpu"), secrets);
    expect(script(root, "prepare", ["node-exporter", owner, ...names])).toEqual({ status: 0, output: "" });
    const folder = join(root, places.runtime, "node-exporter");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of [...names, "web.yml"]) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o400);
    const web = readFileSync(join(folder, "web.yml"), "utf8");
    expect(web).toContain(`  holdfast: ${hash}\n`);
    expect(web).toContain("min_version: TLS13");
  });

  it.skipIf(!installed("promtool"))("writes what Prometheus' programs accept", () => {
    const root = withSecrets(hostExporterFiles("cpu"), secrets);
    script(root, "prepare", ["node-exporter", owner, ...names]);
    const path = join(root, places.runtime, "node-exporter/web.yml");
    // promtool resolves the certificate's path as it stands on the host.
    writeFileSync(join(dirname(path), "local.yml"), readFileSync(path, "utf8"));
    const { output } = read("promtool", ["check", "web-config", join(dirname(path), "local.yml")]);
    expect(output).not.toMatch(/bcrypt|unmarshal|unknown|not found in type/);
  });

  it.each([
    [
      "a missing secret",
      { [monitoringSecrets.exporterCertificate]: "x" },
      "the secret scrape-password-hash is missing or empty",
    ],
    [
      "a password where the hash should be",
      { ...secrets, [monitoringSecrets.scrapePasswordHash]: password },
      "scrape-password-hash is not a bcrypt hash",
    ],
  ])("refuses %s, so that the service does not start open", (_, given, message) => {
    const root = withSecrets(hostExporterFiles("cpu"), given);
    const { status, output } = script(root, "prepare", ["node-exporter", owner, ...names]);
    expect(status).toBe(1);
    expect(output).toContain(message);
  });
});

describe("alertmanager-config", () => {
  const urls = {
    "notify-chatroom-url": "https://chat.example.com/hooks/x?y=1&z=2",
    "notify-dead-man-url": "https://dead-man.example.com/abc",
    "notify-incidents-token": "token",
  };
  function complete(given: Readonly<Record<string, string>>, account: string) {
    const root = withSecrets(compileObservability(prodLikeSpec), given);
    const folder = join(root, places.runtime, "alertmanager");
    mkdirSync(folder, { recursive: true });
    for (const name of Object.keys(given)) writeFileSync(join(folder, name), `${given[name] ?? ""}\n`);
    return { root, folder, ...script(root, "alertmanager-config", [], { ALERT_ACCOUNT: account }) };
  }

  it.skipIf(!installed("amtool"))("puts in what only the host knows, and amtool accepts the result", () => {
    const { folder, status, output } = complete(urls, "444455556666");
    expect(output).toBe("");
    expect(status).toBe(0);
    const text = readFileSync(join(folder, "alertmanager.yml"), "utf8");
    expect(text).toContain("arn:aws:sns:eu-central-1:444455556666:holdfast-prod-platform-alerts");
    expect(text).toContain("arn:aws:sns:eu-central-1:111122223333:on-call");
    expect(text).toContain("https://dead-man.example.com/abc");
    expect(text).not.toContain("secret.invalid");
    expect(read("amtool", ["check-config", join(folder, "alertmanager.yml")]).status).toBe(0);
    expect(statSync(join(folder, "alertmanager.yml")).mode & 0o777).toBe(0o400);
  });

  it("refuses to start without an address, with a bad one, or without the account", () => {
    const rest = Object.fromEntries(Object.entries(urls).filter(([name]) => name !== "notify-dead-man-url"));
    expect(complete(rest, "444455556666").output).toContain("an address is missing");
    expect(complete({ ...urls, "notify-dead-man-url": 'x" evil: true' }, "444455556666").output).toContain(
      "notify-dead-man-url is not an address",
    );
    expect(complete(urls, "").output).toContain("ALERT_ACCOUNT is not an account number");
  });

  it("leaves the shipped file as it was checked", () => {
    const { root } = complete(urls, "444455556666");
    const shipped = compileObservability(prodLikeSpec).find(({ path }) => path === alertmanagerPath)?.content;
    expect(readFileSync(join(root, alertmanagerPath), "utf8")).toBe(shipped);
  });
});

describe("grafana-key", () => {
  it("makes a key once and keeps it", () => {
    const root = layOut(compileObservability(prodLikeSpec));
    const folder = join(root, places.data, "grafana");
    mkdirSync(folder, { recursive: true });
    expect(script(root, "grafana-key")).toEqual({ status: 0, output: "" });
    const key = readFileSync(join(folder, "secret-key"), "utf8");
    expect(Buffer.from(key, "base64")).toHaveLength(32);
    script(root, "grafana-key");
    expect(readFileSync(join(folder, "secret-key"), "utf8")).toBe(key);
  });
});

describe("fingerprint", () => {
  it("tells which manifest was verified, and nothing when none was", () => {
    const root = layOut(hostExporterFiles("gpu"));
    const metrics = () => readFileSync(join(root, places.textfiles, "fingerprint.prom"), "utf8");
    expect(script(root, "fingerprint")).toEqual({ status: 0, output: "" });
    expect(metrics()).not.toMatch(/^llm_/m);
    mkdirSync(join(root, "run/holdfast/models"), { recursive: true });
    writeFileSync(join(root, "run/holdfast/models/chat.verified"), `${digest}\n`);
    expect(script(root, "fingerprint").status).toBe(0);
    expect(metrics()).toContain(`llm_model_manifest_info{sha256="${digest}"} 1\n`);
    if (installed("promtool")) {
      const { status, output } = read("sh", [
        "-c",
        `promtool check metrics <'${join(root, places.textfiles, "fingerprint.prom")}'`,
      ]);
      expect(status, output).toBe(0);
    }
  });
});

describe("the GPU exporter's counters", () => {
  it("are one line per field in the exporter's form", () => {
    const csv = hostExporterFiles("gpu").find(({ path }) => path.endsWith("dcgm-counters.csv"))?.content ?? "";
    const lines = csv.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines).toHaveLength(dcgmCounters.length);
    // The exporter refuses a line that has not exactly three columns.
    for (const line of lines) expect(line).toMatch(/^DCGM_(FI|EXP)_[A-Z0-9_]+, (gauge|counter), [^,]+$/);
  });
});
