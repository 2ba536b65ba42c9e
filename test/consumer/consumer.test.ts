import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlanDocument } from "@holdfast/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realEngine } from "../rehearsal/real-engine";
import { CompanyProject, type PackedPackage } from "./company-project";
import { declarationsFrom, packagesIn } from "./package-contents";
import { packagesWithoutReadme, readmeExamples, type ReadmeExample } from "./readme-examples";
import { createdResources, type RehearsalReport } from "./rehearsal-report";

const project = new CompanyProject();
const program = (name: string) => join(__dirname, "program", name);
const examples = readmeExamples();
let packages: readonly PackedPackage[] = [];
let unreachable = "";
let refused: readonly string[] = [];

/** Settings as a company has them. */
const settings = (change: Readonly<Record<string, unknown>>, files: readonly string[]) =>
  JSON.stringify({
    compilerOptions: {
      target: "es2022",
      lib: ["es2022"],
      module: "node16",
      moduleResolution: "node16",
      strict: true,
      esModuleInterop: true,
      rootDir: ".",
      outDir: "build",
      types: ["node"],
      skipLibCheck: true,
      ...change,
    },
    files,
  });

const exampleFile = ({ name, waits }: ReadmeExample) => `readme/${name}.${waits ? "mts" : "ts"}`;

/**
 * The company's program as CommonJS and as an ES module, and the READMEs' examples, in one run of the compiler: most of its time goes into
 * the declarations that all of them use. Every declaration of ours is looked at. The answer is what it says of each file.
 */
async function compileAll(): Promise<readonly string[]> {
  project.copy(program("index.ts"), "index.ts");
  project.copy(program("index.ts"), "esm/index.ts");
  for (const folder of ["esm", "build/esm"])
    project.write(
      `${folder}/package.json`,
      JSON.stringify({ name: "bank-platform-esm", private: true, type: "module" }),
    );
  for (const example of examples) project.write(exampleFile(example), example.text);
  project.copy(program("prelude.ts"), "readme/prelude.ts");
  project.copy(program("plan-examples.mts"), "plan-examples.mts");
  // A test runner is the reader's own.
  project.write("vitest.d.ts", 'declare module "vitest" { export const test: any; export const expect: any; }\n');
  const files = ["vitest.d.ts", "index.ts", "esm/index.ts", "plan-examples.mts", "readme/prelude.ts"];
  project.write("tsconfig.json", settings({ skipLibCheck: false }, [...files, ...examples.map(exampleFile)]));
  const { code, out, err } = await project.compile("tsconfig.json");
  if (err !== "" || (code === 0) !== (out === "")) throw new Error(`tsc ended with ${code}:\n${out}\n${err}`);
  return out.split("\n").filter((line) => line !== "");
}

beforeAll(async () => {
  packages = await project.pack();
  const { code, err } = await project.install(packages, {
    "@pulumi/aws": "7.48.0",
    "@pulumi/pulumi": "3.270.0",
    "@types/node": "24.19.2",
  });
  if (code === 0) refused = await compileAll();
  else if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network/i.test(err))
    unreachable = "the npm registry cannot be reached";
  else throw new Error(`npm install failed:\n${err}`);
}, 480_000);
afterAll(() => {
  project.remove();
});

describe("the packed packages", () => {
  it("hold compiled code, declarations, a README and the licence, and nothing of sources or tests", () => {
    expect(packagesWithoutReadme()).toEqual([]);
    expect(packages).toHaveLength(13);
    for (const { name, files } of packages) {
      const paths = files.map(({ path }) => path);
      expect(paths, name).toEqual(
        expect.arrayContaining(["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"]),
      );
      const code = paths.filter((path) => path.startsWith("dist/"));
      expect(
        code.filter((path) => !/\.(js|d\.ts)$/.test(path)),
        name,
      ).toEqual([]);
      expect(
        paths.filter((path) => /(^|\/)(src|fixtures?|tests?)\/|\.(test|bench|map)\.|\.map$|examples\./.test(path)),
        name,
      ).toEqual([]);
      const scripts = code.filter((path) => path.endsWith(".js")).map((path) => path.replace(/\.js$/, ""));
      const declared = new Set(
        code.filter((path) => path.endsWith(".d.ts")).map((path) => path.replace(/\.d\.ts$/, "")),
      );
      expect(
        scripts.filter((path) => !declared.has(path)),
        name,
      ).toEqual([]);
    }
  });

  it("stay small: a package that doubles in size shows here", () => {
    const kib = Object.fromEntries(packages.map(({ name, size }) => [name, Math.round(size / 1024)]));
    console.log(`packed, KiB: ${JSON.stringify(kib)}`);
    for (const [name, size] of Object.entries(kib)) expect(size, name).toBeLessThan(400);
  });

  it("name everything that they load", (ctx) => {
    if (unreachable !== "") ctx.skip(unreachable);
    for (const { name, files } of packages) {
      const folder = join(project.folder, "node_modules", name);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        readonly dependencies?: object;
        readonly peerDependencies?: object;
      };
      const known = new Set([name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })]);
      const scripts = files.map(({ path }) => path).filter((path) => /^dist\/.*\.js$/.test(path));
      const loaded = [...scripts, ...declarationsFrom(folder, "dist/index.d.ts")].flatMap((path) =>
        packagesIn(readFileSync(join(folder, path), "utf8"), path),
      );
      expect([...new Set(loaded.filter((one) => !known.has(one)))], name).toEqual([]);
    }
  });

  it("share the company's one Pulumi SDK and AWS provider", async (ctx) => {
    if (unreachable !== "") ctx.skip(unreachable);
    const { out } = await project.run("npm", "ls", "@pulumi/pulumi", "@pulumi/aws", "--all", "--parseable");
    expect([...new Set(out.trim().split("\n"))].map((path) => path.split("/node_modules/").slice(1))).toEqual(
      expect.arrayContaining([["@pulumi/aws"], ["@pulumi/pulumi"]]),
    );
    expect(new Set(out.trim().split("\n")).size).toBe(2);
  });
});

