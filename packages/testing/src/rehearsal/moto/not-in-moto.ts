/**
 * Types that are never sent to moto, and why. Most of them would not fail there but wait for minutes or for ever. Tried with moto 5.2.1
 * (2026-11-21); a type that it learns can go from here.
 */
const missing: Readonly<Record<string, string>> = {
  "aws:backup/selection:Selection": "moto has no backup selections; the provider repeats the request for minutes",
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": "moto has no restore testing",
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": "moto has no restore testing",
  "aws:s3/bucketLogging:BucketLogging":
    "moto wants to read the log bucket's policy, and ends in an error where a principal is written as *",
  "aws:s3/bucketPolicy:BucketPolicy":
    "moto takes the condition of a Deny that does not hold for one that does: it would refuse every request",
  "aws:fsx/lustreFileSystem:LustreFileSystem": "moto's file system never becomes available",
  "aws:networkfirewall/firewallPolicy:FirewallPolicy": "moto has no firewall policies",
  "aws:networkfirewall/ruleGroup:RuleGroup": "moto has no rule groups",
};

/** Beginnings of types of which moto has nothing. */
const missingKinds: Readonly<Record<string, string>> = {
  "aws:ec2/placementGroup:": "moto has no placement groups",
  "aws:ec2/vpcIpam": "moto has no IPAM",
  "aws:eks/addon:": "moto has no EKS add-ons",
  "aws:eks/accessEntry:": "moto has no EKS access entries",
  "aws:eks/podIdentityAssociation:": "moto has no EKS pod identities",
};

/** Why a type stays with the structural stand-in; `undefined` when moto makes it. */
export function whyNotInMoto(type: string): string | undefined {
  return missing[type] ?? Object.entries(missingKinds).find(([kind]) => type.startsWith(kind))?.[1];
}

/** Operations that moto does not have, asked for in the course of an update that it can do for the rest. */
const missingOperations: Readonly<Record<string, string>> = {
  StartInstanceRefresh: "moto has no instance refresh: the group is changed, its instances are not rolled",
};

/** Why a part of an update is left out; `undefined` when the error is another one. */
export function missingOperation(error: string): string | undefined {
  return Object.entries(missingOperations).find(([name]) => error.includes(`: ${name}, `))?.[1];
}
