import type { AmiReference } from "./ami-reference";
import type { Capacity } from "./host-pool-args";

export interface MarketOptions {
  readonly instanceMarketOptions?: { readonly marketType: string };
  readonly capacityReservationSpecification?: {
    readonly capacityReservationPreference?: string;
    readonly capacityReservationTarget?: { readonly capacityReservationId: string };
  };
}

/** The part of a launch template that says how an instance is bought. Spot is the group's business, not the template's. */
export function marketOptions(capacity: Capacity): MarketOptions {
  switch (capacity.kind) {
    case "on-demand":
    case "spot":
      return {};
    case "reservation":
      return {
        capacityReservationSpecification: {
          capacityReservationTarget: { capacityReservationId: capacity.reservationId },
        },
      };
    case "capacity-block":
      return {
        instanceMarketOptions: { marketType: "capacity-block" },
        capacityReservationSpecification: {
          capacityReservationTarget: { capacityReservationId: capacity.reservationId },
        },
      };
  }
}

/** How many hosts are in service while others are replaced, in percent of the desired number. */
export interface ReplacementBounds {
  readonly minHealthyPercentage: number;
  readonly maxHealthyPercentage: number;
}

export interface RefreshPreferences extends ReplacementBounds {
  readonly autoRollback: boolean;
  readonly instanceWarmup: string;
}

/** One host at a time, whatever the reason: the new one before or after the old one goes. */
export function replacementBounds(rollout: "start-first" | "stop-first", hosts: number): ReplacementBounds {
  const one = Math.ceil(100 / Math.max(1, hosts));
  return rollout === "start-first"
    ? { minHealthyPercentage: 100, maxHealthyPercentage: 100 + one }
    : { minHealthyPercentage: 100 - one, maxHealthyPercentage: 100 };
}

/** How a new launch template reaches the hosts. */
export function refreshPreferences(bounds: ReplacementBounds, image: AmiReference): RefreshPreferences {
  return {
    ...bounds,
    // AWS rolls no group back whose image is a parameter (RollbackInstanceRefresh).
    autoRollback: "imageId" in image,
    // A host counts as in service only after its launch hook, so it is warm by then.
    instanceWarmup: "0",
  };
}