describe("a company's program", () => {
  it("type-checks as CommonJS and as an ES module, with the resolutions of Node and of bundlers", async (ctx) => {
    if (unreachable !== "") ctx.skip(unreachable);
    expect(refused.filter((line) => !line.startsWith("readme/"))).toEqual([]);
    // The declarations are looked at: what they do not allow is refused, and nothing else is.
    const wrong = readFileSync(program("index.ts"), "utf8").replace("promptTokens: 1000", "promptToken: 1000");
    project.write("wrong.ts", wrong);
    project.write(
      "tsconfig.bundler.json",
      settings({ module: "esnext", moduleResolution: "bundler", noEmit: true }, ["index.ts", "wrong.ts"]),
    );
    const { out } = await project.compile("tsconfig.bundler.json");
    expect(out.match(/error TS/g)).toHaveLength(1);
    expect(out).toMatch(/^wrong\.ts\(\d+,\d+\): error TS\d+: .*'promptToken'/);
  });

  it("is planned and checked, in a network of its own and in one that exists already", async (ctx) => {
    if (unreachable !== "") ctx.skip(unreachable);
    writeProject("build");
    const own = await planned("own");
    const adopted = await planned("adopted");

    const type = (plan: PlanDocument, token: string) => plan.resources.filter((resource) => resource.type === token);
    expect(type(own, "aws:ec2/vpc:Vpc")).toHaveLength(1);
    expect(own.exposure.verdict).toBe("none");
    expect(own.sizing.map(({ fleet, model }) => [fleet, model])).toEqual([["chat", "qwen2.5-7b-instruct"]]);
    // In a network of another team our components make no network of their own, and nobody can prove what it lets in.
    expect(
      adopted.resources.filter((resource) => /^aws:ec2\/(vpc|subnet|route|securityGroup)/i.test(resource.type)),
    ).toEqual([]);
    expect(adopted.exposure.verdict).toBe("undetermined");
    expect(JSON.stringify(type(adopted, "aws:lb/loadBalancer:LoadBalancer"))).toContain("subnet-0a1b2c3d4e5f60001");

    for (const plan of [own, adopted]) {
      const file = join("out", plan.environment, "plan.json");
      const checked = await project.holdfast("check", file, "--config", "policies.yaml", "--json");
      expect([checked.code, checked.err]).toEqual([0, expect.stringMatching(/^$|LLM-OBS-001.* disabled/)]);
      const { findings, exposure } = JSON.parse(checked.out) as PlanDocument;
      expect(exposure).toEqual(plan.exposure);
      expect(findings).toEqual(plan.findings.filter(({ rule }) => rule !== "LLM-OBS-001"));

      // The bank's component is the parent of ours, in the tree and in every URN.
      const fleet = type(plan, "serving:index:ModelFleet")[0];
      expect(fleet?.parent).toContain("::bank:platform:ChatPlatform::advice");
      expect(fleet?.urn).toContain("bank:platform:ChatPlatform$serving:index:ModelFleet");
      // Its transform reaches the children of our components, and nothing outside its own component.
      const kept = type(plan, "aws:cloudwatch/logGroup:LogGroup").map(({ urn, inputs }) => [
        urn.includes("ChatPlatform"),
        inputs.retentionInDays,
      ]);
      expect(kept).toContainEqual([true, 3653]);
      expect(kept.filter(([inside, days]) => inside !== (days === 3653))).toEqual([]);
      const mandatory = plan.findings.filter(({ level, verdict }) => level === "mandatory" && verdict === "fail");
      expect(mandatory.map(({ rule, urn }) => [rule, urn.split("::")[3]])).toEqual([["LLM-OBS-001", "advice-chat"]]);
    }
  });

  it("is the same program as an ES module", async (ctx) => {
    if (unreachable !== "") ctx.skip(unreachable);
    const resources = ({ resources }: PlanDocument) =>
      Object.fromEntries(resources.map(({ urn, inputs }) => [urn, inputs]));
    writeProject("build");
    const common = await planned("adopted");
    writeProject("build/esm");
    expect(resources(await planned("adopted"))).toEqual(resources(common));
  });

  it("is rehearsed by the real engine in a network that exists already, with the command that it installed", async (ctx) => {
    if (unreachable !== "") ctx.skip(unreachable);
    await realEngine(ctx);
    // As an ES module: the real engine's runner has ways of its own for those.
    writeProject("build/esm");
    const { code, out, err } = await project.holdfast(
      ...["rehearse", "adopted", "--config", "policies.yaml", "--cloud", "structural", "--json"],
    );
    const report = JSON.parse(out) as RehearsalReport;
    const failed = report.steps.flatMap(({ name, checks }) =>
      checks.filter(({ ok }) => !ok).map(({ what, detail }) => `${name}: ${what}: ${detail}`),
    );
    expect([failed, code], err).toEqual([[], 0]);
    expect(report.steps.map(({ name }) => name)).toEqual([
      ...["preview", "up", "refresh", "up again", "update", "destroy", "secrets"],
    ]);

    // What the engine was told of each resource, in its own words.
    const made = createdResources(join(project.folder, "out/adopted/rehearsal/events/02-up.jsonl"));
    const ofType = (token: string) => made.filter(({ type }) => type === token);
    for (const token of ["storage:index:ModelStore", "serving:index:ModelFleet", "gateway:index:Gateway"])
      expect(ofType(token).map(({ parent }) => parent.split("::").at(-1))).toEqual(["advice"]);
    expect(ofType("aws:ec2/vpc:Vpc")).toEqual([]);
    const [targets] = ofType("aws:lb/targetGroup:TargetGroup");
    expect(targets?.inputs.vpcId).toBe("vpc-0a1b2c3d4e5f60001");
    const groups = ofType("aws:cloudwatch/logGroup:LogGroup");
    expect(groups.length).toBeGreaterThan(0);
    expect(groups.filter(({ inputs }) => inputs.retentionInDays !== 3653)).toEqual([]);
  });

  function writeProject(main: string): void {
    project.write(
      "Pulumi.yaml",
      // Compiled by the company itself: the runner need not load a compiler.
      `name: bank-platform\nruntime: { name: nodejs, options: { typescript: false } }\nmain: ${main}/index.js\nstackConfigDir: config\n`,
    );
    project.write("config/Pulumi.own.yaml", "config:\n  aws:region: eu-central-1\n");
    project.write(
      "config/Pulumi.adopted.yaml",
      "config:\n  aws:region: eu-central-1\n  bank:vpcId: vpc-0a1b2c3d4e5f60001\n",
    );
    project.write("policies.yaml", "LLM-OBS-001: disabled # the bank watches its engines from another account\n");
  }

  async function planned(stack: string): Promise<PlanDocument> {
    const { code, err } = await project.holdfast("plan", stack);
    expect(err).toBe("");
    expect(code).toBe(1);
    const file = join(project.folder, "out", stack, "plan.json");
    return JSON.parse(readFileSync(file, "utf8")) as PlanDocument;
  }
});

describe("the examples in the READMEs", () => {
  it("type-check against the packed packages, and plan", async (ctx) => {
    if (unreachable !== "") ctx.skip(unreachable);
    expect(examples.length).toBeGreaterThan(12);
    expect(
      refused.filter((line) => line.startsWith("readme/")),
      "what a README takes as given is exported by test/consumer/program/prelude.ts",
    ).toEqual([]);

    const list = examples
      .filter(({ waits }) => !waits)
      .map(({ name, config }) => ({ name, config, main: join(project.folder, `build/readme/${name}.js`) }));
    expect(list.length).toBeGreaterThan(8);
    const { out, err } = await project.run(process.execPath, "build/plan-examples.mjs", JSON.stringify(list));
    expect(err).toBe("");
    const results = JSON.parse(out.trim().split("\n").at(-1) ?? "") as Record<
      string,
      { error?: string; resources?: number; exposure?: string }
    >;
    expect(Object.entries(results).filter(([, { error }]) => error !== undefined)).toEqual([]);
    expect(Object.values(results).filter(({ exposure }) => exposure === "exposed")).toEqual([]);
    expect(results["environment-1"]?.resources).toBeGreaterThan(200);
  });
});
