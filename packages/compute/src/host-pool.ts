import { HoldfastComponent, inputProblems, parseArgs } from "@holdfast/core";
import * as autoscaling from "@pulumi/aws/autoscaling";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import { trustService } from "@holdfast/network";
import type * as pulumi from "@pulumi/pulumi";
import { hostFiles, type HostFilesSpec } from "./host-files";
import { hostManifest } from "./host-manifest";
import type { HostPoolArgs } from "./host-pool-args";
import { hostPoolProblems, hostPoolSchema, inPlacementGroup, sizeOf, type HostPoolPlan } from "./host-pool-schema";
import { hostStatements } from "./host-statements";
import { launchTemplateArgs } from "./launch-template-args";
import { adapterCount, templateInterfaces, type HostHardware } from "./network-interfaces";
import { secretReferences, type SecretReferences } from "./secret-references";
import { refreshPreferences, replacementBounds } from "./launch-options";
import { renderUserData } from "./user-data";

/** Names of the hooks: the hosts answer them by name. */
const hooks = { launch: "holdfast-launch", drain: "holdfast-drain" } as const;
/** A host gets this long beyond its own deadline to report that it has drained. */
const answerSeconds = 60;

/**
 * Hosts of one kind, kept at strength by an Auto Scaling group, without a public address, without a key pair and without a way to
 * change them but a new launch template.
 *
 * A host starts from its image, fetches its files (each refused unless its hash is the one in the launch template), fetches its
 * secrets with its own role, starts its services and reports ready; told to go, it drains first. Creates: launch template, group with
 * launch and drain hooks, role and instance profile, log group, one object per file; a volume or a placement group when asked for.
 *
 * ```ts
 * new HostPool("edge", { network, config, segment: "gateway", image, instanceType: "c7i.large", size: 2, files, services: ["haproxy.service"], drainSeconds: 120 });
 * ```
 */
export class HostPool extends HoldfastComponent {
  readonly groupName: pulumi.Output<string>;
  readonly groupArn: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** The user data as text, known at plan time. */
  readonly userData: string;
  readonly group: autoscaling.Group;
  readonly launchTemplate: ec2.LaunchTemplate;

  readonly #args: HostPoolArgs;
  readonly #plan: HostPoolPlan;
  readonly #zones: readonly number[];
  readonly #hardware: HostHardware;
  /** Absent: the hosts have no secrets. */
  readonly #references: SecretReferences | undefined;

