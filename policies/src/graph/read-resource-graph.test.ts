import { describe, expect, test } from "vitest";
import { secretValue, unknownValue } from "./property-value";
import { readPlan, readPreviewJson, readResourceDocument, readStackExport } from "./read-resource-graph";
import { assetText, fromWire } from "./wire-value";

const signature = "4dabf18193072939515e22adb298388d";
const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const bucket = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b";

/** The form of `pulumi stack export`. */
const exported = {
  version: 3,
  deployment: {
    manifest: { time: "2026-11-20T00:00:00Z" },
    resources: [
      {
        urn: stack,
        custom: false,
        type: "pulumi:pulumi:Stack",
        outputs: { key: { [signature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" } },
      },
      { urn: bucket, custom: true, delete: true, id: "old", type: "aws:s3/bucket:Bucket" },
      {
        urn: bucket,
        custom: true,
        id: "b-1",
        type: "aws:s3/bucket:Bucket",
        inputs: {
          bucket: "b-1",
          key: { [signature]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' },
          policy: null,
        },
        outputs: { arn: "arn:aws:s3:::b-1" },
        parent: stack,
        protect: true,
        retainOnDelete: true,
        provider: "urn:pulumi:dev::shop::pulumi:providers:aws::default::1",
        dependencies: [stack],
        propertyDependencies: { bucket: null, tags: [stack] },
        customTimeouts: { create: 1800, delete: 0 },
        ignoreChanges: ["tags"],
        resourceHooks: { AfterCreate: ["warm"] },
        sourcePosition: "project:///index.ts#4,3",
      },
    ],
  },
};

describe("readStackExport", () => {
  const graph = readStackExport(exported);

  test("what exists now, without what is about to go", () => {
    expect(graph.resources.map(({ urn, id }) => [urn, id])).toEqual([
      [stack, undefined],
      [bucket, "b-1"],
    ]);
    expect(graph.byUrn(bucket)).toEqual({
      urn: bucket,
      type: "aws:s3/bucket:Bucket",
      name: "b",
      parent: stack,
      custom: true,
      inputs: { bucket: "b-1", key: secretValue },
      outputs: { arn: "arn:aws:s3:::b-1" },
      id: "b-1",
      dependencies: [stack],
      propertyDependencies: { bucket: [], tags: [stack] },
      protect: true,
      retainOnDelete: true,
      provider: "urn:pulumi:dev::shop::pulumi:providers:aws::default::1",
      customTimeouts: { create: "1800s" },
      ignoreChanges: ["tags"],
      hooks: { afterCreate: ["warm"] },
      sourcePosition: "project:///index.ts#4,3",
    });
  });

  test("secrets, encrypted or in clear, are not readable", () => {
    expect(JSON.stringify(graph.resources)).not.toMatch(/hunter2|v1:abc/);
  });
});

describe("readPreviewJson", () => {
  const step = (op: string, urn: string, newState?: object, oldState?: object) => ({ op, urn, newState, oldState });

  test("the resources as they will be", () => {
    const graph = readPreviewJson({
      steps: [
        step("create", stack, { urn: stack, custom: false, type: "pulumi:pulumi:Stack" }),
        step("create-replacement", bucket, { urn: bucket, custom: true, inputs: { bucket: unknownValue } }),
        step("replace", bucket, { urn: bucket, custom: true, inputs: { bucket: "final" } }),
        step("delete-replaced", bucket, undefined, { urn: bucket, custom: true, inputs: { bucket: "before" } }),
        step("delete", `${bucket}-gone`, undefined, { urn: `${bucket}-gone`, custom: true }),
        step("same", `${bucket}-same`, undefined, { urn: `${bucket}-same`, custom: true, inputs: { a: "[secret]" } }),
      ],
      changeSummary: { create: 1 },
    });
    expect(graph.resources.map(({ urn }) => urn)).toEqual([stack, bucket, `${bucket}-same`]);
    expect(graph.byUrn(bucket)?.inputs).toEqual({ bucket: "final" });
    expect(graph.byUrn(`${bucket}-same`)?.inputs).toEqual({ a: secretValue });
  });

  test("a preview of an empty program", () => {
    expect(readPreviewJson({ changeSummary: {}, duration: 1 }).resources).toEqual([]);
  });
});

describe("readPlan", () => {
  test("gives back what it was made of", () => {
    const resources = [...readStackExport(exported).resources];
    expect(readPlan(JSON.parse(JSON.stringify({ schemaVersion: 1, resources }))).resources).toEqual(resources);
  });
});

describe("readResourceDocument", () => {
  test("tells the three apart", () => {
    expect(readResourceDocument(exported).kind).toBe("export");
    expect(readResourceDocument({ resources: [] }).kind).toBe("plan");
    expect(readResourceDocument({ steps: [] }).kind).toBe("preview");
  });

  test.each([
    [{}, /expected a plan\.json/],
    [[], /expected a plan\.json/],
    ["text", /expected a plan\.json/],
    [
      { resources: [1, { urn: "x" }] },
      /2 problems\n {2}resources\[0\]: expected an object\n {2}resources\[1\]\.urn: expected a URN .*got "x"/,
    ],
    [
      { resources: [{ urn: bucket, inputs: 3, dependencies: [1] }] },
      /resources\[0\]\.inputs: expected an object\n.*dependencies: expected a list of texts/,
    ],
    [{ resources: [{ urn: bucket }, { urn: bucket }] }, /is there twice/],
    [{ steps: 3, changeSummary: {} }, /steps: expected a list/],
    [{ deployment: { resources: {} } }, /deployment\.resources: expected a list/],
  ])("names every problem of %j", (document, message) => {
    expect(() => readResourceDocument(document)).toThrow(message);
  });
});

test("an asset as the engine keeps it", () => {
  const asset = { [signature]: "c44067f5952c0a294b673a41bacd8c17", __pulumiAsset: true, text: "text" };
  // The hash is what the real engine wrote for the same asset.
  const hash = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1";
  expect(fromWire({ source: asset })).toEqual({ source: { [signature]: asset[signature], text: "text", hash } });
  expect(fromWire({ ...asset, hash: "given" })).toMatchObject({ hash: "given" });
});

test("the text of an asset", () => {
  expect(assetText({ [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "hello" })).toBe("hello");
  expect(assetText({ text: "hello" })).toBeUndefined();
  expect(assetText("hello")).toBeUndefined();
});
