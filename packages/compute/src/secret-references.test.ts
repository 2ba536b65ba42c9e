import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { HostSecret } from "./host-secret";
import { referencesText, secretsProblem } from "./secret-references";

const arn = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const unknown = () => pulumi.output(new Promise<string>(() => undefined));
const many = (count: number, arnOf: (index: number) => HostSecret["arn"]): HostSecret[] =>
  Array.from({ length: count }, (_, index) => ({ name: `key-${index}`, arn: arnOf(index) }));

describe("referencesText", () => {
  it("has a line per secret, with every file that holds it, in an order of its own", () => {
    const secrets = [
      { name: "b", arn: arn("two") },
      { name: "c", arn: arn("one") },
      { name: "a", arn: arn("two") },
    ];
    const text = `${arn("one")} c\n${arn("two")} a b\n`;
    expect(referencesText(secrets)).toBe(text);
    expect(referencesText([...secrets].reverse())).toBe(text);
  });

  it.each(["", "one two", "one\ntwo"])("refuses what would break out of its line: %j", (bad) => {
    expect(() => referencesText([{ name: "a", arn: bad }])).toThrow('the ARN of the secret "a"');
  });
});

describe("secretsProblem", () => {
  it("leaves room for 45 secrets of which nothing is known, and names what is too many", () => {
    expect(secretsProblem(many(50, unknown))).toBeUndefined();
    expect(secretsProblem(many(60, unknown))).toContain("60 different secrets in about 8100 characters");
  });

  it("counts known ARNs as they are, and one that several files share once", () => {
    expect(secretsProblem(many(85, (index) => arn(`k${index}`)))).toBeUndefined();
    expect(secretsProblem(many(110, (index) => arn(`k${index}`)))).toContain("IAM takes 10240");
    expect(secretsProblem(many(1000, () => arn("one")))).toBeUndefined();
    const one = unknown();
    expect(secretsProblem(many(1000, () => one))).toBeUndefined();
  });
});