  constructor(name: string, args: HostPoolArgs, opts?: pulumi.ComponentResourceOptions, hardware: HostHardware = {}) {
    const plan = parseArgs("HostPool", hostPoolSchema, args);
    const own = hostFiles(filesSpec(args, plan, hardware));
    const problems = hostPoolProblems(name, args, plan, own);
    if (problems.length > 0) throw inputProblems("HostPool", problems);
    // The engine needs no copy of every file: they are resources of their own.
    super(
      "compute:index:HostPool",
      name,
      { segment: plan.segment, instanceType: plan.instanceType, size: plan.size },
      opts,
    );
    this.#args = args;
    this.#plan = plan;
    this.#zones = zoneIndexes(args, plan);
    this.#hardware = hardware;

    const manifest = hostManifest(name, [...args.files, ...own]);
    this.userData = renderUserData({ pool: name, manifest });
    const { secrets = [] } = args;
    this.#references = secrets.length === 0 ? undefined : secretReferences(secrets);
    const files = args.config.publish(this, name, manifest);
    if (this.#references) files.push(args.config.publishReferences(this, name, this.#references));
    const logs = this.#logGroup();
    const volume = this.#dataVolume();
    const role = this.#role();
    const policy = this.#permissions(role, logs, volume);
    const profile = new iam.InstanceProfile(
      this.childName("profile"),
      { role: role.name, tags: this.#named("profile") },
      this.child(),
    );
    this.launchTemplate = this.#template(profile, logs, volume);
    this.group = this.#group([...files, policy]);
    this.#hooks();

    this.groupName = this.group.name;
    this.groupArn = this.group.arn;
    this.roleArn = role.arn;
    this.roleName = role.name;
    this.logGroupName = logs.name;
    this.registerOutputs({ groupName: this.groupName, roleArn: this.roleArn, logGroupName: this.logGroupName });
  }

  #logGroup(): cloudwatch.LogGroup {
    const { logRetentionDays: retentionInDays, protect } = this.#plan;
    return new cloudwatch.LogGroup(
      this.childName("logs"),
      { retentionInDays, kmsKeyId: this.#args.config.keyArn, tags: this.#named("logs") },
      this.stateful(protect, { dependsOn: [...this.#args.config.readiness] }),
    );
  }

  #dataVolume(): ebs.Volume | undefined {
    const { dataVolume, protect } = this.#plan;
    if (!dataVolume) return undefined;
    const zoneNames = this.#args.network.zoneNames();
    const [availabilityZone] = this.#zones.flatMap((index) => zoneNames[index] ?? []);
    if (!availabilityZone) throw new RangeError("a data volume needs a zone");
    return new ebs.Volume(
      this.childName("data"),
      {
        availabilityZone,
        size: dataVolume.sizeGiB,
        type: "gp3",
        encrypted: true,
        kmsKeyId: this.#args.config.keyArn,
        tags: this.#named("data"),
      },
      this.stateful(protect),
    );
  }

  #role(): iam.Role {
    return new iam.Role(
      this.childName("role"),
      { assumeRolePolicy: trustService("ec2.amazonaws.com"), tags: this.#named("role") },
      this.child(),
    );
  }

  #permissions(role: iam.Role, logs: cloudwatch.LogGroup, volume: ebs.Volume | undefined): iam.RolePolicy {
    const { config, network, secrets = [], statements = [] } = this.#args;
    return new iam.RolePolicy(
      this.childName("permissions"),
      {
        role: role.id,
        policy: {
          Version: "2012-10-17",
          Statement: [
            ...hostStatements({
              pool: this.componentName,
              region: network.region,
              bucketArn: config.bucketArn,
              configKeyArn: config.keyArn,
              logGroupArn: logs.arn,
              secrets,
              images: this.#plan.containerImages,
              dataVolumeArn: volume?.arn,
            }),
            ...statements,
          ],
        },
      },
      this.child(),
    );
  }

  #template(
    profile: iam.InstanceProfile,
    logs: cloudwatch.LogGroup,
    volume: ebs.Volume | undefined,
  ): ec2.LaunchTemplate {
    const { config, network } = this.#args;
    return new ec2.LaunchTemplate(
      this.childName("template"),
      launchTemplateArgs({
        plan: this.#plan,
        userData: this.userData,
        profileArn: profile.arn,
        kmsKeyId: config.keyArn,
        networkInterfaces: templateInterfaces(network.securityGroupId(this.#plan.segment), this.#hardware.efa),
        hostTags: this.#hostTags(logs, volume),
        diskTags: this.#named("host"),
        tags: this.#named("template"),
      }),
      this.child(),
    );
  }

  /** Name of the group in which the hosts are close together. */
  #placement(): pulumi.Input<string> | undefined {
    if (!inPlacementGroup(this.#args, this.#plan)) return undefined;
    const { placementGroupName } = this.#args;
    if (placementGroupName !== undefined) return placementGroupName;
    const group = new ec2.PlacementGroup(
      this.childName("placement"),
      { strategy: "cluster", tags: this.#named("placement") },
      this.child(),
    );
    return group.name;
  }

  /** What only the cloud knows, as instance tags: the host reads them from its metadata. */
  #hostTags(logs: cloudwatch.LogGroup, volume: ebs.Volume | undefined): Record<string, pulumi.Input<string>> {
    const { config, parameters = {} } = this.#args;
    return {
      ...this.#named("host"),
      "holdfast:pool": this.componentName,
      "holdfast:config-bucket": config.bucketName,
      "holdfast:log-group": logs.name,
      ...(volume ? { "holdfast:data-volume": volume.id } : {}),
      ...(this.#references ? { "holdfast:secret-references": this.#references.sha256 } : {}),
      ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`holdfast:param:${key}`, value])),
    };
  }

  #group(before: readonly pulumi.Resource[]): autoscaling.Group {
    const { network, config, targetGroupArns = [] } = this.#args;
    const plan = this.#plan;
    const { min, max, desired } = sizeOf(plan.size);
    const subnets = network.subnetIds(plan.segment);
    const version = this.launchTemplate.latestVersion.apply(String);
    const tags = { ...plan.tags, "holdfast:pool": this.componentName, Name: this.childName("host") };
    const template = { id: this.launchTemplate.id, version };
    const placementGroup = this.#placement();
    const bounds = replacementBounds(plan.rollout ?? (plan.dataVolume ? "stop-first" : "start-first"), desired);
    return new autoscaling.Group(
      this.childName("group"),
      {
        minSize: min,
        maxSize: max,
        desiredCapacity: desired,
        vpcZoneIdentifiers: this.#zones.flatMap((index) => subnets[index] ?? []),
        ...(placementGroup === undefined ? {} : { placementGroup }),
        ...(plan.capacity.kind === "spot"
          ? {
              capacityRebalance: true,
              mixedInstancesPolicy: {
                instancesDistribution: {
                  onDemandBaseCapacity: 0,
                  onDemandPercentageAboveBaseCapacity: 0,
                  spotAllocationStrategy: "price-capacity-optimized",
                },
                launchTemplate: { launchTemplateSpecification: { launchTemplateId: template.id, version } },
              },
            }
          : { launchTemplate: template }),
        targetGroupArns: [...targetGroupArns],
        healthCheckType:
          (plan.health ?? (targetGroupArns.length > 0 ? "balancer" : "instance")) === "balancer" ? "ELB" : "EC2",
        healthCheckGracePeriod: plan.healthGraceSeconds,
        instanceMaintenancePolicy: bounds,
        instanceRefresh: { strategy: "Rolling", preferences: refreshPreferences(bounds, plan.image) },
        // On the group itself, so that the very first hosts meet the hooks. AWS takes these only with a new group, so later
        // changes are ignored here and made by the hook resources, in place.
        initialLifecycleHooks: this.#hookArgs(),
        // Scarce capacity shows as missing hosts, not as a failed deployment that leaves a group nobody tracks.
        waitForCapacityTimeout: "0",
        terminationPolicies: ["OldestLaunchTemplate", "Default"],
        ...(plan.rebalanceZones ? {} : { suspendedProcesses: ["AZRebalance"] }),
        tags: Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      this.child({
        dependsOn: [...before, ...network.readiness(plan.segment), ...config.readiness],
        // A group goes only after its hosts have drained; the provider gives up after ten minutes unless told otherwise.
        customTimeouts: { delete: `${Math.ceil((plan.drainSeconds + answerSeconds) / 60) + 15}m` },
        ignoreChanges: ["initialLifecycleHooks", ...(max > min ? ["desiredCapacity"] : [])],
      }),
    );
  }

  #hooks(): void {
    for (const { name, ...hook } of this.#hookArgs()) {
      new autoscaling.LifecycleHook(
        this.childName(name === hooks.launch ? "launch-hook" : "drain-hook"),
        { name, autoscalingGroupName: this.group.name, ...hook },
        this.child(),
      );
    }
  }

  #hookArgs() {
    const { launchSeconds, drainSeconds } = this.#plan;
    return [
      {
        name: hooks.launch,
        lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeatTimeout: launchSeconds,
        defaultResult: "ABANDON",
      },
      {
        name: hooks.drain,
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        heartbeatTimeout: Math.min(drainSeconds + answerSeconds, 7200),
        defaultResult: "CONTINUE",
      },
    ];
  }

  #named(role: string): Record<string, string> {
    return { ...this.#plan.tags, Name: this.childName(role) };
  }
}

function filesSpec(args: HostPoolArgs, plan: HostPoolPlan, { instanceStorePath, efa }: HostHardware): HostFilesSpec {
  return {
    services: plan.services,
    secrets: (args.secrets ?? []).map(({ name, owner = "root:root" }) => ({ name, owner })),
    drainSeconds: plan.drainSeconds,
    readyCommand: plan.readyCommand,
    images: plan.containerImages,
    dataVolume: plan.dataVolume,
    instanceStorePath,
    efaDevices: adapterCount(efa?.interfaces),
  };
}

/** Which of the network's zones the pool uses, as positions in its lists. */
function zoneIndexes(args: HostPoolArgs, plan: HostPoolPlan): number[] {
  const { network } = args;
  const one = plan.dataVolume !== undefined || inPlacementGroup(args, plan);
  const used = plan.zones ?? (one ? network.zones.slice(0, 1) : network.zones);
  return used.map((zone) => network.zones.indexOf(zone));
}
