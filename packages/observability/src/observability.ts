import { HostPool, type HostSecret } from "@holdfast/compute";
import { HoldfastComponent, inputProblems, parseArgs, sharedCaProblems } from "@holdfast/core";
import { partitionOf } from "@holdfast/network";
import type { iam } from "@pulumi/aws/types/input";
import * as sns from "@pulumi/aws/sns";
import type * as pulumi from "@pulumi/pulumi";
import { compileObservability } from "./compile-observability";
import { alertTopicName, notificationSecrets } from "./config/alertmanager-config";
import { engineCaSecret, engineKeySecret, metricsNeedKey } from "./config/prometheus-config";
import { hostExporterSecrets, hostExporterServices } from "./hosts/host-exporters";
import { monitoringServices } from "./hosts/monitoring-host";
import { monitoringSecrets, places } from "./hosts/places";
import { observabilityArgsSchema, specOf, type ObservabilityArgs } from "./observability-args";
import { observabilityProblems, type ObservabilitySpec } from "./observability-spec";
import { storageSize } from "./storage-size";

/**
 * Prometheus, Alertmanager and Grafana on a host of their own, with everything they do derived from what the environment promises.
 *
 * Nothing reaches it from outside: TLS and a login on every port, no public address, and people come by a port-forwarding session
 * (`aws ssm start-session --document-name AWS-StartPortForwardingSession`). The measurements lie on an encrypted volume that outlives
 * the host. Creates: a `HostPool` of one host with that volume; a topic and its subscription per notification by mail.
 *
 * ```ts
 * new Observability("watch", { network, config, environment: "prod", fleets: [chat], gateway: { name: "edge", hosts: 2 }, credentials, image });
 * ```
 */
export class Observability extends HoldfastComponent {
  readonly pool: HostPool;
  /** Size of the volume, GiB; known at plan time. */
  readonly volumeGiB: number;
  /** Address of Grafana as people see it at the end of their session. */
  readonly grafanaUrl: string;

  readonly #args: ObservabilityArgs;
  readonly #spec: ObservabilitySpec;

  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = parseArgs("Observability", observabilityArgsSchema, args);
    const spec = specOf(args, `${name}-hosts`);
    const problems = [...observabilityProblems(spec), ...zoneProblems(args), ...sharedCaProblems(args.fleets)];
    if (problems.length > 0) throw inputProblems("Observability", problems);
    super("observability:index:Observability", name, { environment: plain.environment }, opts);
    this.#args = args;
    this.#spec = spec;
    this.volumeGiB = storageSize(spec).volumeGiB;
    this.grafanaUrl = spec.grafanaUrl ?? "https://localhost:3000";

