// Mutation testing of the arithmetic of sizing: `npm run mutation`. The table goes to standard output, the page to out/mutation.
const sizing = "packages/sizing/src";

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  // Relative: it must be the sandbox's copy that decides the root.
  vitest: { configFile: "test/mutation/vitest.config.mts", related: false },
  coverageAnalysis: "perTest",
  mutate: [
    ...["weights", "kv-cache", "engine-budget", "step-time", "closed-loop", "operating-point", "candidate"],
    ...["advice/power", "advice/quantisation", "advice/rules-of-thumb", "advice/request-histogram", "advice/extras"],
    ...["advice/gguf-offload", "money/purchase", "money/token-prices", "money/break-even"],
    ...["fleet-dynamics/autoscaling", "fleet-dynamics/sessions"],
  ]
    .map((name) => `${sizing}/${name}.ts`)
    .concat("packages/catalog/src/parameters.ts"),
  // Sentences for people are not arithmetic.
  mutator: { excludedMutations: ["StringLiteral", "Regex"] },
  ignoreStatic: true,
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
