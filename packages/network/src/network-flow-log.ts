import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { logsKeyPolicy, trustService } from "./policy-documents";

export interface NetworkFlowLog {
  readonly vpcId: pulumi.Output<string>;
  readonly account: pulumi.Output<string>;
  readonly region: string;
  readonly retentionDays: number;
  readonly aggregationSeconds: 60 | 600;
  readonly protect: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Who talked to whom through what, whether it was let through and whether the wire was encrypted (`encryption-status`). */
const recordFields = [
  "version",
  "account-id",
  "interface-id",
  "srcaddr",
  "dstaddr",
  "srcport",
  "dstport",
  "protocol",
  "packets",
  "bytes",
  "start",
  "end",
  "action",
  "log-status",
  "vpc-id",
  "subnet-id",
  "az-id",
  "pkt-srcaddr",
  "pkt-dstaddr",
  "flow-direction",
  "traffic-path",
  "encryption-status",
];

/** Flow logs of the whole VPC into a log group that only the account's own key opens. */
export function networkFlowLog(parent: pulumi.Resource, name: string, log: NetworkFlowLog): void {
  const { protect, tags } = log;
  const stateful = { parent, protect, retainOnDelete: protect };
  const key = new kms.Key(
    `${name}-logs-key`,
    {
      description: "Flow logs of the private network",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: log.account.apply((id) => logsKeyPolicy(id, log.region)),
      tags: { ...tags, Name: `${name}-logs-key` },
    },
    stateful,
  );
  const group = new cloudwatch.LogGroup(
    `${name}-flow-log-group`,
    { kmsKeyId: key.arn, retentionInDays: log.retentionDays, tags: { ...tags, Name: `${name}-flow-log-group` } },
    stateful,
  );
  const role = new iam.Role(
    `${name}-flow-log-role`,
    { assumeRolePolicy: trustService("vpc-flow-logs.amazonaws.com"), tags: { ...tags, Name: `${name}-flow-log-role` } },
    { parent },
  );
  const delivery = new iam.RolePolicy(
    `${name}-flow-log-delivery`,
    {
      role: role.id,
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            Resource: [group.arn, pulumi.interpolate`${group.arn}:log-stream:*`],
          },
        ],
      },
    },
    { parent },
  );
  new ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId: log.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: log.aggregationSeconds,
      logFormat: recordFields.map((field) => `\${${field}}`).join(" "),
      tags: { ...tags, Name: `${name}-flow-log` },
    },
    { parent, dependsOn: [delivery] },
  );
}
