import { unknownValue } from "@holdfast/policies";
import { describe, expect, it } from "vitest";
import type { DeclaredType } from "../aws/declared-type";
import { fromTerraform } from "./from-terraform";
import { notKnown } from "./packed-value";
import { proposedState } from "./proposed-state";
import type { Block } from "./schema";

const output = (type: string) => ({ optional: true, type });
const declared: DeclaredType = {
  inputs: new Map(),
  outputs: new Map([
    ["vpcId", output("string")],
    ["versioning", output("outputs.s3.Versioning")],
    ["rules", output("outputs.s3.Rule[]")],
    ["policies", output("string[]")],
    ["tags", output("{ [key: string]: string; }")],
    ["size", output("number")],
    ["locked", output("boolean")],
    ["nothing", output("string")],
  ]),
};
const shapes = (name: string) =>
  name === "outputs.s3.Versioning"
    ? new Map([["mfaDelete", "boolean"]])
    : name === "outputs.s3.Rule"
      ? new Map([["keyIds", "string[]"]])
      : undefined;

describe("a provider's state in Pulumi's names", () => {
  it("follows the declared types: names, lists of one, numbers and truth values", () => {
    const state = {
      vpc_id: "vpc-1",
      versioning: [{ mfa_delete: "true" }],
      rule: [{ key_id: ["a"] }, { key_id: null }],
      policy: ["p"],
      tags: { team: "x", gone: null },
      size: "3",
      locked: "false",
      nothing: null,
      not_declared: "left out",
    };
    expect(fromTerraform(state, declared, shapes)).toEqual({
      vpcId: "vpc-1",
      versioning: { mfaDelete: true },
      rules: [{ keyIds: ["a"] }, {}],
      policies: ["p"],
      tags: { team: "x" },
      size: 3,
      locked: false,
    });
  });

  it("keeps what is not known yet as unknown, at any depth", () => {
    expect(fromTerraform({ vpc_id: notKnown, rule: [{ key_id: notKnown }] }, declared, shapes)).toEqual({
      vpcId: unknownValue,
      rules: [{ keyIds: unknownValue }],
    });
  });
});

describe("the state that is proposed for planning", () => {
  const attribute = (name: string, computed: boolean) => ({
    name,
    type: "string",
    required: false,
    optional: true,
    computed,
  });
  const inner: Block = { attributes: [attribute("port", false), attribute("rule_id", true)], block_types: [] };
  const block = (nesting: number): Block => ({
    attributes: [attribute("name", false), attribute("arn", true)],
    block_types: [{ type_name: "rule", block: inner, nesting }],
  });
  const prior = {
    name: "old",
    arn: "arn:1",
    rule: [
      { port: 1, rule_id: "r1" },
      { port: 2, rule_id: "r2" },
    ],
  };

  it("is what is configured, and where nothing is, what was computed before", () => {
    const config = { name: null, arn: null, rule: [] };
    expect(proposedState(block(2), prior, config)).toEqual({ name: null, arn: "arn:1", rule: [] });
    expect(proposedState(block(2), null, { ...config, name: "new" })).toEqual({ name: "new", arn: null, rule: [] });
  });

  it("matches the blocks of a list by place, those of a set by content", () => {
    const config = { name: "old", arn: null, rule: [{ port: 2, rule_id: null }] };
    expect(proposedState(block(2), prior, config).rule).toEqual([{ port: 2, rule_id: "r1" }]);
    expect(proposedState(block(3), prior, config).rule).toEqual([{ port: 2, rule_id: "r2" }]);
  });
});
