import { z } from "zod";

/**
 * Which machine image hosts start from. AWS resolves a parameter when a host starts, so a plan needs no lookup. Use a parameter of
 * your own with a version (`/golden/gpu`, version 7) to decide yourself when an image changes.
 *
 * An image must bring cloud-init, systemd, bash, curl, the AWS CLI version 2 and the Systems Manager software, and whatever the
 * services need (a container runtime, HAProxy): nothing is installed from outside when a host starts.
 */
export type AmiReference = AmiParameter | AmiId;

export interface AmiParameter {
  /** Name of a Systems Manager parameter that holds an image id. */
  readonly parameter: string;
  /** A version of your own parameter. Public parameters have none. @default the newest when a host starts */
  readonly version?: number | undefined;
  /** Device name of the image's root volume. @default "/dev/xvda" (Amazon Linux); Ubuntu and Debian have "/dev/sda1" and "/dev/xvda" */
  readonly rootDevice?: string | undefined;
}

export interface AmiId {
  /** For example `ami-0123456789abcdef0`. */
  readonly imageId: string;
  /** Device name of the image's root volume. @default "/dev/xvda" */
  readonly rootDevice?: string | undefined;
}

const rootDevice = z
  .string()
  .regex(/^\/dev\/[a-z0-9]+$/, { error: "must be a device name such as /dev/xvda" })
  .optional();

export const amiReferenceSchema = z.union([
  z.strictObject({
    parameter: z.string().regex(/^\/[A-Za-z0-9_.\-/]+$/, {
      error: "must be the path of a Systems Manager parameter, such as /golden/gpu",
    }),
    version: z.int().min(1).optional(),
    rootDevice,
  }),
  z.strictObject({
    imageId: z.string().regex(/^ami-[0-9a-f]{8,17}$/, { error: "must be an image id such as ami-0123456789abcdef0" }),
    rootDevice,
  }),
]);

/** Public images of AWS by parameter. They follow AWS's newest: for a fleet under change control use a parameter of your own. */
export const publicImages = {
  /** Amazon Linux 2023 (x86_64). */
  amazonLinux2023: { parameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
  /** Deep Learning Base AMI: Amazon Linux 2023 with NVIDIA driver, container runtime and toolkit (x86_64). */
  gpuAmazonLinux2023: {
    parameter: "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id",
  },
} as const satisfies Record<string, AmiReference>;

/** The launch template's `imageId` for a reference. */
export function imageIdOf(image: AmiReference): string {
  if ("imageId" in image) return image.imageId;
  return `resolve:ssm:${image.parameter}${image.version === undefined ? "" : `:${image.version}`}`;
}
