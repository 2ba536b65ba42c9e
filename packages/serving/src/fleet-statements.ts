import { partitionOf } from "@holdfast/network";
import type * as inputs from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";

export interface FleetStatementFacts {
  /** The Cloud Map service that the fleet's hosts register in. */
  readonly serviceArn: pulumi.Input<string>;
  /** Name whose records the hosts may change. */
  readonly dnsName: string;
  readonly region: string;
}

/** What a fleet's host may do besides reading its model: put itself into one DNS name and out of it. */
export function fleetStatements({ serviceArn, dnsName, region }: FleetStatementFacts): inputs.iam.PolicyStatement[] {
  return [
    {
      Sid: "EnterAndLeave",
      Effect: "Allow",
      Action: [
        "servicediscovery:RegisterInstance",
        "servicediscovery:DeregisterInstance",
        "servicediscovery:ListInstances",
      ],
      Resource: serviceArn,
    },
    // Neither call takes a resource.
    {
      Sid: "WatchOperations",
      Effect: "Allow",
      Action: ["servicediscovery:GetOperation", "autoscaling:DescribeAutoScalingInstances"],
      Resource: "*",
    },
    {
      // Cloud Map changes the record with the caller's own rights. The zone's id is not known before it exists; the name is.
      Sid: "ChangeOwnRecord",
      Effect: "Allow",
      Action: "route53:ChangeResourceRecordSets",
      Resource: `arn:${partitionOf(region)}:route53:::hostedzone/*`,
      Condition: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [dnsName],
          "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
        },
      },
    },
    {
      Sid: "FindZone",
      Effect: "Allow",
      Action: ["route53:GetHostedZone", "route53:ListHostedZonesByName"],
      Resource: "*",
    },
  ];
}
