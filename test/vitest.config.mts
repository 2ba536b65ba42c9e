import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "..");

/** Packages are tested from their sources: no build step stands between an edit and its test. */
const alias = [
  { find: /^@holdfast\/policies$/, replacement: resolve(root, "policies/src/index.ts") },
  { find: /^@holdfast\/([a-z]+)$/, replacement: resolve(root, "packages/$1/src/index.ts") },
];

export default defineConfig({
  root,
  resolve: { alias },
  test: {
    reporters: ["default", "./test/closing-line.mts"],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "policies/src/**/*.ts"],
      reportsDirectory: "out/coverage",
    },
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          root,
          include: ["packages/*/src/**/*.test.ts", "policies/src/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: { name: "whole", root, include: ["test/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
