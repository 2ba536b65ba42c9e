import type { InstanceRecord } from "@holdfast/catalog";
import type { ec2 } from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";

/** What `GpuNodePool` adds to a pool of hosts. */
export interface HostHardware {
  /** Where the local disks are mounted. Absent: there are none. */
  readonly instanceStorePath?: string | undefined;
  /** Absent: one ordinary interface. */
  readonly efa?: EfaHardware | undefined;
}

/** The interfaces of a host with Elastic Fabric Adapters, and the group that the adapters are members of. */
export interface EfaHardware {
  readonly interfaces: readonly PlannedInterface[];
  readonly securityGroupId: pulumi.Input<string>;
}

/** One network interface of a host, by the card that it is on. */
export interface PlannedInterface {
  readonly networkCardIndex: number;
  readonly deviceIndex: number;
  /** Absent: an ordinary interface (ENA). `efa-only`: an Elastic Fabric Adapter without an IP address. */
  readonly interfaceType?: "efa-only";
}

/**
 * The interfaces of a host with every Elastic Fabric Adapter that its type takes: an ordinary interface first, which has the host's one
 * IP address, and an adapter without address on every card that takes one.
 *
 * As AWS recommends (Amazon EC2 User Guide, "Maximize network bandwidth on Amazon EC2 instances with multiple network cards", read
 * 2026-11-21): ENA on card 0, device 0, which may not be EFA-only; EFA-only on card 0, device 1, if the card supports EFA; EFA-only on
 * device 0 of the others. On p5.48xlarge that is 3,200 Gb/s between hosts and 100 Gb/s of IP with one address a host. Auto Scaling takes
 * one device index on several cards (eksctl pull request 7643), and no launch with several interfaces a public address
 * (karpenter-provider-aws pull request 5666).
 */
export function efaInterfaces({
  efaInterfaces: adapters,
  networkCards,
}: Pick<InstanceRecord, "efaInterfaces" | "networkCards">): PlannedInterface[] {
  // Where there are more cards than adapters, the first cards take none: card 0 of p6-b300 (aws-parallelcluster issue 7143).
  const first = networkCards - adapters;
  return [
    { networkCardIndex: 0, deviceIndex: 0 },
    ...Array.from({ length: adapters }, (_, index): PlannedInterface => {
      const networkCardIndex = first + index;
      return { networkCardIndex, deviceIndex: networkCardIndex === 0 ? 1 : 0, interfaceType: "efa-only" };
    }),
  ];
}

/** The same as a launch template takes them: no public address, and nothing left when the host ends. */
export function templateInterfaces(
  segmentGroup: pulumi.Input<string>,
  efa: EfaHardware | undefined,
): ec2.LaunchTemplateNetworkInterface[] {
  const common = { associatePublicIpAddress: "false", deleteOnTermination: "true" };
  if (!efa) return [{ deviceIndex: 0, ...common, securityGroups: [segmentGroup] }];
  return efa.interfaces.map((planned) => ({
    ...planned,
    ...common,
    // What runs over the adapters meets by IP first, so the interface with the address is a member as well.
    securityGroups: planned.interfaceType === undefined ? [segmentGroup, efa.securityGroupId] : [efa.securityGroupId],
  }));
}

/** How many Elastic Fabric Adapters a host has. */
export function adapterCount(interfaces: readonly PlannedInterface[] = []): number {
  return interfaces.filter(({ interfaceType }) => interfaceType === "efa-only").length;
}

/**
 * Options of `docker run` and `podman run` that give a container the adapters of its host: the devices, and memory that may be locked
 * for them. The container brings libfabric and, for NCCL, the aws-ofi-nccl plugin itself (Amazon EC2 User Guide, "Install the EFA
 * software in a container": limits are set when a container is made; AWS Batch User Guide, "Elastic Fabric Adapter": the devices).
 */
export const efaContainerOptions: readonly string[] = ["--device=/dev/infiniband", "--ulimit=memlock=-1:-1"];
