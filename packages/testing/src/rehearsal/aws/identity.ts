import { createHash, randomBytes } from "node:crypto";
import type { Properties, Subject } from "../provider";

/** Where the stand-in pretends to be. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The provider's id of a resource and its name in AWS (ARN), in the form that AWS gives them. */
export interface Identity {
  readonly id: string;
  readonly arn: string;
}

type Maker = (given: Given) => { id: string; arn?: string };

interface Given extends Place {
  readonly inputs: Properties;
  /** A new random hexadecimal text. */
  readonly hex: (length: number) => string;
  readonly text: (property: string) => string;
}

/** Ids like `vpc-0a1b...` of Amazon EC2. */
const ec2 =
  (prefix: string, resource: string): Maker =>
  ({ hex, region, account }) => {
    const id = `${prefix}-0${hex(16)}`;
    return { id, arn: `arn:aws:ec2:${region}:${account}:${resource}/${id}` };
  };

/** The id is the value of one property. */
const named =
  (property: string, arn?: (given: Given, name: string) => string): Maker =>
  (given) => {
    const id = given.text(property);
    return { id, ...(arn === undefined ? {} : { arn: arn(given, id) }) };
  };

/** The id is the ARN. */
const byArn =
  (arn: (given: Given) => string): Maker =>
  (given) => {
    const id = arn(given);
    return { id, arn: id };
  };

const regional =
  (service: string, resource: string) =>
  ({ region, account }: Given, name: string): string =>
    `arn:aws:${service}:${region}:${account}:${resource}${name}`;

const uuid = ({ hex }: Given): string => [8, 4, 4, 4, 12].map((length) => hex(length)).join("-");

