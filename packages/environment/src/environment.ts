import { durationSeconds, HoldfastComponent, inputProblems } from "@holdfast/core";
import { HostConfigBucket } from "@holdfast/compute";
import { PrivateNetwork } from "@holdfast/network";
import { ModelFleet } from "@holdfast/serving";
import { ModelStore } from "@holdfast/storage";
import type * as pulumi from "@pulumi/pulumi";
import { clientNetworks, fleetArgs, networkName, networkNeeds } from "./environment-intent";
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
  /** ARNs of the empty secrets that wait for a value, by role. */
  readonly secretsToFill: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    const parsed = parseEnvironment(args.document);
    if (!parsed.ok) throw inputProblems("Environment", parsed.problems);
    const environment = parsed.value;
    super("environment:index:Environment", name, args, opts);
    const tags = environmentTags(name, environment);

    const secrets = this.#secrets(environment, tags);
    this.network = this.#network(environment, tags);
    const config = new HostConfigBucket(this.childName("config"), { region: environment.region, tags }, this.child());
    this.models = this.#modelStore(environment, tags);
    this.fleets = Object.keys(environment.fleets).map((fleet) => this.#fleet(environment, fleet, config, secrets, tags));
    this.secretsToFill = secrets.toFill;
    this.registerOutputs({ secretsToFill: this.secretsToFill });
  }

  #secrets(environment: EnvironmentDocument, tags: Record<string, string>): EnvironmentSecrets {
    return new EnvironmentSecrets(this.childName("secrets"), { wanted: wantedSecrets(environment), tags }, this.child());
  }

  #network({ region, network, ...environment }: EnvironmentDocument, tags: Record<string, string>): PrivateNetwork {
    const days = Math.round(durationSeconds(network.flowLogRetention) / 86_400);
    return new PrivateNetwork(
      this.childName(networkName),
      {
        region,
        cidr: network.cidr,
        zones: network.zones,
        egress: { mode: network.egress.mode === "none" ? "none" : "endpoints" },
        clients: clientNetworks({ region, network, ...environment }),
        needs: networkNeeds({ region, network, ...environment }),
        flowLogs: { retentionDays: days },
        tags,
      },
      this.child(),
    );
  }

  #modelStore({ region, models }: EnvironmentDocument, tags: Record<string, string>): ModelStore {
    const { replicaRegion, backup } = models;
    return new ModelStore(
      this.childName("models"),
      {
        region,
        ...(replicaRegion === undefined ? {} : { replica: { region: replicaRegion } }),
        backup: {
          retentionDays: Math.round(durationSeconds(backup.retention) / 86_400),
          ...(backup.lock === "governance" ? { lock: { mode: "governance" as const } } : {}),
        },
        tags,
      },
      this.child(),
    );
  }

  #fleet(environment: EnvironmentDocument, name: string, config: HostConfigBucket, secrets: EnvironmentSecrets, tags: Record<string, string>): ModelFleet {
    const { plain, release, capacity } = fleetArgs(environment, name);
    const key = secrets.reference("engine-key");
    return new ModelFleet(
      this.childName(name),
      {
        ...plain,
        network: this.network,
        store: this.models,
        config,
        release,
        ...(capacity === "spot" ? { capacity: { kind: "spot" as const } } : {}),
        apiKeySecretArn: key.arn,
        ...(key.keyArn === undefined ? {} : { apiKeySecretKeyArn: key.keyArn }),
        logRetentionDays: Math.round(durationSeconds(environment.observability.logRetention) / 86_400),
        tags,
      },
      this.child(),
    );
  }
}

/** Tags of every resource: who answers for it, what it belongs to, how sensitive it is. */
export function environmentTags(name: string, { owner, costCentre, dataClass }: EnvironmentDocument): Record<string, string> {
  return {
    "holdfast.environment": name,
    owner,
    "data-class": dataClass,
    ...(costCentre === undefined ? {} : { "cost-centre": costCentre }),
  };
}

/** The secrets an environment needs, and what a person puts into each. */
export function wantedSecrets({ gateway }: EnvironmentDocument) {
  const secret = (content: string, existingArn: string | undefined) => ({
    content,
    ...(existingArn === undefined ? {} : { existingArn }),
  });
  return {
    "gateway-certificate": secret("Certificate chain and private key of the gateway's host name, PEM", gateway.certificateSecretArn),
    ...(gateway.tls.clientCertificates === "required"
      ? { "gateway-client-ca": secret("CA that signs the clients' certificates, PEM", gateway.clientCaSecretArn) }
      : {}),
    "gateway-api-keys": secret("One line per key: sha256 of the key, a space, the client's name", gateway.apiKeysSecretArn),
    "engine-key": secret("Key that the gateway presents to the engines, 20 characters or more", undefined),
  };
}
