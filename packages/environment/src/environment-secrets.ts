import { HoldfastComponent } from "@holdfast/core";
import * as kms from "@pulumi/aws/kms";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import type * as pulumi from "@pulumi/pulumi";

/** A secret that somebody must provide. */
export interface WantedSecret {
  /** What a person puts into it. */
  readonly content: string;
  /** A secret of yours that holds it already. @default an empty one is made */
  readonly existingArn?: string;
}

export interface EnvironmentSecretsArgs {
  /** Secrets by role, with what a person must put into each. A role with an ARN is yours already and is not made. */
  readonly wanted: Readonly<Record<string, WantedSecret>>;
  /** Put on every resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A secret by reference. */
export interface SecretReference {
  readonly arn: pulumi.Input<string>;
  /** The key it is encrypted with; absent for a secret of yours under the account's own key. */
  readonly keyArn?: pulumi.Input<string>;
}

/**
 * The secrets that an environment needs and that nobody named yet: empty containers under a key of their own, for a person to
 * fill. No value ever passes through the program or its state. Stateful: protected and kept.
 */
export class EnvironmentSecrets extends HoldfastComponent {
  /** ARNs of the secrets that wait for a value, by role. */
  readonly toFill: Readonly<Record<string, pulumi.Output<string>>>;
  /** The key of the secrets made here; absent when none was. */
  readonly keyArn: pulumi.Output<string> | undefined;
  readonly #references: ReadonlyMap<string, SecretReference>;

  constructor(name: string, args: EnvironmentSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("environment:index:EnvironmentSecrets", name, args, opts);
    const missing = Object.values(args.wanted).some(({ existingArn }) => existingArn === undefined);
    const key = missing ? this.#key(args.tags) : undefined;
    const references = new Map<string, SecretReference>();
    const toFill: Record<string, pulumi.Output<string>> = {};
    for (const [role, { content, existingArn }] of Object.entries(args.wanted)) {
      if (existingArn !== undefined || key === undefined) {
        references.set(role, { arn: existingArn ?? "" });
        continue;
      }
      const secret = new secretsmanager.Secret(
        this.childName(role),
        { description: content, kmsKeyId: key.arn, recoveryWindowInDays: 30, tags: args.tags },
        this.stateful(),
      );
      references.set(role, { arn: secret.arn, keyArn: key.arn });
      toFill[role] = secret.arn;
    }
    this.keyArn = key?.arn;
    this.#references = references;
    this.toFill = toFill;
    this.registerOutputs({ toFill });
  }

  /** The secret of a role. */
  reference(role: string): SecretReference {
    const reference = this.#references.get(role);
    if (reference === undefined) throw new RangeError(`no secret has the role "${role}"`);
    return reference;
  }

  #key(tags: Readonly<Record<string, string>>): kms.Key {
    return new kms.Key(
      this.childName("key"),
      { description: "Secrets of the environment", enableKeyRotation: true, deletionWindowInDays: 30, tags },
      this.stateful(),
    );
  }
}
