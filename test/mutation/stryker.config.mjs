// Mutation testing of the arithmetic of sizing: `npm run mutation`. The table goes to standard output, the page to out/mutation.
import { fileURLToPath } from "node:url";

const sizing = "packages/sizing/src";

/** Not arithmetic: what is exported, data and types, sentences for people, the scripts that fit and compare. */
const rest = [
  "**/*.test.ts",
  "fit/**",
  "index.ts",
  "explain.ts",
  "fleet.ts",
  "workload.ts",
  "fitted-constants.ts",
  "time-constants.ts",
  "parameters.ts",
  "weight-format.ts",
  "money/hosted-prices.ts",
  "money/hardware-prices.ts",
];

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "vitest",
  // By path: the plugin is installed in this folder, not in the project.
  plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
  // Relative: it must be the sandbox's copy that decides the root.
  vitest: { configFile: "test/mutation/vitest.config.mts", related: false },
  coverageAnalysis: "perTest",
  mutate: [`${sizing}/**/*.ts`, "packages/catalog/src/parameters.ts", ...rest.map((name) => `!${sizing}/${name}`)],
  // Sentences for people are not arithmetic.
  mutator: { excludedMutations: ["StringLiteral", "Regex"] },
  ignoreStatic: true,
  // Each run takes up the results of the last one for what has not changed: a run over everything takes hours on two cores.
  incremental: true,
  incrementalFile: "out/mutation/incremental.json",
  reporters: ["clear-text", "html", "json", "progress-append-only"],
  htmlReporter: { fileName: "out/mutation/report.html" },
  jsonReporter: { fileName: "out/mutation/report.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
  thresholds: { high: 90, low: 85, break: 85 },
  concurrency: 2,
  timeoutMS: 20_000,
  tempDirName: "out/mutation/sandbox",
  ignorePatterns: ["out", "docs", "policies", "stacks", "packages/*/dist"],
  disableTypeChecks: false,
};
