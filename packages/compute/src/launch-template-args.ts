import type { LaunchTemplateArgs } from "@pulumi/aws/ec2";
import type { ec2 } from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { imageIdOf } from "./ami-reference";
import type { HostPoolPlan } from "./host-pool-schema";
import { marketOptions } from "./launch-options";

type Tags = Record<string, pulumi.Input<string>>;

export interface LaunchTemplateSpec {
  readonly plan: HostPoolPlan;
  /** As text. */
  readonly userData: string;
  readonly profileArn: pulumi.Input<string>;
  /** Key of the volumes. */
  readonly kmsKeyId: pulumi.Input<string>;
  readonly networkInterfaces: ec2.LaunchTemplateNetworkInterface[];
  /** Tags of the host itself: its scripts read them. */
  readonly hostTags: Tags;
  /** Tags of the host's volumes and interfaces. */
  readonly diskTags: Tags;
  readonly tags: Tags;
}

/** How every host of a pool starts: nothing shown, nothing left behind, everything encrypted. */
export function launchTemplateArgs(spec: LaunchTemplateSpec): LaunchTemplateArgs {
  const { plan } = spec;
  return {
    imageId: imageIdOf(plan.image),
    instanceType: plan.instanceType,
    iamInstanceProfile: { arn: spec.profileArn },
    userData: Buffer.from(spec.userData).toString("base64"),
    metadataOptions: {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: "enabled",
    },
    networkInterfaces: spec.networkInterfaces,
    blockDeviceMappings: [
      {
        deviceName: plan.image.rootDevice ?? "/dev/xvda",
        ebs: {
          volumeType: "gp3",
          volumeSize: plan.rootVolumeGiB,
          throughput: plan.rootVolumeMiBps,
          // gp3 gives at most a quarter of a MiB/s per I/O operation a second.
          iops: Math.max(3000, plan.rootVolumeMiBps * 4),
          encrypted: "true",
          kmsKeyId: spec.kmsKeyId,
          deleteOnTermination: "true",
        },
      },
    ],
    ...marketOptions(plan.capacity),
    ebsOptimized: "true",
    monitoring: { enabled: true },
    instanceInitiatedShutdownBehavior: "terminate",
    updateDefaultVersion: true,
    tagSpecifications: [
      { resourceType: "instance", tags: spec.hostTags },
      { resourceType: "volume", tags: spec.diskTags },
      { resourceType: "network-interface", tags: spec.diskTags },
    ],
    tags: spec.tags,
  };
}
