import type { Flow, Segment } from "@holdfast/core";
import type { ClientNetwork } from "./placement";

/** One allowed connection, as auditors read it. What the matrix does not list is denied. */
export interface AccessMatrixEntry {
  readonly from: Segment;
  /** A segment, or `endpoint:<service>`. */
  readonly to: Flow["to"];
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Last port of a range; equal to `port` for one port. */
  readonly toPort: number;
  /** Every purpose declared for the connection, in the order declared. */
  readonly purpose: string;
  /** Names of the security group rules that open it. */
  readonly rules: readonly string[];
}
export type AccessMatrix = readonly AccessMatrixEntry[];

export interface AccessMatrixOptions {
  /** Prefix of the rule names: the name of the network component. */
  readonly network: string;
  readonly clients: readonly ClientNetwork[];
}
