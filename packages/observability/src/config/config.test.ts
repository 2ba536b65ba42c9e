import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compileObservability } from "../compile-observability";
import { prodLikeSpec } from "../fixtures/prod-like-spec";
import { installed, layOut, read } from "../fixtures/real-readers";
import type { ObservabilitySpec } from "../observability-spec";
import { alertmanagerPath } from "./alertmanager-config";
import { grafanaPaths } from "./grafana-config";
import { blackboxConfig, blackboxPath, prometheusPath } from "./prometheus-config";

const files = compileObservability(prodLikeSpec);
const root = layOut(files);
const text = (path: string) => files.find((file) => file.path === path)?.content ?? "";

interface ScrapeConfig {
  readonly job_name: string;
  readonly scheme?: string;
  readonly basic_auth?: object;
  readonly tls_config?: Readonly<Record<string, unknown>>;
  readonly dns_sd_configs?: readonly { readonly names: string[]; readonly port: number }[];
  readonly ec2_sd_configs?: readonly {
    readonly filters: readonly { readonly name: string; readonly values: string[] }[];
  }[];
}
const scrapes = (spec: ObservabilitySpec = prodLikeSpec): Map<string, ScrapeConfig> => {
  const content = compileObservability(spec).find(({ path }) => path === prometheusPath)?.content ?? "";
  const { scrape_configs } = parse(content) as { scrape_configs: ScrapeConfig[] };
  return new Map(scrape_configs.map((one) => [one.job_name, one]));
};

describe("prometheus.yml", () => {
  it.skipIf(!installed("promtool"))("is accepted by promtool, with its rule files", () => {
    const { status, output } = read("promtool", ["check", "config", join(root, prometheusPath)]);
    expect(status, output).toBe(0);
    expect(output).toContain("2 rule files found");
  });

  it("finds every engine of a host by the fleet's own name", () => {
    expect(
      scrapes()
        .get("engine-analysis")
        ?.dns_sd_configs?.map(({ names, port }) => [names[0], port]),
    ).toEqual([
      ["analysis.llm.internal", 8000],
      ["analysis.llm.internal", 8001],
      ["analysis.llm.internal", 8002],
      ["analysis.llm.internal", 8003],
    ]);
  });

  it("looks for hosts of this environment's fleets and pools only", () => {
    const searches = scrapes({ ...prodLikeSpec, discoveryTags: { environment: "prod" } }).get("node")?.ec2_sd_configs;
    const running = { name: "instance-state-name", values: ["running"] };
    const environment = { name: "tag:environment", values: ["prod"] };
    expect(searches?.map(({ filters }) => filters)).toEqual([
      [running, { name: "tag:holdfast.fleet", values: ["chat", "code", "analysis", "embed"] }, environment],
      [running, { name: "tag:holdfast:pool", values: ["edge-hosts", "watch-hosts"] }, environment],
    ]);
  });

  it("logs in over verified TLS wherever the target is ours", () => {
    for (const job of ["node", "dcgm", "prometheus", "alertmanager"]) {
      const scrape = scrapes().get(job);
      expect(scrape, job).toMatchObject({
        scheme: "https",
        basic_auth: { username: "holdfast" },
        tls_config: { min_version: "TLS13" },
      });
      expect(scrape?.tls_config?.insecure_skip_verify).toBeUndefined();
      expect(scrape?.tls_config?.ca_file).toBeDefined();
    }
  });

  it("reaches engines by their own name under their fleet's CA, and watches the date of their certificate", () => {
    const jobs = scrapes();
    expect(jobs.get("engine-chat")).toMatchObject({
      scheme: "https",
      tls_config: {
        ca_file: "/run/holdfast-monitoring/prometheus/engine-ca-chat",
        server_name: "chat.llm.internal",
        min_version: "TLS12",
      },
    });
    expect(jobs.get("probe")?.dns_sd_configs?.map(({ names }) => names[0])).toEqual([
      "chat.llm.internal",
      "code.llm.internal",
      "analysis.llm.internal",
      "embed.llm.internal",
    ]);
    const { modules } = parse(readFileSync(join(root, blackboxPath), "utf8")) as {
      modules: Record<string, { tcp: { tls_config: object } }>;
    };
    expect(modules.tls_engines_code?.tcp.tls_config).toEqual({
      ca_file: "/run/holdfast-monitoring/blackbox-exporter/engine-ca-code",
      server_name: "code.llm.internal",
      min_version: "TLS12",
    });
    const shared = {
      ...prodLikeSpec,
      fleets: prodLikeSpec.fleets.map((fleet) => ({ ...fleet, engineCaName: "engines" })),
    };
    expect(scrapes(shared).get("engine-code")?.tls_config).toEqual({
      ca_file: "/run/holdfast-monitoring/prometheus/shared-ca-engines",
      server_name: "code.llm.internal",
      min_version: "TLS12",
    });
    expect(blackboxConfig(shared).content.match(/blackbox-exporter\/shared-ca-engines/g)).toHaveLength(4);
    const clear = scrapes({ ...prodLikeSpec, fleets: prodLikeSpec.fleets.map((fleet) => ({ ...fleet, tls: false })) });
    expect(clear.get("engine-chat")?.scheme).toBeUndefined();
    expect(clear.get("probe")?.dns_sd_configs).toBeUndefined();
  });

  it("asks llama.cpp with its key and leaves engines without metrics out", () => {
    const [chat, code] = prodLikeSpec.fleets;
    if (chat === undefined || code === undefined) throw new Error("the fixture has no fleets");
    const jobs = scrapes({
      ...prodLikeSpec,
      fleets: [
        { ...chat, engine: "llamacpp", engineVersion: "0.5.0" },
        { ...code, engine: "ollama", engineVersion: "0.33.0" },
      ],
    });
    expect(jobs.get("engine-chat")).toMatchObject({
      authorization: { credentials_file: "/run/holdfast-monitoring/prometheus/engine-key-chat" },
    });
    expect(jobs.has("engine-code")).toBe(false);
  });
});

