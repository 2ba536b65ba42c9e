import type * as pulumi from "@pulumi/pulumi";

/** A secret that a host fetches for itself when it starts. Its value never passes through the program, the state or user data. */
export interface HostSecret {
  /** File name under `/run/holdfast/secrets`. Lower case letters, digits, dots, hyphens. */
  readonly name: string;
  /** ARN of the Secrets Manager secret; its current text version becomes the file's content, with a final newline. */
  readonly arn: pulumi.Input<string>;
  /** Owner and group as `user:group`; the file's mode is 0400. @default "root:root" */
  readonly owner?: string;
  /** ARN of the customer key the secret is encrypted with. @default none: the account's own key for secrets */
  readonly keyArn?: pulumi.Input<string>;
}
