import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unknownValue } from "@holdfast/policies";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, expect, test } from "vitest";
import { planProgram } from "../plan-program";
import { readStackConfig, StackConfigError } from "./read-stack-config";

const root = mkdtempSync(join(tmpdir(), "stack-config-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let count = 0;
function project(files: Record<string, string>): string {
  const folder = join(root, String(count++));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

test("keys, values and secrets as Pulumi hands them to a program", () => {
  const folder = project({
    "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: program/\nstackConfigDir: config\n",
    "config/Pulumi.prod.yaml": `
encryptionsalt: v1:abc
environment: [bank/shared]
config:
  aws:region: eu-central-1
  size: 3
  shop:open: false
  old:config:key: x
  other:list: [1, "2"]
  other:token:
    secure: AAABAE==
  other:nested:
    user: me
    password:
      secure: AAABAE==
`,
  });
  const read = readStackConfig(folder, "prod");
  expect(read).toEqual({
    project: "shop",
    stack: "prod",
    main: join(folder, "program"),
    rootDirectory: folder,
    configFolder: join(folder, "config"),
    config: {
      "aws:region": "eu-central-1",
      "shop:size": "3",
      "shop:open": "false",
      "old:key": "x",
      "other:list": '[1,"2"]',
      "other:token": unknownValue,
      "other:nested": `{"user":"me","password":"${unknownValue}"}`,
    },
    secretKeys: ["other:token", "other:nested"],
    file: join(folder, "config/Pulumi.prod.yaml"),
    environments: ["bank/shared"],
  });
});

test("a program plans with it, and what is encrypted stays a secret", async () => {
  const folder = project({
    "Pulumi.yaml": "name: shop\n",
    "Pulumi.dev.yaml": "config:\n  other:nested:\n    user: me\n    password: { secure: AAABAE== }\n",
  });
  const { config, secretKeys } = readStackConfig(folder, "dev");
  const { stackOutputs } = await planProgram({
    project: "shop",
    stack: "dev",
    config,
    secretKeys,
    program: () => {
      const nested = new pulumi.Config("other").requireSecretObject<{ user: string; password: string }>("nested");
      return { password: nested.password, user: pulumi.unsecret(nested.user) };
    },
  });
  expect(stackOutputs).toEqual({ password: "[secret]", user: "me" });
});

test("defaults of the project, which a stack may override", () => {
  const folder = project({
    "Pulumi.yaml": `
name: shop
config:
  size: { type: integer, default: 1 }
  token: { type: string, secret: true }
  key: { value: x, secret: true }
  aws:region: eu-west-1
  color: blue
`,
    "Pulumi.dev.yaml": "config:\n  shop:color: red\n",
  });
  expect(readStackConfig(folder, "dev")).toMatchObject({
    config: { "shop:size": "1", "shop:key": "x", "aws:region": "eu-west-1", "shop:color": "red" },
    secretKeys: ["shop:key"],
  });
});

test("a stack without a file has no configuration", () => {
  const read = readStackConfig(project({ "Pulumi.yaml": "name: shop\n" }), "new");
  expect(read).toMatchObject({ config: {}, secretKeys: [] });
  expect(read).not.toHaveProperty("file");
});

test("what cannot be read says where", () => {
  const broken = project({ "Pulumi.yaml": "name: shop\n", "Pulumi.dev.yaml": "config:\n  a: [1\n  b: 2\n" });
  expect(() => readStackConfig(broken, "dev")).toThrow(/Pulumi\.dev\.yaml:\d+:\d+: /);
  expect(() => readStackConfig(project({}), "dev")).toThrow(StackConfigError);
  expect(() => readStackConfig(project({ "Pulumi.yaml": "runtime: nodejs\n" }), "dev")).toThrow(/name: missing/);
  expect(() => readStackConfig(project({ "Pulumi.yaml": "- a\n" }), "dev")).toThrow(
    /Pulumi\.yaml:1:1: expected a mapping/,
  );
});

// What `pulumi preview` 3.259.0 handed to a program that prints its configuration.
test("bare numbers as the engine reads them", () => {
  const values =
    "octal: 0777, hex: 0x1F, minus: -0x1F, binary: 0b11, float: 1.50, exponent: 1e3, thousand: 1_000, zeros: 0089";
  const strings = 'time: 10:30, yes: yes, on: on, quoted: "0777", version: 1.2.3, unlikely: 2026-13-01, dashed: 1-2';
  const folder = project({
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "Pulumi.dev.yaml": `config:\n  size: 0777\n  all: { ${values} }\n  texts: { ${strings} }\n`,
  });
  const { config } = readStackConfig(folder, "dev");
  expect(config["shop:size"]).toBe("511");
  expect(JSON.parse(config["shop:all"] ?? "")).toEqual({
    octal: 511,
    hex: 31,
    minus: -31,
    binary: 3,
    float: 1.5,
    exponent: 1000,
    thousand: 1000,
    zeros: 89,
  });
  expect(JSON.parse(config["shop:texts"] ?? "")).toEqual({
    time: "10:30",
    yes: "yes",
    on: "on",
    quoted: "0777",
    version: "1.2.3",
    unlikely: "2026-13-01",
    dashed: "1-2",
  });
});

test("bare dates and infinity are refused, each with its place and what the engine would make of it", () => {
  const folder = project({
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "Pulumi.dev.yaml": `config:
  until: 2026-11-01
  quoted: "2026-11-01"
  nested:
    - at: 2026-11-01T10:00:00.50+01:00
    - 2026-11-01 10:00:00
  2026-11-02: key
  limit: .inf
`,
  });
  const file = join(folder, "Pulumi.dev.yaml");
  const reads = (text: string, moment: string) =>
    `the engine reads the bare date ${text} as the point in time "${moment}"; quote it: "${text}"`;
  let thrown: unknown;
  try {
    readStackConfig(folder, "dev");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StackConfigError);
  expect((thrown as StackConfigError).problems).toEqual([
    `${file}:2:10: ${reads("2026-11-01", "2026-11-01 00:00:00 +0000 UTC")}`,
    `${file}:5:11: ${reads("2026-11-01T10:00:00.50+01:00", "2026-11-01 10:00:00.5 +0100 +0100")}`,
    `${file}:6:7: ${reads("2026-11-01 10:00:00", "2026-11-01 10:00:00 +0000 UTC")}`,
    `${file}:7:3: ${reads("2026-11-02", "2026-11-02 00:00:00 +0000 UTC")}`,
    `${file}:8:10: the engine takes no .inf; give a number, or quote it: ".inf"`,
  ]);
});
