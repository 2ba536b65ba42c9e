import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { compileObservability } from "../compile-observability";
import { blackboxPath, prometheusPath } from "../config/prometheus-config";
import { prodLikeSpec } from "../fixtures/prod-like-spec";
import { installed, layOut, read } from "../fixtures/real-readers";
import { parseTable } from "../catalogue/metric-catalogue";
import { blackboxMetrics } from "../catalogue/blackbox-metrics";
import { rulePaths } from "../rules/rule-files";
import { freePort } from "../../../../test/free-port";
import { exporterName, monitoringSecrets, places } from "./places";

const programs = [
  "openssl",
  "curl",
  "prometheus",
  "prometheus-node-exporter",
  "prometheus-blackbox-exporter",
  "haproxy",
];
const ready = programs.map(installed).every(Boolean);
const password = "not-a-secret-only-a-test";
const hash = "$2b$04$BAV998veoYQwlhAJ1GHoh.0yn4b5nTUSwSpJMhO1onWxOA4nb/v3i";
const { ca, certificate, exporterCertificate, scrapePassword, scrapePasswordHash } = monitoringSecrets;

/** The compiled settings with the real programs: what is replaced is where things lie and how targets are found, nothing else. */
describe.skipIf(!ready)("a host being scraped", () => {
  const root = ready ? layOut(compileObservability(prodLikeSpec)) : "";
  const secrets = join(root, places.secrets);
  const running: ChildProcess[] = [];
  const ports = { node: 0, prometheus: 0, blackbox: 0, gateway: 0 };
  const here = (text: string) => text.replaceAll("/run/holdfast-monitoring", join(root, places.runtime));
  const start = (program: string, args: readonly string[]) => running.push(spawn(program, args, { stdio: "ignore" }));
  const curl = (...args: string[]) => read("curl", ["--silent", "--max-time", "5", ...args]).output;

  async function until(what: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < 150; attempt++) {
      if (what()) return;
      await pause(200);
    }
    throw new Error("the program did not answer");
  }

  beforeAll(async () => {
    mkdirSync(secrets, { recursive: true });
    const openssl = (...args: string[]) => {
      const { status, output } = read("openssl", args);
      if (status !== 0) throw new Error(output);
    };
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
    openssl(...request, "-subj", "/CN=test CA", "-keyout", join(root, "ca.key"), "-out", join(secrets, ca));
    const issue = (name: string, host: string) => {
      const [key, cert] = [join(root, `${name}.key`), join(root, `${name}.crt`)];
      openssl(
        ...request,
        "-subj",
        `/CN=${host}`,
        "-addext",
        `subjectAltName=DNS:${host}`,
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-CA",
        join(secrets, ca),
        "-CAkey",
        join(root, "ca.key"),
        "-keyout",
        key,
        "-out",
        cert,
      );
      writeFileSync(join(secrets, name), readFileSync(cert, "utf8") + readFileSync(key, "utf8"));
    };
    issue(exporterCertificate, exporterName);
    issue(certificate, "localhost");
    writeFileSync(join(secrets, scrapePassword), `${password}\n`);
    writeFileSync(join(secrets, scrapePasswordHash), `${hash}\n`);
    const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const prepare = (service: string, ...names: string[]) => {
      const { status, output } = read(join(root, places.scripts, "prepare"), [service, owner, ...names], {
        HOLDFAST_ROOT: root,
      });
      if (status !== 0) throw new Error(output);
    };
    prepare("node-exporter", exporterCertificate, scrapePasswordHash);
    prepare("prometheus", ca, certificate, scrapePassword, scrapePasswordHash);
    prepare("blackbox-exporter", ca);
    for (const name of Object.keys(ports) as (keyof typeof ports)[]) ports[name] = await freePort();

    start("prometheus-node-exporter", [
      `--web.listen-address=127.0.0.1:${ports.node}`,
      `--web.config.file=${join(root, places.runtime, "node-exporter/web.yml")}`,
    ]);

    const blackbox = join(root, "blackbox.yml");
    writeFileSync(blackbox, here(readFileSync(join(root, blackboxPath), "utf8")));
    start("prometheus-blackbox-exporter", [
      `--config.file=${blackbox}`,
      `--web.listen-address=127.0.0.1:${ports.blackbox}`,
    ]);

    // A gateway as it stands: TLS 1.3 and a client certificate demanded.
    copyFileSync(join(secrets, certificate), join(root, "gateway.pem"));
    writeFileSync(
      join(root, "haproxy.cfg"),
      `defaults\n  mode http\n  timeout client 5s\nfrontend edge\n  bind 127.0.0.1:${ports.gateway} ssl crt ${join(root, "gateway.pem")} ssl-min-ver TLSv1.3 ca-file ${join(secrets, ca)} verify required\n  http-request return status 200\n`,
    );
    start("haproxy", ["-db", "-f", join(root, "haproxy.cfg")]);

    const config = parse(here(readFileSync(join(root, prometheusPath), "utf8"))) as {
      global: object;
      scrape_configs: { job_name: string }[];
      rule_files: string[];
      alerting?: object;
    };
    const node = config.scrape_configs.find(({ job_name }) => job_name === "node");
    const login = Object.fromEntries(Object.entries(node ?? {}).filter(([key]) => key !== "ec2_sd_configs"));
    const local = join(root, "etc/prometheus/local.yml");
    for (const path of Object.values(rulePaths)) {
      const text = readFileSync(join(root, path), "utf8");
      expect(text).toContain('interval: "30s"');
      writeFileSync(join(root, path), text.replaceAll('interval: "30s"', 'interval: "1s"'));
    }
    writeFileSync(
      local,
      stringify({
        global: { ...config.global, scrape_interval: "1s", scrape_timeout: "1s" },
        rule_files: config.rule_files,
        scrape_configs: [{ ...login, static_configs: [{ targets: [`127.0.0.1:${ports.node}`] }] }],
      }),
    );
    mkdirSync(join(root, "tsdb"));
    start("prometheus", [
      `--config.file=${local}`,
      `--storage.tsdb.path=${join(root, "tsdb")}`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      `--web.config.file=${join(root, places.runtime, "prometheus/web.yml")}`,
    ]);
    await until(() =>
      curl(
        "--cacert",
        join(secrets, ca),
        "--user",
        `holdfast:${password}`,
        `https://localhost:${ports.prometheus}/-/ready`,
      ).includes("Ready"),
    );
    await until(() => curl(`http://127.0.0.1:${ports.blackbox}/-/healthy`).includes("Healthy"));
  }, 60_000);

  afterAll(() => {
    for (const one of running) one.kill("SIGKILL");
  });

  const status = (...args: string[]) => curl("--output", "/dev/null", "--write-out", "%{http_code}", ...args);
  const named = () => ["--cacert", join(secrets, ca), "--resolve", `${exporterName}:${ports.node}:127.0.0.1`];
  const exporter = () => `https://${exporterName}:${ports.node}/metrics`;

  it("answers the scraper, and nobody without the password or in clear", () => {
    expect(status(...named(), "--user", `holdfast:${password}`, exporter())).toBe("200");
    expect(status(...named(), exporter())).toBe("401");
    expect(status(...named(), "--user", "holdfast:guess", exporter())).toBe("401");
    expect(status(`http://127.0.0.1:${ports.node}/metrics`)).toBe("400");
    expect(status(...named(), "--tls-max", "1.2", "--user", `holdfast:${password}`, exporter())).toBe("000");
  });

  const ask = (path: string) =>
    curl(
      "--cacert",
      join(secrets, ca),
      "--user",
      `holdfast:${password}`,
      `https://localhost:${ports.prometheus}/api/v1/${path}`,
    );

  it("is scraped by Prometheus with the compiled login and the name in the certificate", async () => {
    await until(() => ask("query?query=up").includes('"1"'));
    expect(ask("query?query=up")).toContain(`"node":"127.0.0.1"`);
    expect(status("--cacert", join(secrets, ca), `https://localhost:${ports.prometheus}/api/v1/query?query=up`)).toBe(
      "401",
    );
  });

  it(
    "gives what the recording rules of hosts ask for: the real Prometheus evaluates every rule",
    { timeout: 60_000 },
    async () => {
      const all = () =>
        JSON.parse(ask("rules")) as {
          data: { groups: { name: string; rules: { name: string; health: string; lastError?: string }[] }[] };
        };
      const rules = () => all().data.groups.flatMap((group) => group.rules);
      await until(() => rules().length > 200 && rules().every(({ health }) => health !== "unknown"));
      const list = rules();
      expect(list.length).toBeGreaterThan(200);
      expect(
        list
          .filter(({ health }) => health !== "ok")
          .map(({ name, lastError }) => `${name}: ${lastError ?? "not evaluated"}`),
      ).toEqual([]);
      await until(() => ask("query?query=node:host_memory_used:ratio").includes('"value"'));
    },
  );

  const probe = (module: string, port: number) =>
    curl(`http://127.0.0.1:${ports.blackbox}/probe?module=${module}&target=localhost:${port}`);

  it.each([
    ["tls_exporter", "node"],
    ["tls_monitoring", "prometheus"],
    ["tls_gateway", "gateway"],
  ] as const)("shows the date of its certificate to the probe %s", (module, service) => {
    const answer = probe(module, ports[service]);
    expect(answer).toContain("\nprobe_success 1\n");
    const expiry = Number(/^probe_ssl_earliest_cert_expiry (\S+)$/m.exec(answer)?.[1]);
    expect(expiry * 1000).toBeGreaterThan(Date.now() + 20 * 86_400_000);
    const known = new Set(parseTable(blackboxMetrics, "probe").map(({ name }) => name));
    const given = [...answer.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? "");
    expect(given.filter((name) => !known.has(name))).toEqual([]);
  });

  it("fails the probe when the certificate has another name", () => {
    expect(probe("tls_monitoring", ports.node)).toContain("\nprobe_success 0\n");
  });
});
