import { HostConfigBucket } from "@holdfast/compute";
import { HoldfastComponent, inputProblems } from "@holdfast/core";
import { Gateway } from "@holdfast/gateway";
import { PrivateNetwork } from "@holdfast/network";
import {
  hostExporterFiles,
  hostExporterSecrets,
  hostExporterServices,
  MonitoringCredentials,
  Observability,
  type HostKind,
} from "@holdfast/observability";
import { ModelFleet } from "@holdfast/serving";
import { ModelStore } from "@holdfast/storage";
import type * as pulumi from "@pulumi/pulumi";
import {
  clientNetworks,
  days,
  environmentTags,
  fleetArgs,
  gatewayPolicyOf,
  machineImage,
  networkName,
  networkNeeds,
  notifications,
  wantedSecrets,
} from "./environment-intent";
import type { EnvironmentDocument } from "./environment-schema";
import { EnvironmentSecrets } from "./environment-secrets";
import { parseEnvironment } from "./parse-environment";

export interface EnvironmentArgs {
  /** The environment document, as it stands under `holdfast:environment`. */
  readonly document: unknown;
}

/**
 * A whole private platform from one document: network, model store, fleets, gateway and monitoring.
 *
 * Nothing but the composition: each part is a component of its own that a program may use alone.
 */
export class Environment extends HoldfastComponent {
  readonly network: PrivateNetwork;
  readonly models: ModelStore;
  readonly fleets: readonly ModelFleet[];
  readonly gateway: Gateway;
  readonly observability: Observability;
  /** ARNs of the empty secrets that wait for a value, by role. */
  readonly secretsToFill: Readonly<Record<string, pulumi.Output<string>>>;

  readonly #document: EnvironmentDocument;
  readonly #tags: Readonly<Record<string, string>>;
  readonly #config: HostConfigBucket;
  readonly #secrets: EnvironmentSecrets;
  readonly #credentials: MonitoringCredentials;

  constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    const parsed = parseEnvironment(args.document);
    if (!parsed.ok) throw inputProblems("Environment", parsed.problems);
    super("environment:index:Environment", name, args, opts);
    this.#document = parsed.value;
    this.#tags = environmentTags(name, parsed.value);

    this.network = this.#network();
    this.models = this.#modelStore();
    this.#config = this.#configBucket();
    this.#secrets = new EnvironmentSecrets(
      this.childName("secrets"),
      { wanted: wantedSecrets(this.#document, this.network.namespace.name), tags: this.#tags },
      this.child(),
    );
    this.#credentials = new MonitoringCredentials(
      this.childName("monitoring"),
      { keyArn: this.#config.keyArn, tags: this.#tags },
      this.child(),
    );
    this.fleets = Object.keys(this.#document.fleets).map((fleet) => this.#fleet(fleet));
    this.gateway = this.#gateway();
    this.observability = this.#observability();

    this.secretsToFill = this.#secrets.toFill;
    this.registerOutputs({ secretsToFill: this.secretsToFill, gatewayUrl: this.gateway.url });
  }

  #network(): PrivateNetwork {
    const { region, account, network } = this.#document;
    return new PrivateNetwork(
      this.childName(networkName),
      {
        region,
        accountId: account,
        cidr: network.cidr,
        zones: network.zones,
        egress: { mode: network.egress.mode === "none" ? "none" : "endpoints" },
        clients: clientNetworks(this.#document),
        ...(network.clientAccess === undefined ? {} : { clientAccess: network.clientAccess }),
        needs: networkNeeds(this.#document),
        flowLogs: { retentionDays: days(network.flowLogRetention) },
        tags: this.#tags,
      },
      this.child(),
    );
  }

  #modelStore(): ModelStore {
    const { region, account, models } = this.#document;
    const { replicaRegion, backup } = models;
    return new ModelStore(
      this.childName("models"),
      {
        region,
        accountId: account,
        ...(replicaRegion === undefined ? {} : { replica: { region: replicaRegion } }),
        backup: {
          retentionDays: days(backup.retention),
          ...(backup.lock === "governance" ? { lock: { mode: "governance" } } : {}),
        },
        tags: this.#tags,
      },
      this.child(),
    );
  }

  #configBucket(): HostConfigBucket {
    return new HostConfigBucket(
      this.childName("config"),
      {
        region: this.#document.region,
        accountId: this.#document.account,
        accessLogs: { bucketName: this.models.accessLogBucketName },
        tags: this.#tags,
      },
      this.child(),
    );
  }

  #fleet(name: string): ModelFleet {
    const { plain, release, capacity } = fleetArgs(this.#document, name);
    const key = this.#secrets.reference("engine-key");
    const ca = this.#secrets.reference("engine-ca");
    return new ModelFleet(
      this.childName(name),
      {
        ...plain,
        network: this.network,
        store: this.models,
        config: this.#config,
        release,
        image: machineImage(this.#document.images.gpu),
        capacity: { kind: capacity },
        apiKeySecretArn: key.arn,
        ...(key.keyArn === undefined ? {} : { apiKeySecretKeyArn: key.keyArn }),
        tls: {
          certificateSecretArn: this.#secrets.reference("engine-certificate").arn,
          caSecretArn: ca.arn,
          // One CA for all fleets: callers fetch it once.
          caName: "engines",
          ...(this.#secrets.keyArn === undefined ? {} : { keyArn: this.#secrets.keyArn }),
        },
        ...this.#exporters("gpu"),
        logRetentionDays: days(this.#document.observability.logRetention),
        tags: this.#tags,
      },
      this.child(),
    );
  }

  #gateway(): Gateway {
    const { gateway, longestResponse, dataClass, images, observability } = this.#document;
    const certificate = this.#secrets.reference("gateway-certificate");
    return new Gateway(
      this.childName("gateway"),
      {
        network: this.network,
        allowSingleZone: gateway.allowSingleZone,
        config: this.#config,
        fleets: this.fleets,
        policy: gatewayPolicyOf(this.#document),
        longestResponse,
        hosts: gateway.hosts,
        dataClass,
        image: machineImage(images.host),
        tls: {
          certificateSecretArn: certificate.arn,
          ...(gateway.tls.clientCertificates === "required"
            ? { clientCaSecretArn: this.#secrets.reference("gateway-client-ca").arn }
            : {}),
        },
        apiKeysSecretArn: this.#secrets.reference("gateway-api-keys").arn,
        ...(this.#secrets.keyArn === undefined ? {} : { secretsKeyArn: this.#secrets.keyArn }),
        ...this.#exporters("cpu"),
        logRetentionDays: days(observability.logRetention),
        tags: this.#tags,
      },
      this.child(),
    );
  }

  #observability(): Observability {
    const { observability, longestResponse, images, owner, budget } = this.#document;
    return new Observability(
      this.childName("observability"),
      {
        network: this.network,
        config: this.#config,
        environment: this.componentName,
        fleets: this.fleets,
        gateway: this.gateway.observed,
        credentials: this.#credentials,
        image: machineImage(images.host),
        retention: observability.metricsRetention,
        longestResponse,
        notify: notifications(this.#document),
        ...(budget === undefined ? {} : { budget }),
        owner,
        // Hosts of other environments in the account are none of its business.
        discoveryTags: { environment: this.componentName },
        logRetentionDays: days(observability.logRetention),
        tags: this.#tags,
      },
      this.child(),
    );
  }

  /** What the monitoring adds to every host. */
  #exporters(kind: HostKind) {
    return {
      files: hostExporterFiles(kind),
      services: hostExporterServices(kind),
      secrets: hostExporterSecrets(this.#credentials),
    };
  }
}
