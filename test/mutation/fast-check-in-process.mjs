// fast-check with a fixed seed and a tenth of the runs: a property that a mutant breaks is mostly broken at once.
import { createRequire } from "node:module";
import { resolve } from "node:path";

const fc = createRequire(resolve(import.meta.dirname, "../../package.json"))("fast-check");
const assert = (property, { numRuns = 100, ...rest } = {}) =>
  fc.assert(property, { seed: 20261121, endOnFailure: true, ...rest, numRuns: Math.max(3, Math.ceil(numRuns / 10)) });

export default { ...fc, assert };
