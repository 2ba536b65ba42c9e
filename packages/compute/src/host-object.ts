import type * as s3 from "@pulumi/aws/s3";
import { getVersion } from "@pulumi/aws/utilities";
import * as pulumi from "@pulumi/pulumi";

/**
 * An object in a bucket that nobody reads an output of: to the engine the same as `aws.s3.BucketObjectv2`.
 *
 * That class makes an Output of each of its 34 properties, and an Output is a dozen promises. Half of the resources of an environment are
 * files of hosts, so they were most of the time and memory of a plan. This one has an Output for what is set, and no more.
 */
export class HostObject extends pulumi.CustomResource {
  constructor(name: string, args: s3.BucketObjectv2Args, opts: pulumi.CustomResourceOptions) {
    // The version is the provider's, as its own classes give it: without it the engine would take another default provider.
    super("aws:s3/bucketObjectv2:BucketObjectv2", name, { ...args }, { ...opts, version: getVersion() });
  }
}
