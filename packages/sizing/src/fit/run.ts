// Fits the time model, judges it on what it has not seen, and writes the constants and the tables: npm run fit -w packages/sizing
import { readFileSync, writeFileSync } from "node:fs";
import { engineEra, type EngineEra } from "../host-overhead";
import { firstTokenConstants, timeConstants } from "../time-constants";
import { calibratedErrors, quantities } from "./calibrated-errors";
import { readRows } from "./measured-rows";
import { report } from "./report";
import {
  fitFirstTokenConstants,
  fitHostOverhead,
  fitTimeConstants,
  predictHeldOut,
  predictMoreHeldOut,
} from "./time-fit";

const eras: readonly EngineEra[] = ["first", "early", "v1", "current"];
const everything = readRows(readFileSync("data/measured-vllm.csv", "utf8"));
const rows = everything.filter((row) => row.complete && row.dataParallel === 1 && (row.ttft ?? 0) < 15);
const time = { dense: fitTimeConstants(rows, false), mixture: fitTimeConstants(rows, true) };
const firstToken = fitFirstTokenConstants(rows, time);
const byGroup = predictHeldOut(rows);
const byGpu = predictHeldOut(rows, (row) => row.machine.gpu.id);
const byModel = predictHeldOut(rows, (row) => row.machine.model.id);

// The second file is judged with the constants fitted on the first.
Object.assign(timeConstants.dense, time.dense);
Object.assign(timeConstants.mixture, time.mixture);
Object.assign(firstTokenConstants, firstToken);
const more = readRows(readFileSync("data/measured-more.csv", "utf8"));
const host = Object.fromEntries(
  eras.map((era) => [
    era,
    fitHostOverhead(
      more.filter((row) => engineEra(row.version) === era),
      era,
    ),
  ]),
);
const moreHeld = predictMoreHeldOut(more);
const moreByGpu = predictMoreHeldOut(more, (row) => row.machine.gpu.id);
const calibrated = calibratedErrors({ byGroup, byModel, byGpu, more: moreByGpu });
const errors = Object.fromEntries(
  Object.entries(calibrated).map(([source, one]) => [
    source,
    Object.fromEntries(quantities.map((quantity) => [quantity, one[quantity].interval])),
  ]),
);
const measured = {
  gpus: [...new Set(rows.map((row) => row.machine.gpu.id))].sort(),
  models: [...new Set(rows.map((row) => row.machine.model.id))].sort(),
};

const digits = (value: unknown): unknown =>
  typeof value === "number"
    ? Number(value.toPrecision(6))
    : Array.isArray(value)
      ? value.map(digits)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, digits(one)]))
        : value;
writeFileSync(
  "src/fitted-constants.ts",
  `/** Written by \`npm run fit -w packages/sizing\` from data/*.csv; the errors are in data/results.md. */\nexport const fitted = ${JSON.stringify(digits({ time, firstToken, host, errors, measured }), null, 2)} as const;\n`,
);
const queueing = everything.filter((row) => row.complete && row.dataParallel === 1 && (row.ttft ?? 0) >= 15);
writeFileSync("data/results.md", report({ rows, queueing, byGroup, byGpu, byModel, moreHeld, moreByGpu, calibrated }));
