import { expect, it } from "vitest";
import { notKnown } from "./packed-value";
import type { Block, TerraformType } from "./schema";
import { settledState } from "./settled-state";

const attribute = (name: string, type: TerraformType) => ({
  name,
  type,
  required: false,
  optional: true,
  computed: true,
});
const nested = (name: string, block: Block) => ({
  type_name: name,
  block,
  nesting: 3,
});
const block: Block = {
  attributes: [attribute("arn", "string")],
  block_types: [
    nested("rule", {
      attributes: [
        attribute("name", "string"),
        attribute("zone", "string"),
        attribute("days", "number"),
        attribute("on", "bool"),
        attribute("tags", ["map", "string"]),
        attribute("zones", ["set", "string"]),
        attribute("place", ["object", { row: "number", names: ["list", "string"] }]),
      ],
      block_types: [nested("copy", { attributes: [attribute("to", "string")], block_types: [] })],
    }),
  ],
};

it("says nothing where only the cloud could have said something, inside of blocks", () => {
  const open = { zone: notKnown, days: notKnown, on: notKnown, tags: notKnown, zones: notKnown, place: notKnown };
  const state = { arn: notKnown, rule: [{ name: "daily", ...open, copy: [{ to: notKnown }, { to: "there" }] }] };
  expect(settledState(block, state)).toEqual({
    arn: notKnown,
    rule: [
      {
        ...{ name: "daily", zone: "", days: 0, on: false, tags: {}, zones: [], place: { row: 0, names: [] } },
        copy: [{ to: "" }, { to: "there" }],
      },
    ],
  });
});

it("leaves blocks alone of which nothing is known or nothing is there", () => {
  expect(settledState(block, { arn: "arn:1", rule: notKnown })).toEqual({ arn: "arn:1", rule: notKnown });
  expect(settledState(block, { arn: "arn:1", rule: [] })).toEqual({ arn: "arn:1", rule: [] });
  expect(settledState(block, { arn: null, rule: null })).toEqual({ arn: null, rule: null });
});