    const topics = this.#topics(plain.tags);
    this.pool = new HostPool(
      this.childName("hosts"),
      {
        network: args.network,
        segment: "observability",
        config: args.config,
        image: args.image,
        instanceType: plain.instanceType,
        size: 1,
        zones: [plain.zone ?? args.network.zones[0] ?? ""],
        files: compileObservability(spec),
        services: [...monitoringServices, ...hostExporterServices("cpu")],
        secrets: this.#secrets(),
        parameters: topics[0] === undefined ? {} : { ALERT_ACCOUNT: topics[0].owner },
        statements: this.#statements(topics),
        containerImages: spec.programs?.kind === "containers" ? Object.values(spec.programs.images) : [],
        dataVolume: { sizeGiB: this.volumeGiB, mountPath: places.data },
        drainSeconds: 120,
        ...(args.logRetentionDays !== undefined && { logRetentionDays: args.logRetentionDays }),
        ...(args.protect !== undefined && { protect: args.protect }),
        tags: { ...plain.tags, [plain.backupTag.key]: plain.backupTag.value },
      },
      { parent: this },
    );
    this.registerOutputs({ grafanaUrl: this.grafanaUrl, volumeGiB: this.volumeGiB, groupName: this.pool.groupName });
  }

  /** Mail leaves a private network by way of a topic. */
  #topics(tags: Readonly<Record<string, string>>): sns.Topic[] {
    return (this.#spec.notify ?? []).flatMap((notification) => {
      if (notification.kind !== "email") return [];
      const role = `${notification.name}-alerts`;
      const topic = new sns.Topic(
        this.childName(role),
        {
          // The configuration on the host names it, so the name is chosen here.
          name: alertTopicName(this.#spec.environment, notification.name),
          kmsMasterKeyId: this.#args.config.keyArn,
          tags: { ...tags, Name: this.childName(role) },
        },
        this.child(),
      );
      new sns.TopicSubscription(
        this.childName(`${role}-mail`),
        { topic: topic.arn, protocol: "email", endpoint: notification.address },
        this.child(),
      );
      return [topic];
    });
  }

  #secrets(): HostSecret[] {
    const { credentials, fleets } = this.#args;
    const key = credentials.keyArn === undefined ? {} : { keyArn: credentials.keyArn };
    return [
      ...hostExporterSecrets(credentials),
      { name: monitoringSecrets.ca, arn: credentials.caSecretArn, ...key },
      { name: monitoringSecrets.certificate, arn: credentials.certificateSecretArn, ...key },
      { name: monitoringSecrets.scrapePassword, arn: credentials.scrapePasswordSecretArn, ...key },
      { name: monitoringSecrets.grafanaPassword, arn: credentials.grafanaPasswordSecretArn, ...key },
      ...notificationSecrets(this.#spec),
      ...fleets
        .filter(metricsNeedKey)
        .map((fleet) => engineSecret(engineKeySecret(fleet), fleet.engineKeySecretArn, fleet.engineKeySecretKeyArn)),
      ...this.#engineCas(),
    ];
  }

  /** One for all fleets that share it. */
  #engineCas(): HostSecret[] {
    const files = new Map<string, HostSecret>();
    for (const fleet of this.#args.fleets) {
      const name = engineCaSecret(fleet);
      if (!fleet.tls || fleet.engineCaSecretArn === undefined || files.has(name)) continue;
      files.set(name, engineSecret(name, fleet.engineCaSecretArn, fleet.engineCaSecretKeyArn));
    }
    return [...files.values()];
  }

  /** Find hosts; send alerts. */
  #statements(topics: readonly sns.Topic[]): iam.PolicyStatement[] {
    const { region, notify = [] } = this.#spec;
    const foreign = notify.flatMap((one) => (one.kind === "sns" ? [one.topicArn] : []));
    const targets = [...topics.map(({ arn }) => arn), ...foreign];
    const statements: iam.PolicyStatement[] = [
      {
        Sid: "FindHosts",
        Effect: "Allow",
        // Describing knows no narrower resource (service authorization reference, Amazon EC2).
        Action: ["ec2:DescribeInstances", "ec2:DescribeAvailabilityZones"],
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestedRegion": region } },
      },
    ];
    if (targets.length > 0) {
      statements.push({ Sid: "SendAlerts", Effect: "Allow", Action: "sns:Publish", Resource: targets });
    }
    if (topics.length > 0) {
      const service = `sns.${region}.amazonaws.com${partitionOf(region) === "aws-cn" ? ".cn" : ""}`;
      statements.push({
        Sid: "EncryptAlerts",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: this.#args.config.keyArn,
        Condition: { StringEquals: { "kms:ViaService": service } },
      });
    }
    return statements;
  }
}

/** The engines' secrets are the fleets', and so is the key that they are encrypted with. */
function engineSecret(name: string, arn: pulumi.Input<string>, keyArn: pulumi.Input<string> | undefined): HostSecret {
  return { name, arn, ...(keyArn !== undefined && { keyArn }) };
}

function zoneProblems({ zone, network }: ObservabilityArgs): { path: string; reason: string }[] {
  if (zone === undefined || network.zones.includes(zone)) return [];
  return [{ path: "zone", reason: `"${zone}" is not a zone of the network; allowed: ${network.zones.join(", ")}` }];
}
