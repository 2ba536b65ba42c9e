import {
  check,
  HoldfastComponent,
  inputProblems,
  parseArgs,
  sharedCaName,
  show,
  type DataClass,
  type EngineKind,
  type FleetEndpoint,
  type ModelTask,
  type Problem,
} from "@holdfast/core";
import { GpuNodePool, type HostSecret } from "@holdfast/compute";
import { enginePorts } from "@holdfast/network";
import type { FleetSizing, Workload } from "@holdfast/sizing";
import { modelPrefix } from "@holdfast/storage";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import type * as pulumi from "@pulumi/pulumi";
import { drainWindows } from "./drain-windows";
import { engineSecrets } from "./engine-scripts";
import { fleetHostFiles, fleetReadyCommand } from "./fleet-host-files";
import { planFleet, type FleetPlan } from "./fleet-plan";
import { fleetStatements } from "./fleet-statements";
import { fleetPaths } from "./fleet-units";
import { withoutTag } from "./image-reference";
import {
  modelFleetSchema,
  releaseSchema,
  type EngineTls,
  type ModelFleetArgs,
  type PlainFleetArgs,
} from "./model-fleet-args";

/** Replicas of one engine serving one model on private GPU hosts, sized from the load, found by DNS, drained before they stop. */
export class ModelFleet extends HoldfastComponent implements FleetEndpoint {
  readonly fleetName: string;
  readonly modelId: string;
  readonly servedModelName: string;
  readonly task: ModelTask;
  readonly engine: EngineKind;
  readonly engineVersion: string;
  readonly dnsName: string;
  readonly port = enginePorts.first;
  readonly replicasPerHost: number;
  readonly hosts: number;
  readonly rotationNoticeSeconds: number;
  readonly engineKeySecretArn: pulumi.Input<string>;
  readonly engineKeySecretKeyArn?: pulumi.Input<string>;
  readonly tls: boolean;
  readonly engineCaSecretArn?: pulumi.Input<string>;
  readonly engineCaSecretKeyArn?: pulumi.Input<string>;
  readonly engineCaName?: string;
  readonly dataClass: DataClass;
  readonly replicas: number;
  readonly maxConcurrencyPerReplica: number;
  readonly gpusPerReplica: number;
  readonly usdPerHour: number;
  readonly workload: Workload;
  /** What was decided and why. */
  readonly sizing: FleetSizing;
  /** The Cloud Map service behind `dnsName`. */
  readonly serviceArn: pulumi.Output<string>;
  readonly pool: GpuNodePool;

  constructor(name: string, args: ModelFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plain, release, plan } = decide(name, args);
    super("serving:index:ModelFleet", name, {}, opts);
    const { sizing } = plan;
    const windows = drainWindows(plan.longestResponseSeconds);
    const dnsName = `${plan.fleet}.${args.network.namespace.name}`;

    const service = new servicediscovery.Service(
      this.childName("service"),
      {
        region: args.network.region,
        name: plan.fleet,
        description: `Engines of ${plan.fleet} in rotation`,
        dnsConfig: {
          namespaceId: args.network.namespace.id,
          dnsRecords: [{ type: "A", ttl: windows.dnsTtl }],
          routingPolicy: "MULTIVALUE",
        },
        // Records of hosts that died must not keep the service from going; they hold no data.
        forceDestroy: true,
        tags: plain.tags,
      },
      this.child(),
    );

    this.pool = new GpuNodePool(
      this.childName("pool"),
      {
        network: args.network,
        segment: "serving",
        config: args.config,
        instanceType: sizing.instanceType,
        size: sizing.instances,
        modelBytes: sizing.weightsBytes,
        containerImages: [withoutTag(plain.engine.image), ...(args.containerImages ?? [])],
        files: [...hostFiles(plan, plain, release, args, dnsName), ...(args.files ?? [])],
        services: [fleetPaths.target, ...plain.services],
        readyCommand: fleetReadyCommand,
        drainSeconds: windows.total,
        secrets: [...engineHostSecrets(args), ...(args.secrets ?? [])],
        parameters: {
          MODEL_BUCKET: args.store.bucketName,
          FLEET_SERVICE: service.id,
          ...(release.manifestSha256 === undefined && { MODEL_MANIFEST_SHA256: args.release.manifestSha256 }),
        },
        statements: [
          ...args.store.readStatements(modelPrefix(sizing.model, release.version)),
          ...fleetStatements({ serviceArn: service.arn, dnsName, region: args.network.region }),
        ],
        ...(args.capacity && { capacity: args.capacity }),
        ...(args.image && { image: args.image }),
        ...(args.logRetentionDays !== undefined && { logRetentionDays: args.logRetentionDays }),
        tags: { ...plain.tags, "holdfast.fleet": plan.fleet, "holdfast.data-class": plain.dataClass },
      },
      { parent: this, dependsOn: args.store.readiness },
    );

