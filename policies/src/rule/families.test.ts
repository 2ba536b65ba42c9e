import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { families } from "./families";

const provider = dirname(createRequire(__filename).resolve("@pulumi/aws/package.json"));

/** Every type token of the installed AWS provider. */
const tokens = readdirSync(provider, { recursive: true, encoding: "utf8" })
  .filter((file) => /^[a-z0-9]+[\\/][A-Za-z0-9]+\.js$/.test(file))
  .flatMap((file) => /__pulumiType = '([^']+)'/.exec(readFileSync(join(provider, file), "utf8"))?.[1] ?? []);

const known = new Set(Object.values(families).flatMap((family) => [...family]));

/**
 * Families in which a new token would be a hole: the provider adds tokens for the same cloud resource now and then (BucketV2, the split
 * rule types), and a rule that does not know one is silent about it. What is listed here as harmless has been looked at.
 */
const watched: readonly { readonly pattern: RegExp; readonly harmless: readonly string[] }[] = [
  {
    pattern: /\/[a-zA-Z]*securityGroup[A-Za-z]*:/i,
    harmless: [
      "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
      "aws:ec2/securityGroupAssociation:SecurityGroupAssociation",
      "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",
      "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation",
      "aws:medialive/inputSecurityGroup:InputSecurityGroup",
    ],
  },
  {
    pattern:
      /^aws:(lb|alb|elasticloadbalancingv2|applicationloadbalancing)\/(loadBalancer|listener|listenerRule|targetGroup):/,
    harmless: [],
  },
  { pattern: /^aws:(elb|elasticloadbalancing)\/loadBalancer:/, harmless: [] },
  {
    pattern:
      /^aws:s3\/bucket(V2)?:|^aws:s3\/bucket(Acl|Policy|PublicAccessBlock|Versioning|ServerSideEncryptionConfiguration|LifecycleConfiguration|Logging|ObjectLockConfiguration|ReplicationConfig)(V2)?:/,
    harmless: [],
  },
  {
    pattern:
      /^aws:ec2\/(launchTemplate|launchConfiguration|instance|spotInstanceRequest|eip|eipAssociation|networkAcl|defaultNetworkAcl|networkAclRule|route|routeTable|defaultRouteTable|internetGateway|vpc|defaultVpc|subnet|defaultSubnet):/,
    harmless: [],
  },
  { pattern: /^aws:ec2\/[a-z]*[vV]pcEndpointService(?!PrivateDns)[A-Za-z]*:/, harmless: [] },
  { pattern: /^aws:iam\/[a-zA-Z]*[pP]olicy:/, harmless: ["aws:iam/accountPasswordPolicy:AccountPasswordPolicy"] },
];

describe("type tokens", () => {
  it("reads the provider's tokens", () => {
    expect(tokens.length).toBeGreaterThan(1_500);
  });

  it.each(watched.map(({ pattern, harmless }) => [String(pattern), pattern, harmless] as const))(
    "knows every token like %s",
    (_, pattern, harmless) => {
      const matching = tokens.filter((token) => pattern.test(token));
      expect(matching.length).toBeGreaterThan(0);
      expect(matching.filter((token) => !known.has(token) && !harmless.includes(token))).toEqual([]);
    },
  );

  it("names no AWS type that the provider never had", () => {
    // Old spellings of load balancing that the provider keeps as aliases only.
    const aliases = /^aws:(elasticloadbalancingv2|applicationloadbalancing|elasticloadbalancing)\/|^aws:alb\//;
    expect(
      [...known].filter((token) => token.startsWith("aws:") && !aliases.test(token) && !tokens.includes(token)),
    ).toEqual([]);
  });
});
