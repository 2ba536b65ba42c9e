import { partitionOf } from "@holdfast/network";
import type { iam } from "@pulumi/aws/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { HostSecret } from "./host-secret";

export interface HostStatementsSpec {
  readonly pool: string;
  readonly region: string;
  readonly bucketArn: pulumi.Input<string>;
  readonly configKeyArn: pulumi.Input<string>;
  readonly logGroupArn: pulumi.Input<string>;
  readonly secrets: readonly HostSecret[];
  readonly images: readonly string[];
  readonly dataVolumeArn?: pulumi.Input<string> | undefined;
}

/** What a host may do: read its own files and secrets, write its own log, answer its own group, be operated by Session Manager. */
export function hostStatements(spec: HostStatementsSpec): iam.PolicyStatement[] {
  const { pool, region, secrets, images } = spec;
  const partition = partitionOf(region);
  const ofPool = { StringEquals: { "aws:ResourceTag/holdfast:pool": pool } };
  // Several files may hold one secret, and most secrets share a key: each is named once, as far as that is known now.
  const secretArns = [...new Set(secrets.map((secret) => secret.arn))];
  const secretKeys = [...new Set(secrets.flatMap((secret) => secret.keyArn ?? []))];
  return [
    {
      Sid: "OwnFiles",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: pulumi.interpolate`${spec.bucketArn}/hosts/${pool}/*`,
    },
    { Sid: "DecryptFiles", Effect: "Allow", Action: "kms:Decrypt", Resource: spec.configKeyArn },
    ...(secretArns.length === 0 ? [] : [allow("OwnSecrets", "secretsmanager:GetSecretValue", secretArns)]),
    ...(secretKeys.length === 0 ? [] : [allow("DecryptSecrets", "kms:Decrypt", secretKeys)]),
    allow(
      "OwnLog",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [pulumi.interpolate`${spec.logGroupArn}:log-stream:*`],
    ),
    {
      Sid: "AnswerOwnGroup",
      Effect: "Allow",
      Action: "autoscaling:CompleteLifecycleAction",
      // The account is left open: a role can act on groups of its own account only, and the tag names the one group.
      Resource: `arn:${partition}:autoscaling:${region}:*:autoScalingGroup:*:autoScalingGroupName/${pool}-group-*`,
      Condition: ofPool,
    },
    // Session Manager's own actions know no resources (service authorization reference, ssm and ssmmessages).
    allow(
      "OperatorSessions",
      [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      ["*"],
    ),
    ...(spec.dataVolumeArn === undefined
      ? []
      : [
          allow("OwnVolume", "ec2:AttachVolume", [spec.dataVolumeArn]),
          {
            ...allow("VolumeToOwnHosts", "ec2:AttachVolume", [`arn:${partition}:ec2:${region}:*:instance/*`]),
            Condition: ofPool,
          },
        ]),
    ...(images.length === 0 ? [] : imagePullStatements(images)),
  ];
}

/** What a host may do to pull images from private ECR repositories, given references such as `<account>.dkr.ecr.<region>.amazonaws.com/vllm@sha256:...`. */
export function imagePullStatements(images: readonly string[]): iam.PolicyStatement[] {
  return [
    // Returns a login for the caller's own permissions; AWS knows no narrower resource.
    allow("RegistryLogin", "ecr:GetAuthorizationToken", ["*"]),
    allow(
      "OwnImages",
      ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
      [...new Set(images.map(repositoryArn))].sort(),
    ),
  ];
}

/** A private ECR image by digest. */
export const privateImage =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9._/-]+)(?::[\w.-]+)?@sha256:[a-f0-9]{64}$/;

function repositoryArn(image: string): string {
  const match = privateImage.exec(image);
  if (!match) throw new RangeError(`not a private ECR image by digest: "${image}"`);
  const [, account = "", region = "", repository = ""] = match;
  return `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${repository}`;
}

function allow(Sid: string, Action: string | string[], Resource: pulumi.Input<string>[]): iam.PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource };
}
