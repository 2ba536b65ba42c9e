import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { HostSecret } from "./host-secret";

/** Which secret is behind which file of a pool's hosts. What only the cloud knows, and too much of it for instance tags. */
export interface SecretReferences {
  /** A line per secret: its ARN and the names of its files. */
  readonly text: pulumi.Output<string>;
  /** Of the text, hexadecimal; the launch template names it, so that hosts take no other list and roll when it changes. */
  readonly sha256: pulumi.Output<string>;
}

/** The list that a pool's hosts fetch their secrets by, each secret once, whatever the number of its files. */
export function secretReferences(secrets: readonly HostSecret[]): SecretReferences {
  const text = pulumi
    .all(secrets.map(({ arn }) => arn))
    .apply((arns) => referencesText(secrets.map(({ name }, index) => ({ name, arn: arns[index] ?? "" }))));
  return { text, sha256: text.apply((known) => createHash("sha256").update(known, "utf8").digest("hex")) };
}

/** Pure: the same secrets give the same bytes, in whatever order they come. */
export function referencesText(secrets: readonly { readonly name: string; readonly arn: string }[]): string {
  const names = new Map<string, string[]>();
  for (const { name, arn } of secrets) {
    // The host reads words. An ARN has no white space; anything that has some is none.
    if (!/^\S+$/.test(arn)) throw new RangeError(`the ARN of the secret "${name}" is empty or has white space in it`);
    names.set(arn, [...(names.get(arn) ?? []), name]);
  }
  return [...names]
    .map(([arn, files]) => `${arn} ${files.sort().join(" ")}\n`)
    .sort()
    .join("");
}

/** IAM takes so many characters of inline policies per role, white space not counted (IAM and STS quotas). */
const policyCharacters = 10_240;
/** Kept for everything that a host may do besides reading secrets: a gateway's own statements have about 1,700. */
const otherCharacters = 3000;
/** An ARN that is not known yet: the prefix has 65 characters or fewer, names made here up to 60 more, AWS adds 7. */
const unknownArn = 132;

/** What is wrong with a number of secrets, if anything: a host's role must be able to name each of them. */
export function secretsProblem(secrets: readonly HostSecret[]): string | undefined {
  const different = [...new Set(secrets.map(({ arn }) => arn))];
  const characters = different.reduce(
    (sum, arn) => sum + (typeof arn === "string" ? arn.length : unknownArn) + '"",'.length,
    0,
  );
  if (characters <= policyCharacters - otherCharacters) return undefined;
  return (
    `the role would name ${different.length} different secrets in about ${characters} characters, and IAM takes ${policyCharacters} for the role, ` +
    `${otherCharacters} of them for the rest; let several files share a secret, or spread them over several pools`
  );
}