describe("alertmanager.yml", () => {
  const amtool = installed("amtool");

  it.skipIf(!amtool)("is accepted by amtool", () => {
    const { status, output } = read("amtool", ["check-config", join(root, alertmanagerPath)]);
    expect(status, output).toBe(0);
  });

  it.skipIf(!amtool).each([
    ["platform,on-call,chatroom,incidents", ["severity=critical", "alertname=LLMFleetDown"]],
    ["platform,chatroom,incidents", ["severity=warning", "alertname=HostDown"]],
    ["chatroom", ["severity=info", "alertname=GpuIdleCost"]],
    ["dead-man", ["severity=info", "alertname=Watchdog"]],
  ])("routes to %s: %s", (receivers, labels) => {
    const { status, output } = read("amtool", [
      "config",
      "routes",
      "test",
      `--config.file=${join(root, alertmanagerPath)}`,
      `--verify.receivers=${receivers}`,
      ...labels,
    ]);
    expect(status, output).toBe(0);
  });

  it("tells nobody when nobody is named", () => {
    const told = ["notify", "deadManSwitch"];
    const quiet = Object.fromEntries(Object.entries(prodLikeSpec).filter(([key]) => !told.includes(key)));
    const content =
      compileObservability(quiet as unknown as ObservabilitySpec).find(({ path }) => path === alertmanagerPath)
        ?.content ?? "";
    expect((parse(content) as { receivers: unknown[] }).receivers).toEqual([{ name: "nobody" }]);
  });
});

describe("blackbox.yml", () => {
  it.skipIf(!installed("prometheus-blackbox-exporter"))("is accepted by the exporter", () => {
    const { status, output } = read("prometheus-blackbox-exporter", [
      "--config.check",
      `--config.file=${join(root, blackboxPath)}`,
    ]);
    expect(status, output).toBe(0);
  });
});

describe("grafana", () => {
  const ini = text(grafanaPaths.ini);
  const section = (name: string) => ini.split(/^\[/m).find((part) => part.startsWith(`${name}]`)) ?? "";

  it("asks for a login over TLS, takes no sign-ups and calls nobody", () => {
    expect(section("server")).toContain("protocol = https");
    expect(section("server")).toContain("min_tls_version = TLS1.3");
    expect(section("auth.anonymous")).toContain("enabled = false");
    expect(section("users")).toContain("allow_sign_up = false");
    expect(section("security")).toContain("cookie_secure = true");
    expect(section("analytics")).toContain("check_for_updates = false");
    expect(section("snapshots")).toContain("external_enabled = false");
  });

  it("takes its secrets from files", () => {
    expect(section("security")).toMatch(/admin_password = \$__file\{\/run\//);
    expect(section("security")).toMatch(/secret_key = \$__file\{\/srv\//);
    const sources = parse(text(`${grafanaPaths.provisioning}/datasources/holdfast.yml`)) as {
      datasources: { url: string; secureJsonData: Record<string, string> }[];
    };
    for (const { url, secureJsonData } of sources.datasources) {
      expect(url).toMatch(/^https:/);
      for (const value of Object.values(secureJsonData))
        expect(value).toMatch(/^\$__file\{\/run\/holdfast-monitoring\/grafana\/[a-z-]+\}$/);
    }
  });
});

describe("a compiled host", () => {
  it("is the same bytes every time", () => {
    expect(compileObservability(prodLikeSpec)).toEqual(files);
  });

  it("holds no secret, no ARN of one, and no path of this machine", () => {
    for (const { path, content } of files) {
      expect(content, path).not.toMatch(
        /secretsmanager|BEGIN [A-Z ]*PRIVATE KEY|\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}/,
      );
      expect(content, path).not.toMatch(/\/work\/|\/root\//);
    }
  });

  it("is refused with every problem named when the spec cannot be met", () => {
    const [chat] = prodLikeSpec.fleets;
    if (chat === undefined) throw new Error("the fixture has no fleets");
    const bad: ObservabilitySpec = {
      ...prodLikeSpec,
      fleets: [chat, chat],
      gateway: { ...prodLikeSpec.gateway, backends: { chatt: "x" } },
      notify: [{ kind: "webhook", name: "hook", url: "https://user:pass@example.com/" }],
    };
    expect(() => compileObservability(bad)).toThrow(/fleets\[1\]\.fleetName: two fleets are called "chat"; rename one/);
    expect(() => compileObservability(bad)).toThrow(/gateway\.backends\.chatt: there is no fleet "chatt"/);
    expect(() => compileObservability(bad)).toThrow(/notify\[0\]\.url: must hold no credential/);
  });
});
