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
