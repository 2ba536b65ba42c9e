// A test runner for Stryker: all tests of the arithmetic are bundled once and called in this process, so that a mutant costs the tests
// that reach it and nothing else. The functions under test are pure but for what they remember in WeakMaps, which each test finds empty:
// no state passes from one mutant to the next, nor from one test to the next.
import { createRequire } from "node:module";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { PluginKind, commonTokens, declareClassPlugin, tokens } from "@stryker-mutator/api/plugin";
import {
  DryRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";

const here = import.meta.dirname;
const projectRequire = createRequire(resolve(here, "../../package.json"));
const { build } = projectRequire("esbuild");

const shim = resolve(here, "vitest-in-process.mjs");
const properties = resolve(here, "fast-check-in-process.mjs");

/** A WeakMap that can be told to forget everything. */
class ForgettingMap {
  static all = [];
  static forget() {
    for (const one of ForgettingMap.all) one.map = new WeakMap();
  }
  map = new WeakMap();
  constructor() {
    ForgettingMap.all.push(this);
  }
  get = (key) => this.map.get(key);
  has = (key) => this.map.has(key);
  set = (key, value) => (this.map.set(key, value), this);
  delete = (key) => this.map.delete(key);
}
globalThis.ForgettingMap = ForgettingMap;

/** One script that starts every test file in turn, from the sandbox with the mutants. */
async function bundle(root, { include, exclude }, wanted) {
  const files = globSync(include, { cwd: root, exclude }).filter(wanted).toSorted();
  if (files.length === 0) throw new Error(`no test file matches ${include.join(", ")} in ${root}`);
  const contents = [
    `import { startFile } from ${JSON.stringify(shim)};`,
    ...files.map((file) => `startFile(${JSON.stringify(file)}); require(${JSON.stringify(`./${file}`)});`),
  ].join("\n");
  const outfile = resolve(root, `tests-${process.pid}.cjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: "js" },
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    logLevel: "error",
    banner: { js: "const WeakMap = globalThis.ForgettingMap;" },
    plugins: [
      {
        name: "sandbox",
        setup(it) {
          it.onResolve({ filter: /^[^./]/ }, ({ path }) => {
            if (path === "vitest") return { path: shim, external: true };
            if (path === "fast-check") return { path: properties, external: true };
            const own = /^@holdfast\/([a-z]+)$/.exec(path)?.[1];
            return own === undefined ? { external: true } : { path: resolve(root, `packages/${own}/src/index.ts`) };
          });
          it.onResolve({ filter: /-in-process\.mjs$/ }, ({ path }) => ({ path, external: true }));
          it.onLoad({ filter: /\.test\.ts$/ }, async ({ path }) => ({
            contents: `const __dirname = ${JSON.stringify(dirname(path))};\n${await readFile(path, "utf8")}`,
            loader: "ts",
          }));
        },
      },
    ],
  });
  return outfile;
}

/** How much of the mutated code each test ran unchanged, for a process that starts anew after one that never ended. */
const unchanged = "test-reads.json";

export class InProcessRunner {
  static inject = tokens(commonTokens.options);

  constructor(options) {
    this.options = options.inProcess;
    this.mutated = options.mutate.filter((file) => !file.startsWith("!"));
    this.space = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    this.reads = 0;
    this.mostReads = Number.POSITIVE_INFINITY;
    let active;
    // Mutated code asks at every place whether its mutant is the active one. A test that asks far more often than unchanged is in a loop
    // that does not end, wherever the mutant is.
    Object.defineProperty(this.space, INSTRUMENTER_CONSTANTS.ACTIVE_MUTANT, {
      get: () => {
        if (++this.reads > this.mostReads) throw new RangeError("a loop that does not end");
        return active;
      },
      set: (value) => {
        active = value;
      },
    });
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.vitest = await import(pathToFileURL(shim).href);
    this.require = createRequire(resolve("package.json"));
    this.file = await bundle(process.cwd(), this.options, (test) =>
      // Where the files to mutate are named, tests that are for none of them are not even loaded.
      this.mutated.some((file) => file.includes("*") || this.isFor(test, file)),
    );
  }

  /** A test is for all files, or for those of any rule that names it. */
  isFor(test, file) {
    const rules = this.options.only.filter(({ tests }) => new RegExp(tests).test(test));
    return rules.length === 0 || rules.some(({ files }) => new RegExp(files).test(file));
  }

  load() {
    Reflect.deleteProperty(this.require.cache, this.file);
    this.vitest.startCollecting();
    ForgettingMap.all.length = 0;
    this.require(this.file);
    this.tests = this.vitest.tests.filter(({ id }) => !this.options.skip.some((part) => id.includes(part)));
    this.loaded = true;
  }

  async dryRun() {
    this.space.activeMutant = undefined;
    this.load();
    const results = await this.runTests(this.tests, false);
    writeFileSync(unchanged, JSON.stringify(Object.fromEntries(results.map((one) => [one.id, one.reads]))));
    this.usual = JSON.parse(readFileSync(unchanged, "utf8"));
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: this.space.mutantCoverage };
  }

  /** Of a second process, too, which starts before the first one has run the tests unchanged. */
  readUsual() {
    this.usual ??= existsSync(unchanged) ? JSON.parse(readFileSync(unchanged, "utf8")) : undefined;
    if (this.usual === undefined) throw new Error(`${unchanged} is missing: no process ran the tests unchanged`);
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, disableBail, sandboxFileName }) {
    this.space.hitCount = undefined;
    this.space.activeMutant = undefined;
    const isStatic = mutantActivation === "static";
    if (isStatic) this.space.activeMutant = activeMutant.id;
    if (isStatic || this.dirty || !this.loaded) {
      this.dirty = isStatic;
      try {
        this.load();
      } catch (error) {
        this.loaded = false;
        return toMutantRunResult({
          status: DryRunStatus.Complete,
          tests: [
            { id: "load", name: "load", timeSpentMs: 0, status: TestStatus.Failed, failureMessage: String(error) },
          ],
        });
      }
    }
    this.readUsual();
    this.space.hitLimit = hitLimit;
    this.space.hitCount = 0;
    this.space.activeMutant = activeMutant.id;
    const wanted = testFilter && new Set(testFilter);
    const chosen = this.tests.filter(({ id, file }) => (wanted?.has(id) ?? true) && this.isFor(file, sandboxFileName));
    // The quick ones first: most mutants are dead before a slow one starts.
    const time = ({ id }) => this.usual[id] ?? 0;
    const results = await this.runTests(
      chosen.toSorted((one, other) => time(one) - time(other)),
      !disableBail,
    );
    const reached = determineHitLimitReached(this.reads > this.mostReads ? Infinity : this.space.hitCount, hitLimit);
    this.mostReads = Number.POSITIVE_INFINITY;
    this.space.activeMutant = undefined;
    return toMutantRunResult(reached ?? { status: DryRunStatus.Complete, tests: results });
  }

  async runTests(tests, bail) {
    const results = [];
    for (const { id, name, file, run } of tests) {
      ForgettingMap.forget();
      const start = performance.now();
      const unchangedRun = this.space.activeMutant === undefined;
      if (unchangedRun) this.space.currentTestId = id;
      this.reads = 0;
      this.mostReads = unchangedRun ? Number.POSITIVE_INFINITY : 20 * (this.usual?.[id] ?? 0) + 1e5;
      let error;
      try {
        await run();
      } catch (thrown) {
        error = thrown;
      }
      this.space.currentTestId = undefined;
      const timeSpentMs = performance.now() - start;
      const base = { id, name, fileName: resolve(file), timeSpentMs, reads: this.reads };
      if (error === undefined) results.push({ ...base, status: TestStatus.Success });
      else results.push({ ...base, status: TestStatus.Failed, failureMessage: String(error?.message ?? error) });
      if (error !== undefined && bail) break;
    }
    return results;
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "in-process", InProcessRunner)];
export const strykerValidationSchema = {
  type: "object",
  properties: {
    inProcess: {
      type: "object",
      properties: {
        include: { type: "array", items: { type: "string" } },
        exclude: { type: "array", items: { type: "string" } },
        skip: { type: "array", items: { type: "string" } },
        only: { type: "array", items: { type: "object" } },
      },
    },
  },
};
