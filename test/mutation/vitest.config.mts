import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "../..");

/** Only the tests of what is mutated; the simulation is left out, since its tests take seconds each and its mutants may never end. */
export default defineConfig({
  root,
  resolve: { alias: [{ find: /^@holdfast\/([a-z]+)$/, replacement: resolve(root, "packages/$1/src/index.ts") }] },
  test: { include: ["packages/sizing/src/**/*.test.ts"], exclude: ["**/simulate.test.ts"], testTimeout: 60_000 },
});
