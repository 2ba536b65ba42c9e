import type { Properties } from "../provider";
import type { DeclaredType } from "./declared-type";

/** The longest name that AWS takes, where the general limit is too long. Source: AWS API references, as of 2026-11. */
const longest: Readonly<Record<string, number>> = {
  "aws:iam/instanceProfile:InstanceProfile": 128,
  "aws:iam/role:Role": 64,
  "aws:backup/selection:Selection": 50,
  "aws:backup/plan:Plan": 50,
  "aws:backup/vault:Vault": 50,
  "aws:ec2/launchTemplate:LaunchTemplate": 128,
  "aws:lb/loadBalancer:LoadBalancer": 32,
  "aws:lb/targetGroup:TargetGroup": 32,
  "aws:s3/bucket:Bucket": 63,
};

/** The property that Pulumi fills with a name of its own when the program gives none. */
export function autonamed(type: string, declared: DeclaredType | undefined): string | undefined {
  if (type === "aws:s3/bucket:Bucket") return "bucket";
  const name = declared?.inputs.get("name");
  return name?.required === false && declared?.outputs.get("name")?.optional === false ? "name" : undefined;
}

/** Adds the name that Pulumi makes up (the resource's name and seven random digits); an old one is kept. */
export function withAutoname(
  type: string,
  declared: DeclaredType | undefined,
  resourceName: string,
  olds: Properties,
  news: Properties,
  seed: Buffer,
): Properties {
  const property = autonamed(type, declared);
  if (property === undefined || news[property] !== undefined) return news;
  const random = seed.toString("hex").slice(0, 7).padEnd(7, "0");
  const prefix = news[`${property}Prefix`];
  const limit = longest[type] ?? 255;
  const stem = typeof prefix === "string" ? prefix : `${resourceName}-`;
  const fresh = `${stem.slice(0, limit - random.length)}${random}`;
  const name = wasAutonamed(olds, property)
    ? olds[property]
    : type === "aws:s3/bucket:Bucket"
      ? fresh.toLowerCase()
      : fresh;
  return { ...news, [property]: name, __defaults: [property] };
}

/** Whether the name in these inputs was made up. */
export function wasAutonamed(inputs: Properties, property: string): boolean {
  return (
    Array.isArray(inputs.__defaults) && inputs.__defaults.includes(property) && typeof inputs[property] === "string"
  );
}
