import type { Sourced } from "./record";

export interface RegionRecord extends Sourced {
  readonly id: string;
  readonly name: string;
  /** Zone ids. Ids, unlike names such as eu-central-1a, mean the same place in every account. */
  readonly zones: readonly string[];
  /** Which GPU instance types are offered in which zones. */
  readonly gpuTypes: readonly { readonly zones: readonly string[]; readonly types: readonly string[] }[];
}
