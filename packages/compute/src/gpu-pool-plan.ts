import { findInstance, findRegion, plannableInstances, zonesOffering, type InstanceRecord } from "@holdfast/catalog";
import { nearest, type Problem } from "@holdfast/core";
import type { AmiReference } from "./ami-reference";
import { publicImages } from "./ami-reference";
import type { Capacity } from "./host-pool-args";
import { planInterconnect, type Interconnect } from "./interconnect-plan";
import { modelLoadTime, type ModelLoadTime } from "./model-load-time";
import type { PlannedInterface } from "./network-interfaces";

export interface GpuPoolSpec {
  readonly instanceType: string;
  readonly modelBytes: number;
  readonly region: string;
  readonly networkZones: readonly string[];
  readonly zones?: readonly string[] | undefined;
  readonly image?: AmiReference | undefined;
  readonly modelPath?: string | undefined;
  readonly launchSeconds?: number | undefined;
  readonly rootVolumeGiB?: number | undefined;
  readonly rootVolumeMiBps?: number | undefined;
  /** Most hosts that the pool may have. */
  readonly mostHosts: number;
  readonly capacity: Capacity;
  readonly interconnect?: Interconnect | undefined;
  readonly clusterPlacement?: boolean | undefined;
  /** Whether an existing placement group is given. */
  readonly placementGroup?: boolean | undefined;
}

export interface GpuPoolPlan {
  readonly instance: InstanceRecord;
  readonly image: AmiReference;
  readonly zones: readonly string[];
  readonly modelPath: string;
  /** Whether `modelPath` is instance store. */
  readonly instanceStore: boolean;
  readonly rootVolumeGiB: number;
  readonly rootVolumeMiBps: number;
  readonly loadTime: ModelLoadTime;
  readonly launchSeconds: number;
  /** Interfaces with Elastic Fabric Adapters; absent: one ordinary interface. */
  readonly interfaces: readonly PlannedInterface[] | undefined;
  readonly clusterPlacement: boolean;
}

/** An Auto Scaling lifecycle hook waits two hours at most (heartbeat timeout). */
const longestLaunch = 7200;
/** A model needs a tenth more room than its weights: tokenizer, index, partial files. */
const roomFactor = 1.1;
const baseRootGiB = 200;

/** Everything that follows from a GPU pool's instance type and model size, or what is wrong with them. */
export function planGpuPool(
  spec: GpuPoolSpec,
): { readonly ok: true; readonly plan: GpuPoolPlan } | { readonly ok: false; readonly problems: Problem[] } {
  const instance = findInstance(spec.instanceType);
  if (!instance) {
    const near = nearest(
      spec.instanceType,
      plannableInstances().map((one) => one.type),
    );
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    return {
      ok: false,
      problems: [
        { path: "instanceType", reason: `"${spec.instanceType}" is not a GPU instance type of the catalogue${hint}` },
      ],
    };
  }
  if (instance.notPlanned !== undefined) {
    const reason = `${instance.type} is not for plans: ${instance.notPlanned}; choose another type`;
    return { ok: false, problems: [{ path: "instanceType", reason }] };
  }
  const links = planInterconnect({ ...spec, instance, offered: offeredZones(instance.type, spec) });
  const { zones } = links;
  const instanceStore = instance.localNvmeGb > 0;
  const rootVolumeMiBps = spec.rootVolumeMiBps ?? 600;
  const modelGiB = Math.ceil((spec.modelBytes * roomFactor) / 1024 ** 3);
  const rootVolumeGiB = spec.rootVolumeGiB ?? baseRootGiB + (instanceStore ? 0 : modelGiB);
  const loadTime = modelLoadTime({ modelBytes: spec.modelBytes, instance, rootVolumeMiBps });
  const launchSeconds = spec.launchSeconds ?? loadTime.seconds;

  const problems: Problem[] = [...links.problems];
  if (zones.length === 0) {
    const offered = zonesOffering(instance.type, spec.region);
    const advice =
      offered.length === 0
        ? `choose another type for ${spec.region}`
        : `add one of ${offered.join(", ")} to the network`;
    problems.push({
      path: "instanceType",
      reason: `${instance.type} is not offered in ${spec.networkZones.join(", ")}; ${advice}`,
    });
  }
  const room = instanceStore ? instance.localNvmeGb * 1e9 : rootVolumeGiB * 1024 ** 3;
  if (room < spec.modelBytes * roomFactor) {
    problems.push({
      path: "modelBytes",
      reason: `${(spec.modelBytes / 1e9).toFixed(1)} GB of weights need ${roomFactor} times their size on disk, and ${instance.type} has ${(room / 1e9).toFixed(0)} GB; choose a larger type`,
    });
  }
  if (launchSeconds > longestLaunch) {
    problems.push({
      path: spec.launchSeconds === undefined ? "modelBytes" : "launchSeconds",
      reason: `a host would take ${launchSeconds} s to be ready, and a launch hook waits ${longestLaunch} s at most (${loadTime.why.join("; ")}); choose a type with a faster ${loadTime.limitedBy}`,
    });
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    plan: {
      instance,
      image: spec.image ?? publicImages.gpuAmazonLinux2023,
      zones,
      modelPath: spec.modelPath ?? "/var/lib/holdfast/models",
      instanceStore,
      rootVolumeGiB,
      rootVolumeMiBps,
      loadTime,
      launchSeconds,
      interfaces: links.interfaces,
      clusterPlacement: links.clusterPlacement,
    },
  };
}

/** The network's zones that offer the type; all of them in a region whose offerings the catalogue does not know. */
function offeredZones(type: string, { region, networkZones }: GpuPoolSpec): readonly string[] {
  if (!findRegion(region)) return networkZones;
  const offered = zonesOffering(type, region);
  return networkZones.filter((zone) => offered.includes(zone));
}
