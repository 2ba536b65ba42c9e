#!/usr/bin/env node
"use strict";
try {
  require.resolve("../dist/main.js");
} catch {
  process.stderr.write("holdfast is not compiled yet: run `npm run build` (or `npm ci`, which does it)\n");
  process.exit(3);
}
require("node:module").enableCompileCache?.();
require("../dist/lazy-modules.js").loadSeldomUsedModulesLazily();
require("../dist/main.js").main(process.argv);
