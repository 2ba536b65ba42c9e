import fc from "fast-check";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { yamlText } from "./yaml-text";

describe("yamlText", () => {
  it("writes a nested value the way people write it", () => {
    const text = yamlText({ groups: [{ name: "a", rules: [{ expr: "up == 0", for: "5m" }] }], empty: [], none: {} });
    expect(text).toBe(
      'groups:\n  - name: a\n    rules:\n      - expr: "up == 0"\n        for: "5m"\nempty: []\nnone: {}\n',
    );
  });

  it("is read back unchanged, whatever the texts hold", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("yes", "NULL", "1e3", "- a", "a: b", "0x1", "~", "é\u2028"),
    );
    const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.string({ minLength: 1 }).filter((one) => one !== "__proto__" && one !== "<<");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.dictionary(key, fc.oneof(leaf, tie("tree")), { noNullPrototype: true }),
        fc.array(fc.oneof(leaf, tie("tree"))),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(parse(yamlText({ value }))).toEqual({ value });
      }),
    );
  });
});
