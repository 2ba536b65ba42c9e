import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "../..");

/** Only the tests of sizing, which is what is mutated. */
export default defineConfig({
  root,
  resolve: { alias: [{ find: /^@holdfast\/([a-z]+)$/, replacement: resolve(root, "packages/$1/src/index.ts") }] },
  test: { include: ["packages/sizing/src/**/*.test.ts"], testTimeout: 20_000 },
});
