/**
 * Which machine image hosts start from. AWS resolves a parameter when a host starts, so a plan needs no lookup. Use a parameter of
 * your own with a version (`/golden/gpu`, version 7) to decide yourself when an image changes.
 */
export type AmiReference = AmiParameter | AmiId;

export interface AmiParameter {
  /** Name of a Systems Manager parameter that holds an image id. */
  readonly parameter: string;
  /** A version of your own parameter. Public parameters have none. @default the newest when a host starts */
  readonly version?: number;
}

export interface AmiId {
  /** For example `ami-0123456789abcdef0`. */
  readonly imageId: string;
}
