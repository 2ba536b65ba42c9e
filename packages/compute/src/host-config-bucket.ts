import { HoldfastComponent } from "@holdfast/core";
import type * as pulumi from "@pulumi/pulumi";

export interface HostConfigBucketArgs {
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether the bucket and its key are protected from deletion. @default true */
  readonly protect?: boolean;
}

/** PLACEHOLDER body: the signature other packages build on. */
export class HostConfigBucket extends HoldfastComponent {
  declare readonly bucketName: pulumi.Output<string>;
  declare readonly bucketArn: pulumi.Output<string>;
  /** The key that encrypts the files, the hosts' volumes and their logs. */
  declare readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: HostConfigBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("compute:index:HostConfigBucket", name, args, opts);
  }
}
