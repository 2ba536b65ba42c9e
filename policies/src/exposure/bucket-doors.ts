import type { PlannedResource } from "../graph/planned-resource";
import type { AddressSet } from "../addresses/address-set";
import { isHidden, isSet, text, texts, truth, type Facts } from "./facts";
import type { Lock } from "./way-graph";
import { policyLock, type ServiceEndpoint } from "./service-doors";
import { tokens } from "./tokens";

/** What other resources say about buckets: for each kind of setting, the holders by the URN of the bucket. */
interface BucketSettings {
  readonly blocks: ReadonlyMap<string, readonly PlannedResource[]>;
  readonly policies: ReadonlyMap<string, readonly PlannedResource[]>;
  readonly lists: ReadonlyMap<string, readonly PlannedResource[]>;
  /** The account-wide block is on: assumed, or made by the program. */
  readonly accountBlock: boolean;
}

/** Every bucket with its public access block, policy and access list. */
export function bucketEndpoints(facts: Facts, outsiders: AddressSet, accountBlockAssumed: boolean): ServiceEndpoint[] {
  const account = facts.of(["aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"]);
  const settings: BucketSettings = {
    blocks: byBucket(facts, ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"]),
    policies: byBucket(facts, ["aws:s3/bucketPolicy:BucketPolicy"]),
    lists: byBucket(facts, ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"]),
    accountBlock:
      accountBlockAssumed || account.some((one) => blockFlags.every((flag) => truth(one.inputs, flag) === true)),
  };
  const buckets = facts
    .of(tokens.bucket)
    .map((bucket) => ({ resource: bucket, kind: "bucket", locks: bucketLocks(bucket, facts, outsiders, settings) }));
  // A setting of a bucket that is not in the program is a door by itself.
  const orphans = [
    ...(settings.policies.get("") ?? []),
    ...(settings.lists.get("") ?? []),
    ...(settings.blocks.get("") ?? []),
  ].map((holder) => ({
    resource: holder,
    kind: "bucket",
    locks: isSet(holder.inputs, "policy")
      ? [policyLock(holder, "policy", facts, outsiders)]
      : isSet(holder.inputs, "blockPublicAcls")
        ? [blockLock(holder, facts)]
        : [accessListLock(holder, facts, false)],
  }));
  return [...buckets, ...orphans];
}

const blockFlags = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"] as const;
const publicAcls: ReadonlySet<string> = new Set(["public-read", "public-read-write", "authenticated-read", "website"]);
const publicGroups = [
  "http://acs.amazonaws.com/groups/global/AllUsers",
  "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
];

interface BucketBlock {
  /** AWS refuses a public policy, or ignores it. */
  readonly policies: boolean;
  /** AWS refuses a public access list, or ignores it. */
  readonly lists: boolean;
  readonly locks: Lock[];
}

function bucketLocks(bucket: PlannedResource, facts: Facts, outsiders: AddressSet, settings: BucketSettings): Lock[] {
  const block = publicAccessBlock(settings.blocks.get(bucket.urn) ?? [], facts, settings.accountBlock);
  const policies = [
    ...(isSet(bucket.inputs, "policy") ? [{ holder: bucket }] : []),
    ...(settings.policies.get(bucket.urn) ?? []).map((holder) => ({ holder })),
  ].map(({ holder }): Lock => {
    const lock = policyLock(holder, "policy", facts, outsiders);
    // What cannot be read yet cannot be public either where AWS refuses public policies.
    return lock.state === "unknown" && block.policies
      ? {
          state: "closed",
          hop: `${facts.name(holder)}: not readable yet, and the public access block refuses a public policy`,
        }
      : lock;
  });
  const lists = [
    ...(isSet(bucket.inputs, "acl") || isSet(bucket.inputs, "grants") ? [bucket] : []),
    ...(settings.lists.get(bucket.urn) ?? []),
  ].map((holder) => accessListLock(holder, facts, block.lists));
  const locks = [...block.locks, ...policies, ...lists];
  return locks.length > 0
    ? locks
    : [{ state: "closed", hop: `nothing grants anybody access to ${facts.name(bucket)}` }];
}

/** An explicit "off" is a lock left open; without any block the default of new buckets holds, unless something grants access. */
function publicAccessBlock(found: readonly PlannedResource[], facts: Facts, everywhere: boolean): BucketBlock {
  if (found.length === 0)
    return {
      policies: everywhere,
      lists: everywhere,
      locks: everywhere ? [{ state: "closed", hop: "the account's public access block is on" }] : [],
    };
  const all = (flag: (typeof blockFlags)[number]): boolean => found.every((one) => truth(one.inputs, flag) === true);
  return {
    policies: everywhere || all("blockPublicPolicy") || all("restrictPublicBuckets"),
    lists: everywhere || all("blockPublicAcls") || all("ignorePublicAcls"),
    locks: found.map((one) => blockLock(one, facts)),
  };
}

function blockLock(one: PlannedResource, facts: Facts): Lock {
  const off = blockFlags.filter((flag) => truth(one.inputs, flag) === false);
  const unknown = blockFlags.find((flag) => truth(one.inputs, flag) === "unknown");
  if (off.length > 0) return { state: "open", hop: `${facts.name(one)} turns off ${off.join(", ")}` };
  if (unknown !== undefined) return { state: "unknown", hop: facts.unknownText(one, unknown) };
  const missing = blockFlags.filter((flag) => truth(one.inputs, flag) === undefined);
  return missing.length > 0
    ? { state: "open", hop: `${facts.name(one)} leaves out ${missing.join(", ")}, which then are off` }
    : { state: "closed", hop: `${facts.name(one)} blocks public access` };
}

function accessListLock(holder: PlannedResource, facts: Facts, blocked: boolean): Lock {
  const acl = text(holder.inputs, "acl");
  if (acl !== undefined && publicAcls.has(acl))
    return { state: "open", hop: `${facts.name(holder)} sets the access list "${acl}"` };
  const grants = ["grants", "accessControlPolicy"].flatMap((key) => texts(holder.inputs, key));
  const group = grants.find((one) => publicGroups.includes(one));
  if (group !== undefined)
    return { state: "open", hop: `${facts.name(holder)} grants access to ${group.split("/").at(-1) ?? group}` };
  const hidden = ["acl", "accessControlPolicy"].find((key) => isHidden(holder.inputs, key));
  if (hidden === undefined || blocked)
    return { state: "closed", hop: `${facts.name(holder)} grants nothing to everybody` };
  return { state: "unknown", hop: facts.unknownText(holder, hidden) };
}

/** Settings by the URN of their bucket; under "" those of buckets outside the program. */
function byBucket(facts: Facts, types: readonly string[]): Map<string, PlannedResource[]> {
  const index = new Map<string, PlannedResource[]>();
  for (const holder of facts.of(types)) {
    const buckets = facts.join(holder, "bucket", tokens.bucket).resources.map(({ urn }) => urn);
    for (const urn of buckets.length > 0 ? buckets : [""]) index.set(urn, [...(index.get(urn) ?? []), holder]);
  }
  return index;
}
