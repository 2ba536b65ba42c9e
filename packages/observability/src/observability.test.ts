import { HostConfigBucket } from "@holdfast/compute";
import { PrivateNetwork } from "@holdfast/network";
import { planProgram, type Plan } from "@holdfast/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { prodLikeSpec } from "./fixtures/prod-like-spec";
import { hostExporterServices } from "./hosts/host-exporters";
import { MonitoringCredentials } from "./monitoring-credentials";
import { observabilityNetworkNeeds } from "./network-needs";
import { Observability } from "./observability";
import type { ObservabilityArgs } from "./observability-args";

const fleets = prodLikeSpec.fleets.map((fleet) => ({
  ...fleet,
  engineKeySecretArn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:key-${fleet.fleetName}`,
  engineCaSecretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:engine-ca",
}));

function plan(extra: Partial<ObservabilityArgs> = {}): Promise<Plan> {
  return planProgram({
    project: "watching",
    stack: "test",
    program: () => {
      const region = "eu-central-1";
      const network = new PrivateNetwork("net", {
        cidr: "10.40.0.0/16",
        region,
        zones: ["euc1-az1", "euc1-az2", "euc1-az3"],
        egress: { mode: "endpoints" },
        clients: [{ name: "office", cidr: "10.10.0.0/16" }],
        needs: [observabilityNetworkNeeds({ sns: true })],
      });
      const config = new HostConfigBucket("config", { region });
      const credentials = new MonitoringCredentials("monitoring", { keyArn: config.keyArn });
      new Observability("watch", {
        network,
        config,
        environment: "prod",
        fleets,
        gateway: prodLikeSpec.gateway,
        credentials,
        image: { parameter: "/golden/monitoring", version: 3 },
        retention: "90 days",
        ...(prodLikeSpec.notify !== undefined && { notify: prodLikeSpec.notify }),
        ...extra,
      });
    },
  });
}

describe("Observability", () => {
  let planned: Plan;
  beforeAll(async () => {
    planned = await plan();
  });

  const one = (type: string, name: string) => {
    const found = [...planned.graph.resources].filter((resource) => resource.type === type && resource.name === name);
    expect(found).toHaveLength(1);
    return found[0];
  };

  it("runs on one host in the observability segment with a volume that is encrypted, protected and tagged for backup", () => {
    const group = one("aws:autoscaling/group:Group", "watch-hosts-group");
    expect(group?.inputs).toMatchObject({ minSize: 1, maxSize: 1 });
    const volume = one("aws:ebs/volume:Volume", "watch-hosts-data");
    expect(volume?.inputs).toMatchObject({ encrypted: true, tags: { backup: "daily" } });
    expect(volume?.protect).toBe(true);
  });

  it("may find hosts in its own region and publish alerts, and nothing wider", () => {
    const policy = one("aws:iam/rolePolicy:RolePolicy", "watch-hosts-permissions");
    const text = JSON.stringify(policy?.inputs.policy);
    expect(text).toContain("ec2:DescribeInstances");
    expect(text).toContain("aws:RequestedRegion");
    expect(text).toContain("sns:Publish");
    expect(text).not.toMatch(/"Action":\s*"(\*|[a-z0-9]+:\*)"/);
  });

  it("makes a named, encrypted topic for mail, so that the configuration is known before the topic exists", () => {
    expect(one("aws:sns/topic:Topic", "watch-platform-alerts")?.inputs).toMatchObject({
      name: "holdfast-prod-platform-alerts",
    });
    expect(one("aws:sns/topic:Topic", "watch-platform-alerts")?.inputs.kmsMasterKeyId).toBeDefined();
  });

  it("publishes its files with the readers that must accept them", () => {
    const readers = [...planned.graph.resources]
      .filter((resource) => resource.type.startsWith("aws:s3/bucketObject"))
      .map((resource) => JSON.stringify(resource.inputs));
    expect(readers.filter((text) => text.includes("/etc/prometheus/rules/"))).toHaveLength(2);
    expect(readers.filter((text) => text.includes("/etc/grafana/dashboards/"))).toHaveLength(8);
  });

  it("fetches a CA that fleets share once, and may decrypt the engines' secrets with the engines' key", async () => {
    const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/engines";
    const { graph } = await plan({
      fleets: fleets.map((fleet) => ({ ...fleet, engineCaName: "engines", engineCaSecretKeyArn: keyArn })),
    });
    const inputs = (name: string) => graph.resources.find((resource) => resource.name === name)?.inputs;
    expect(inputs("watch-hosts-file-etc/holdfast/secrets")?.content).toMatch(/^shared-ca-engines root:root$/m);
    expect(inputs("watch-hosts-file-etc/holdfast/secrets")?.content).not.toContain("engine-ca-");
    expect(JSON.stringify(inputs("watch-hosts-permissions"))).toContain(keyArn);
    const unit = inputs("watch-hosts-file-etc/systemd/system/holdfast-prometheus.service")?.content;
    expect(unit).toMatch(/prepare prometheus .* shared-ca-engines$/m);
  });

  it("keeps secrets out of everything it registers", () => {
    const secrets = [...planned.graph.resources].filter((resource) => resource.type.startsWith("aws:secretsmanager/"));
    expect(secrets.map((resource) => resource.type)).toEqual(
      Array.from({ length: 6 }, () => "aws:secretsmanager/secret:Secret"),
    );
  });

  it("refuses bad input with every problem at once, before anything is registered", async () => {
    const bad = plan({
      zone: "euc1-az9",
      retention: "1 hour",
      budget: { monthlyUsd: -1 },
      fleets: fleets.map((fleet) => ({ ...fleet, engineVersion: "0.99.0" })),
    });
    await expect(bad).rejects.toThrow(/Observability: 7 problems/);
    await expect(bad).rejects.toThrow(/retention: must be at least one day/);
    await expect(bad).rejects.toThrow(
      /metric names of vllm 0\.99\.0 are not in the catalogue; known: 0\.11\.2 to 0\.33\.0/,
    );
    await expect(bad).rejects.toThrow(/"euc1-az9" is not a zone of the network/);
  });
});

describe("hostExporterServices", () => {
  it("gives GPU hosts the GPU exporter and the model's fingerprint as well", () => {
    expect(hostExporterServices("gpu")).toEqual([
      "holdfast-node-exporter.service",
      "holdfast-dcgm-exporter.service",
      "holdfast-fingerprint.timer",
    ]);
    expect(hostExporterServices("cpu")).toEqual(["holdfast-node-exporter.service"]);
  });
});
