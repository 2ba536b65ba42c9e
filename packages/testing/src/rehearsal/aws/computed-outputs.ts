import type { Properties } from "../provider";
import type { DeclaredType } from "./declared-type";
import { digest, type Identity, type Place } from "./identity";

interface Made extends Identity, Place {
  readonly type: string;
  readonly inputs: Properties;
  readonly defaultTags: Properties;
}

type Compute = (made: Made) => unknown;

const dependentId =
  (prefix: string): Compute =>
  ({ id }) =>
    `${prefix}-0${digest(`${prefix} ${id}`, 16)}`;

/** Outputs whose form matters to a program that goes on with them. */
const byName: Readonly<Record<string, Compute>> = {
  arn: ({ arn }) => arn,
  region: ({ region }) => region,
  ownerId: ({ account }) => account,
  accountId: ({ account }) => account,
  tagsAll: ({ defaultTags, inputs }) => ({ ...defaultTags, ...(inputs.tags as Properties | undefined) }),
  keyId: ({ id }) => id,
  uniqueId: ({ id }) => `AROA${digest(id, 16).toUpperCase()}`,
  createDate: () => "2026-01-01T00:00:00Z",
  arnSuffix: ({ arn }) => arn.split(/:(?:loadbalancer|targetgroup)/)[1]?.replace(/^\//, "") ?? "",
  zoneId: ({ region }) => `Z${digest(region, 13).toUpperCase()}`,
  hostedZone: ({ id }) => `Z${digest(id, 13).toUpperCase()}`,
  hostedZoneId: ({ region }) => `Z${digest(region, 13).toUpperCase()}`,
  dnsName: ({ inputs, arn, region }) =>
    `${textOf(inputs.name)}-${arn.split("/").at(-1) ?? ""}.elb.${region}.amazonaws.com`,
  bucketDomainName: ({ id }) => `${id}.s3.amazonaws.com`,
  bucketRegionalDomainName: ({ id, region }) => `${id}.s3.${region}.amazonaws.com`,
  availabilityZone: ({ region }) => `${region}a`,
  state: () => "available",
  vpcId: dependentId("vpc"),
  defaultSecurityGroupId: dependentId("sg"),
  defaultNetworkAclId: dependentId("acl"),
  defaultRouteTableId: dependentId("rtb"),
  mainRouteTableId: dependentId("rtb"),
  dhcpOptionsId: dependentId("dopt"),
  prefixListId: dependentId("pl"),
  securityGroupRuleId: ({ id }) => id,
  versionId: ({ id }) => digest(id, 32),
  etag: ({ inputs }) => digest(JSON.stringify(inputs.content ?? ""), 32),
  latestVersion: () => 1,
  defaultVersion: () => 1,
};

/** Gives a resource the outputs that its declaration promises and its inputs do not hold. */
export function computedOutputs(declared: DeclaredType | undefined, made: Made): Properties {
  const computed = [...(declared?.outputs ?? [])].flatMap(([property, { optional, type }]) => {
    if (property in made.inputs && property !== "tagsAll") return [];
    const value = byName[property]?.(made) ?? (optional ? undefined : general(property, type, made));
    return value === undefined ? [] : [[property, value] as const];
  });
  return Object.fromEntries(computed);
}

/** Outputs that a plan cannot know yet: those that only the cloud can say. */
export function unknownOutputs(declared: DeclaredType | undefined, inputs: Properties): string[] {
  return [...(declared?.outputs ?? [])].flatMap(([property, { optional }]) =>
    property in inputs || optional ? [] : [property],
  );
}

/** A value of the declared type; a text says in clear what it stands for. */
function general(property: string, type: string, { id }: Made): unknown {
  if (type.endsWith("[]")) return [];
  if (type === "string") {
    if (property.endsWith("Arn")) return `arn:aws:stand-in:::${property}/${digest(id, 8)}`;
    return `stand-in-${property}`;
  }
  if (type === "number") return 0;
  if (type === "boolean") return false;
  return type.startsWith("{") || type.startsWith("outputs.") ? {} : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