/** How AWS and its provider identify what our environments use; other types get an id of a general form. */
const makers: Readonly<Record<string, Maker>> = {
  "aws:autoscaling/group:Group": named(
    "name",
    ({ region, account, hex }, name) =>
      `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${hex(8)}:autoScalingGroupName/${name}`,
  ),
  "aws:autoscaling/lifecycleHook:LifecycleHook": named("name"),
  "aws:backup/plan:Plan": (given) => {
    const id = uuid(given);
    return { id, arn: regional("backup", "backup-plan:")(given, id) };
  },
  "aws:backup/selection:Selection": (given) => ({ id: uuid(given) }),
  "aws:backup/vault:Vault": named("name", regional("backup", "backup-vault:")),
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": named("backupVaultName"),
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": named("name", regional("backup", "restore-testing-plan:")),
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": ({ text }) => ({
    id: `${text("name")}:${text("restoreTestingPlanName")}`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": named("name", regional("logs", "log-group:")),
  "aws:ebs/volume:Volume": ec2("vol", "volume"),
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": named("defaultNetworkAclId"),
  "aws:ec2/defaultRouteTable:DefaultRouteTable": named("defaultRouteTableId"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log"),
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
  "aws:ec2/launchTemplate:LaunchTemplate": ec2("lt", "launch-template"),
  "aws:ec2/natGateway:NatGateway": ec2("nat", "natgateway"),
  "aws:ec2/networkAcl:NetworkAcl": ec2("acl", "network-acl"),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2("rtbassoc", "route-table-association"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet"),
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint"),
  "aws:iam/instanceProfile:InstanceProfile": named(
    "name",
    ({ account }, name) => `arn:aws:iam::${account}:instance-profile/${name}`,
  ),
  "aws:iam/role:Role": named("name", ({ account }, name) => `arn:aws:iam::${account}:role/${name}`),
  "aws:iam/rolePolicy:RolePolicy": ({ text }) => ({ id: `${text("role")}:${text("name")}` }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ({ text }) => ({ id: `${text("role")}/${text("policyArn")}` }),
  "aws:kms/grant:Grant": ({ text, hex }) => ({ id: `${text("keyId")}:${hex(64)}` }),
  "aws:kms/key:Key": (given) => {
    const id = uuid(given);
    return { id, arn: regional("kms", "key/")(given, id) };
  },
  "aws:kms/keyPolicy:KeyPolicy": named("keyId"),
  "aws:lb/listener:Listener": byArn(
    ({ text, hex }) => `${text("loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${hex(16)}`,
  ),
  "aws:lb/loadBalancer:LoadBalancer": byArn((given) => {
    const kind = given.text("loadBalancerType") === "network" ? "net" : "app";
    return regional("elasticloadbalancing", `loadbalancer/${kind}/`)(given, `${given.text("name")}/${given.hex(16)}`);
  }),
  "aws:lb/targetGroup:TargetGroup": byArn((given) =>
    regional("elasticloadbalancing", "targetgroup/")(given, `${given.text("name")}/${given.hex(16)}`),
  ),
  "aws:s3/bucket:Bucket": named("bucket", (_given, name) => `arn:aws:s3:::${name}`),
  "aws:s3/bucketObjectv2:BucketObjectv2": ({ text }) => ({
    id: `${text("bucket")}/${text("key")}`,
    arn: `arn:aws:s3:::${text("bucket")}/${text("key")}`,
  }),
  "aws:secretsmanager/secret:Secret": byArn((given) =>
    regional("secretsmanager", "secret:")(given, `${given.text("name")}-${given.hex(6)}`),
  ),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (given) => {
    const id = `ns-${given.hex(16)}`;
    return { id, arn: regional("servicediscovery", "namespace/")(given, id) };
  },
  "aws:servicediscovery/service:Service": (given) => {
    const id = `srv-${given.hex(16)}`;
    return { id, arn: regional("servicediscovery", "service/")(given, id) };
  },
  "aws:sns/topic:Topic": byArn((given) => regional("sns", "")(given, given.text("name"))),
  "aws:sns/topicSubscription:TopicSubscription": byArn((given) => `${given.text("topic")}:${uuid(given)}`),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("sgr", "security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule"),
};

/** Whether the form of ids of this type is AWS's own, not the general one. */
export function knowsIdentityOf(type: string): boolean {
  return type in makers || isBucketSetting(type);
}

/** The identity of a new resource. */
export function identify({ type }: Subject, inputs: Properties, place: Place): Identity {
  const given: Given = {
    ...place,
    region: typeof inputs.region === "string" ? inputs.region : place.region,
    inputs,
    hex: (length) => randomBytes(length).toString("hex").slice(0, length),
    text: (property) => (typeof inputs[property] === "string" ? inputs[property] : ""),
  };
  const make = makers[type] ?? (isBucketSetting(type) ? named("bucket") : general(type));
  const { id, arn } = make(given);
  return { id, arn: arn ?? general(type)(given).arn ?? "" };
}

/** What the ids of a type are unique in. */
export function scopeOf(type: string, state: Properties, place: Place): string {
  const region = typeof state.region === "string" ? state.region : place.region;
  return type === "aws:autoscaling/lifecycleHook:LifecycleHook" && typeof state.autoscalingGroupName === "string"
    ? `${region}/${state.autoscalingGroupName}`
    : region;
}

/** The parts of a bucket's configuration have the bucket's name as their id. */
function isBucketSetting(type: string): boolean {
  return type.startsWith("aws:s3/bucket") && !type.startsWith("aws:s3/bucketObject");
}

function general(type: string): Maker {
  const [, path = "", name = ""] = type.split(":");
  const service = path.split("/")[0] ?? "";
  const resource = name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  return ({ region, account, hex }) => {
    const id = `${resource}-0${hex(16)}`;
    return { id, arn: `arn:aws:${service}:${region}:${account}:${resource}/${id}` };
  };
}

/** A short text that is always the same for the same words. */
export function digest(words: string, length: number): string {
  return createHash("sha256").update(words).digest("hex").slice(0, length);
}
