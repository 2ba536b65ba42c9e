import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { timeExposure } from "./exposure.bench";
import { timeGrowth, timeOverhead, timePolicies, timeSteps } from "./plan-time";
import { timeSizing } from "./sizing.bench";
import { isBuilt, median, timeProcess } from "./whole-process";

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly aim: string;
  readonly reached: boolean | undefined;
}

/** Measures everything that has an aim, prints a table and writes out/bench.json. Timings are for comparing, not for tests. */
export async function bench(root: string): Promise<void> {
  if (!isBuilt(root)) throw new Error("not compiled; run npm run bench, which compiles first");
  const runs = [];
  await timeProcess(root, ["plan", "prod"]);
  for (let round = 0; round < 5; round += 1) runs.push(await timeProcess(root, ["plan", "prod"]));
  const whole = {
    wallMs: median(runs.map(({ wallMs }) => wallMs)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
    peakMiB: median(runs.map(({ peakMiB }) => peakMiB)),
  };
  const steps = await timeSteps(root);
  const overhead = await timeOverhead(root);
  const growth = await timeGrowth(root);
  const policies = await timePolicies(root);
  const exposure = timeExposure();
  const sizing = timeSizing();
  const [first, , last] = growth;
  const growthRatio = first && last ? last.msPerResource / first.msPerResource : Number.NaN;
  const proofAt3000 =
    exposure.find(({ resources }) => resources >= 2700 && resources <= 3300)?.milliseconds ?? Number.NaN;
  const proofRatio =
    (exposure.at(-1)?.microsecondsPerResource ?? Number.NaN) / (exposure[0]?.microsecondsPerResource ?? Number.NaN);
  const rows: Row[] = [
    row("holdfast plan prod, whole process: wall", whole.wallMs, "ms", 2000),
    row("  processor time", whole.cpuMs, "ms"),
    row("  peak memory", whole.peakMiB, "MiB", 400),
    ...Object.entries(steps).map(([step, ms]) => row(`  of which ${step}, warm`, ms, "ms")),
    row(`components over ${overhead.resources} raw resources, each`, overhead.addedMsPerResource, "ms", 0.3),
    row("  raw resources, each", overhead.rawMs / overhead.resources, "ms"),
    ...growth.map(({ fleets, resources, ms }) => row(`plan with ${fleets} fleets (${resources} resources)`, ms, "ms")),
    row("  time per resource, most fleets against fewest", growthRatio, "x", 1.25),
    row(`check with all ${policies.rules} policies against one`, policies.ratio, "x", 1.5),
    row("  check with all", policies.allMs, "ms"),
    row("  of which the rules alone", policies.evaluationMs, "ms"),
    ...exposure.map(({ resources, milliseconds }) => row(`exposure proof, ${resources} resources`, milliseconds, "ms")),
    row("  at 3,000 resources", proofAt3000, "ms", 1000),
    row("  time per resource, largest against smallest", proofRatio, "x", 1.25),
    row("sizing one fleet, the slowest of the catalogue's models", sizing.slowestSearchMs, "ms", 50),
    row("  median over all models", sizing.medianSearchMs, "ms"),
    row("cost against latency over all formats and replicas", sizing.paretoMs, "ms", 50),
    row("predicting one configuration", sizing.predictionMs, "ms", 0.2),
  ];
  const width = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, measured, aim, reached } of rows) {
    process.stdout.write(
      `${what.padEnd(width)}  ${measured.padStart(12)}  ${aim}${reached === false ? "  not reached" : ""}\n`,
    );
  }
  mkdirSync(join(root, "out"), { recursive: true });
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? "", node: process.version };
  writeFileSync(
    join(root, "out/bench.json"),
    `${JSON.stringify({ machine, whole, steps, overhead, growth, policies, exposure, sizing }, null, 2)}\n`,
  );
  process.stdout.write(
    "\nout/bench.json has the figures. Times on a shared machine are noisy: compare ratios of one run.\n",
  );
}

function row(what: string, value: number, unit: string, limit?: number): Row {
  const digits = value < 10 ? 2 : 0;
  return {
    what,
    measured: `${value.toLocaleString("en-US", { maximumFractionDigits: digits })} ${unit}`,
    aim: limit === undefined ? "" : `aim ${limit.toLocaleString("en-US")} ${unit}`,
    reached: limit === undefined ? undefined : value <= limit,
  };
}
