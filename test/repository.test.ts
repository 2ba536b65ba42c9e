import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentJsonSchema, stackJsonSchema } from "@holdfast/environment";
import { planJsonSchema } from "@holdfast/cli";
import { describe, expect, it } from "vitest";
import { root } from "./project-copy";

const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");

describe("the repository", () => {
  it("has at its top level what the design lists, and nothing else", () => {
    const visible = new Set(
      tracked.map((file) => file.split("/")[0]).filter((name) => name?.startsWith(".") === false),
    );
    expect([...visible].sort()).toEqual([
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE",
      "Pulumi.yaml",
      "README.md",
      "docs",
      "package-lock.json",
      "package.json",
      "packages",
      "policies",
      "stacks",
      "test",
      "tsconfig.json",
    ]);
  });

  it("has no folder whose name says nothing", () => {
    expect(tracked.filter((file) => /(^|\/)(utils?|common|helpers?|misc|shared)(\/|\.ts$)/.test(file))).toEqual([]);
  });

  it.each([
    ["packages/environment/environment.schema.json", environmentJsonSchema],
    ["packages/environment/stack.schema.json", stackJsonSchema],
    ["packages/cli/plan.schema.json", planJsonSchema],
  ])("%s is what the code validates with (npm run schemas writes it)", (file, schema) => {
    expect(JSON.parse(readFileSync(join(root, file), "utf8"))).toEqual(JSON.parse(JSON.stringify(schema())));
  });

  it("pins every dependency exactly", () => {
    const manifests = tracked.filter((file) => file.endsWith("package.json") && !file.includes("fixtures"));
    for (const file of manifests) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, file), "utf8")) as Record<
        string,
        Record<string, string> | undefined
      >;
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        expect(version, `${name} in ${file}`).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      }
    }
  });
});
