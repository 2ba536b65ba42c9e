import { describe, expect, it } from "vitest";
import { unknownValue, type PropertyValue } from "../graph/property-value";
import { allAddresses, cidrs, without } from "../addresses/address-set";
import { judgePolicy } from "./resource-policy";

const outsiders = without(allAddresses, cidrs("10.0.0.0/8", "198.51.100.0/24"));

function allow(rest: Record<string, PropertyValue>): PropertyValue {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...rest }] };
}
function judge(policy: PropertyValue | undefined): string {
  return judgePolicy(policy, outsiders).state;
}

describe("judgePolicy: open", () => {
  it.each<[string, Record<string, PropertyValue>]>([
    ["a star", { Principal: "*" }],
    ["every account", { Principal: { AWS: "*" } }],
    ["every account among named ones", { Principal: { AWS: ["111122223333", "*"] } }],
    ["everybody but one", { NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } }],
    ["a condition on something else", { Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } }],
    ["an organisation that may be any", { Principal: "*", Condition: { StringLike: { "aws:PrincipalOrgID": "*" } } }],
    ["a role of any account", { Principal: "*", Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:*" } } }],
    [
      "a check that passes where the key is missing",
      { Principal: "*", Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } } },
    ],
    ["a check turned round", { Principal: "*", Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } }],
    [
      "addresses anywhere",
      { Principal: "*", Condition: { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } } },
    ],
    [
      "one list with one wide member",
      { Principal: "*", Condition: { StringEquals: { "aws:PrincipalAccount": ["111122223333", "*"] } } },
    ],
    [
      "an identity provider without a condition",
      { Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.example" } },
    ],
    ["no authentication", { Principal: "*", Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } } }],
  ])("%s", (_, rest) => {
    expect(judge(allow(rest))).toBe("open");
    expect(judge(JSON.stringify(allow(rest)))).toBe("open");
  });

  it("an open statement behind one that cannot be read", () => {
    expect(judge({ Statement: [unknownValue, { Effect: "Allow", Principal: "*", Action: "*" }] })).toBe("open");
  });
});

describe("judgePolicy: closed", () => {
  it.each<[string, Record<string, PropertyValue>]>([
    ["a named account", { Principal: { AWS: "arn:aws:iam::111122223333:root" } }],
    ["a service", { Principal: { Service: "logging.s3.amazonaws.com" } }],
    ["a denial", { Effect: "Deny", Principal: "*" }],
    ["an organisation", { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc" } } }],
    [
      "the resource's own account",
      { Principal: "*", Condition: { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } } },
    ],
    [
      "one endpoint, not known yet",
      { Principal: "*", Condition: { StringEquals: { "aws:SourceVpce": unknownValue } } },
    ],
    [
      "addresses that belong",
      { Principal: "*", Condition: { IpAddress: { "aws:SourceIp": ["10.1.0.0/16", "198.51.100.7/32"] } } },
    ],
    [
      "an identity provider with a condition",
      {
        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/x" },
        Condition: { StringEquals: { "x:sub": "repo:a/b" } },
      },
    ],
  ])("%s", (_, rest) => {
    expect(judge(allow(rest))).toBe("closed");
  });

  it("a principal that is not known yet, where only identities of the program flow in", () => {
    const policy = allow({ Principal: { AWS: [unknownValue] } });
    expect(judgePolicy(policy, outsiders, true).state).toBe("closed");
    expect(judgePolicy(policy, outsiders, false).state).toBe("unknown");
  });

  it("no policy at all", () => {
    expect(judge(undefined)).toBe("closed");
  });

  it("everybody, with a denial for whoever is not in the organisation", () => {
    const statements = [
      { Effect: "Allow", Principal: "*", Action: "s3:GetObject" },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-abc" } },
      },
    ];
    expect(judge({ Statement: statements })).toBe("closed");
    // Narrower than it looks: the denial holds over plain HTTP only.
    const narrow = {
      ...statements[1],
      Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-abc" }, Bool: { "aws:SecureTransport": "false" } },
    };
    expect(judge({ Statement: [...statements.slice(0, 1), narrow] as PropertyValue })).toBe("open");
  });
});

describe("judgePolicy: cannot tell", () => {
  it.each<[string, PropertyValue]>([
    ["an unknown policy", unknownValue],
    ["a secret one", "[secret]"],
    ["no JSON", "{"],
    ["unknown statements", { Statement: unknownValue }],
    ["an unknown statement", { Statement: [unknownValue] }],
    ["an unknown principal", allow({ Principal: unknownValue })],
    ["unknown accounts", allow({ Principal: { AWS: unknownValue } })],
  ])("%s", (_, policy) => {
    expect(judge(policy)).toBe("unknown");
  });
});
