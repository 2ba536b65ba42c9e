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

export interface RefreshPreferences {
  readonly minHealthyPercentage: number;
  readonly maxHealthyPercentage: number;
  readonly autoRollback: boolean;
  readonly instanceWarmup: string;
}

/** How a new launch template reaches the hosts: one at a time, the new one before or after the old one goes. */
export function refreshPreferences(
  rollout: "start-first" | "stop-first",
  hosts: number,
  image: AmiReference,
): RefreshPreferences {
  const count = Math.max(1, hosts);
  const one = Math.ceil(100 / count);
  const healthy =
    rollout === "start-first"
      ? { minHealthyPercentage: 100, maxHealthyPercentage: 100 + one }
      : { minHealthyPercentage: 100 - one, maxHealthyPercentage: 100 };
  return {
    ...healthy,
    // AWS rolls no group back whose image is a parameter (RollbackInstanceRefresh).
    autoRollback: "imageId" in image,
    // A host counts as in service only after its launch hook, so it is warm by then.
    instanceWarmup: "0",
  };
}