    this.fleetName = plan.fleet;
    this.modelId = sizing.model;
    this.servedModelName = plan.servedModelName;
    this.task = plan.task;
    this.engine = plain.engine.kind;
    this.engineVersion = plain.engine.version;
    this.dnsName = dnsName;
    this.replicasPerHost = sizing.replicasPerInstance;
    this.hosts = sizing.instances;
    this.rotationNoticeSeconds = windows.notice;
    this.engineKeySecretArn = args.apiKeySecretArn;
    this.tls = args.tls !== "off";
    if (args.apiKeySecretKeyArn !== undefined) this.engineKeySecretKeyArn = args.apiKeySecretKeyArn;
    if (args.tls !== "off") {
      this.engineCaSecretArn = args.tls.caSecretArn;
      if (args.tls.keyArn !== undefined) this.engineCaSecretKeyArn = args.tls.keyArn;
      if (args.tls.caName !== undefined) this.engineCaName = args.tls.caName;
    }
    this.dataClass = plain.dataClass;
    this.replicas = plan.replicas;
    this.maxConcurrencyPerReplica = sizing.engine.maxNumSeqs;
    this.gpusPerReplica = sizing.gpusPerReplica;
    this.usdPerHour = sizing.usdPerHour;
    this.workload = args.workload;
    this.sizing = sizing;
    this.serviceArn = service.arn;
    this.registerOutputs({
      sizing,
      engine: {
        kind: plain.engine.kind,
        version: plain.engine.version,
        args: plan.engine.args,
        environmentNames: [...Object.keys(plan.engine.environment), ...plan.engine.secretEnvironment],
        image: plain.engine.image,
      },
      dnsName,
      tls: this.tls,
      dataClass: plain.dataClass,
      serviceArn: this.serviceArn,
    });
  }
}

interface Decided {
  readonly plain: PlainFleetArgs;
  readonly release: { readonly version: string; readonly manifestSha256?: string | undefined };
  readonly plan: FleetPlan;
}

/** Checks the arguments and decides everything that can be decided before a resource exists; throws one error with every problem. */
function decide(name: string, args: ModelFleetArgs): Decided {
  const component = `ModelFleet "${name}"`;
  const plain = parseArgs(component, modelFleetSchema, args);
  // A caller without types may have left it out.
  const { version, manifestSha256 } = (args as Partial<ModelFleetArgs>).release ?? {};
  const release = check(releaseSchema, { version, ...(typeof manifestSha256 === "string" && { manifestSha256 }) });
  const outcome = planFleet(plain, {
    name,
    region: args.network.region,
    zones: args.network.zones,
    storeRegion: args.store.region,
    tls: args.tls !== "off",
  });
  const unprotected = tlsProblems((args as Partial<ModelFleetArgs>).tls);
  if (!release.ok || !outcome.ok || unprotected.length > 0) {
    throw inputProblems(component, [
      ...(release.ok ? [] : release.problems.map(({ path, reason }) => ({ path: `release.${path}`, reason }))),
      ...(outcome.ok ? [] : outcome.problems),
      ...unprotected,
    ]);
  }
  return { plain, release: release.value, plan: outcome.plan };
}

/** Whether someone has decided what protects the way to the engines; nobody leaves it open by forgetting it. */
function tlsProblems(tls: Partial<EngineTls> | "off" | undefined): Problem[] {
  if (tls === "off") return [];
  const missing = (["certificateSecretArn", "caSecretArn"] as const).filter((name) => !tls?.[name]);
  const { caName } = tls ?? {};
  const misnamed =
    caName === undefined || (typeof caName === "string" && sharedCaName.test(caName))
      ? []
      : [
          {
            path: "tls.caName",
            reason: `must be at most 40 lower-case letters, digits and hyphens, a letter first, got ${show(caName)}`,
          },
        ];
  const absent = missing.map((name) => ({
    path: `tls.${name}`,
    reason: `missing; give the ARN of the secret that holds the engines' ${name === "caSecretArn" ? "CA" : "certificate and key"} (PEM), or set tls to "off" for a trial without secrets in its prompts`,
  }));
  return [...absent, ...misnamed];
}

/** By reference: the hosts fetch them with their own role. */
function engineHostSecrets({ tls, ...args }: ModelFleetArgs): HostSecret[] {
  const encrypted = (keyArn: pulumi.Input<string> | undefined) => (keyArn === undefined ? {} : { keyArn });
  return [
    { name: engineSecrets.key, arn: args.apiKeySecretArn, ...encrypted(args.apiKeySecretKeyArn) },
    ...(tls === "off"
      ? []
      : [
          { name: engineSecrets.certificate, arn: tls.certificateSecretArn, ...encrypted(tls.keyArn) },
          { name: engineSecrets.ca, arn: tls.caSecretArn, ...encrypted(tls.keyArn) },
        ]),
  ];
}

function hostFiles(
  plan: FleetPlan,
  plain: PlainFleetArgs,
  release: Decided["release"],
  args: ModelFleetArgs,
  dnsName: string,
) {
  return fleetHostFiles({
    region: args.network.region,
    model: plan.sizing.model,
    version: release.version,
    ...(release.manifestSha256 !== undefined && { manifestSha256: release.manifestSha256 }),
    image: plain.engine.image,
    engine: plan.engine,
    check: { task: plan.task, servedModelName: plan.servedModelName },
    ...(args.tls !== "off" && { tlsName: dnsName }),
    gpusPerReplica: plan.sizing.gpusPerReplica,
    replicasPerHost: plan.sizing.replicasPerInstance,
    firstPort: enginePorts.first,
    longestResponseSeconds: plan.longestResponseSeconds,
    startSeconds: plan.startSeconds,
    writableRoot: plain.engine.writableRoot,
  });
}
