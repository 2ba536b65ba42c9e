import type { CloudResource, PretendCloud } from "../pretend-cloud";
import type { Properties } from "../provider";

/** Ids like `subnet-0123456789abcdef0`. */
const resourceIds = /\b(?:acl|lt|rtb|sg|subnet|vol|vpc|vpce)-0[0-9a-f]{16}\b/g;

/** Types that AWS will not delete while something of these other types still uses them. */
const inUse: Readonly<Record<string, readonly string[]>> = {
  "aws:backup/plan:Plan": ["aws:backup/selection:Selection"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["aws:autoscaling/group:Group"],
  "aws:ec2/routeTable:RouteTable": ["aws:ec2/routeTableAssociation:RouteTableAssociation"],
  "aws:ec2/securityGroup:SecurityGroup": [
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
  "aws:ec2/subnet:Subnet": [
    "aws:autoscaling/group:Group",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:lb/loadBalancer:LoadBalancer",
  ],
  "aws:ec2/vpc:Vpc": [
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
  ],
  "aws:iam/instanceProfile:InstanceProfile": ["aws:autoscaling/group:Group"],
  "aws:iam/role:Role": [
    "aws:iam/instanceProfile:InstanceProfile",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  ],
  "aws:lb/targetGroup:TargetGroup": ["aws:lb/listener:Listener"],
  "aws:s3/bucket:Bucket": ["aws:s3/bucketObjectv2:BucketObjectv2"],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ["aws:servicediscovery/service:Service"],
};

/** Types whose names are taken only once, by the property that holds the name. */
const unique: Readonly<Record<string, string>> = {
  "aws:autoscaling/group:Group": "name",
  "aws:backup/vault:Vault": "name",
  "aws:cloudwatch/logGroup:LogGroup": "name",
  "aws:ec2/launchTemplate:LaunchTemplate": "name",
  "aws:iam/instanceProfile:InstanceProfile": "name",
  "aws:iam/role:Role": "name",
  "aws:lb/loadBalancer:LoadBalancer": "name",
  "aws:lb/targetGroup:TargetGroup": "name",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:secretsmanager/secret:Secret": "name",
  "aws:sns/topic:Topic": "name",
};

/** Why AWS would not make this; `undefined` when it would. */
export function refusedCreation(cloud: PretendCloud, type: string, inputs: Properties): string | undefined {
  const property = unique[type];
  const name = property === undefined ? undefined : inputs[property];
  const twin =
    property === undefined
      ? undefined
      : cloud.resources.find(
          (other) => other.type === type && other.inputs[property] === name && sameRegion(other, inputs),
        );
  if (twin !== undefined) return `AlreadyExists: ${type} ${String(name)} is there already (made for ${twin.urn})`;
  return missingReference(cloud, inputs);
}

/** What these inputs name and the cloud does not hold any more. What it never held is somebody else's: it is taken to be there. */
export function missingReference(cloud: PretendCloud, inputs: Properties): string | undefined {
  const wanted = new Set(JSON.stringify(inputs).match(resourceIds));
  if (wanted.size === 0) return undefined;
  const there = new Set<string>();
  for (const { id, inputs: own, outputs } of cloud.resources) {
    there.add(id);
    for (const [key, value] of Object.entries(outputs))
      if (typeof value === "string" && !(key in own)) there.add(value);
  }
  const missing = [...wanted].find((id) => !there.has(id) && cloud.knows(id));
  return missing === undefined ? undefined : `NotFound: ${missing} does not exist`;
}

/** Why AWS would not delete this; `undefined` when it would. */
export function refusedDeletion(cloud: PretendCloud, { type, id, inputs, outputs }: CloudResource): string | undefined {
  if (inputs.enableDeletionProtection === true) return `OperationNotPermitted: ${id} has deletion protection`;
  if (type === "aws:s3/bucket:Bucket" && inputs.forceDestroy === true) return undefined;
  const users = inUse[type];
  if (users === undefined) return undefined;
  const names = new Set([id, outputs.arn].filter((name) => typeof name === "string"));
  const user = cloud.resources.find((other) => users.includes(other.type) && mentions(other.inputs, names));
  return user === undefined ? undefined : `DependencyViolation: ${id} is still in use by ${user.type} ${user.id}`;
}

function mentions(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value === "string") return names.has(value);
  return typeof value === "object" && value !== null && Object.values(value).some((item) => mentions(item, names));
}

function sameRegion(other: CloudResource, inputs: Properties): boolean {
  return (other.inputs.region ?? undefined) === (inputs.region ?? undefined);
}
