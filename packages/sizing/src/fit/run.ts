// Fits the time model, judges it on held-out groups, and writes the constants and the table: npm run fit -w packages/sizing
import { readFileSync, writeFileSync } from "node:fs";
import { engineEra, type EngineEra } from "../host-overhead";
import { closedLoop } from "../closed-loop";
import { decodeFloor } from "../step-time";
import { timeConstants } from "../time-constants";
import { readRows, type MeasuredRow } from "./measured-rows";
import { calibrate, summarise, type ErrorSummary, type Ratio } from "./statistics";
import {
  fitFirstTokenConstants,
  fitHostOverhead,
  fitTimeConstants,
  predictHeldOut,
  predictMoreHeldOut,
  type HeldOut,
  type HeldOutProtocol,
} from "./time-fit";

const eras: readonly EngineEra[] = ["first", "early", "v1", "current"];
const everything = readRows(readFileSync("data/measured-vllm.csv", "utf8"));
const rows = everything.filter((row) => row.complete && row.dataParallel === 1 && (row.ttft ?? 0) < 15);
const time = { dense: fitTimeConstants(rows, false), mixture: fitTimeConstants(rows, true) };
const firstToken = fitFirstTokenConstants(rows, time);
const held = predictHeldOut(rows);

// The second file is judged with the constants fitted on the first.
Object.assign(timeConstants.dense, time.dense);
Object.assign(timeConstants.mixture, time.mixture);
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

const ratios = (predictions: readonly HeldOut[], of: "tpot" | "ttft"): Ratio[] =>
  predictions.map((one) => ({ group: one.row.group, ratio: (one.row[of] ?? 0) / one[of] }));
const moreRatios = (keys: readonly ("tpot" | "ttft" | "endToEnd")[]): Ratio[] =>
  moreHeld.flatMap((one) =>
    keys.flatMap((key) => {
      const [measured, predicted] = [one.row[key], one.predicted[key]];
      return measured === undefined || predicted === undefined
        ? []
        : [{ group: one.row.group, ratio: measured / predicted }];
    }),
  );
const dense = held.filter((one) => !one.row.mixture);
const mixture = held.filter((one) => one.row.mixture);
const calibrated = {
  dense: { tpot: calibrate(ratios(dense, "tpot")), ttft: calibrate(ratios(dense, "ttft")) },
  mixture: { tpot: calibrate(ratios(mixture, "tpot")), ttft: calibrate(ratios(mixture, "ttft")) },
  unmeasured: { tpot: calibrate(moreRatios(["tpot", "endToEnd"])), ttft: calibrate(moreRatios(["ttft"])) },
};
const errors = Object.fromEntries(
  Object.entries(calibrated).map(([name, { tpot, ttft }]) => [name, { tpot: tpot.interval, ttft: ttft.interval }]),
);

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
  `/** Written by \`npm run fit -w packages/sizing\` from data/*.csv; the errors are in data/results.md. */\nexport const fitted = ${JSON.stringify(digits({ time, firstToken, host, errors }), null, 2)} as const;\n`,
);
writeFileSync("data/results.md", report());

function report(): string {
  const percent = (value: number) => (100 * value).toFixed(1);
  const cells = (s: ErrorSummary) =>
    s.n === 0
      ? "- | - | - | - | -"
      : `${s.n} | ${percent(s.mean)} | ${percent(s.median)} | ${percent(s.p90)} | ${percent(s.worst)}`;
  const errorsOf = (list: readonly HeldOut[], of: "tpot" | "ttft") =>
    summarise(list.map((one) => one[of] / (one.row[of] ?? Number.NaN) - 1));
  const line = (name: string, list: readonly HeldOut[]) =>
    `| ${name} | ${cells(errorsOf(list, "tpot"))} | ${cells(errorsOf(list, "ttft"))} |`;
  const groups = [...new Set(held.map((one) => one.row.group))];
  const moreErrors = (list: readonly HeldOutProtocol[], key: "tpot" | "ttft" | "endToEnd") =>
    summarise(
      list.flatMap(({ row, predicted }) =>
        row[key] === undefined || predicted[key] === undefined ? [] : [predicted[key] / row[key] - 1],
      ),
    );
  const moreLine = (name: string, list: readonly HeldOutProtocol[]) =>
    `| ${name} | ${cells(moreErrors(list, "tpot"))} | ${cells(moreErrors(list, "ttft"))} | ${cells(moreErrors(list, "endToEnd"))} |`;
  const gpusOf = [...new Set(moreHeld.map((one) => one.row.machine.gpu.id))].sort();
  const protocols = [...new Set(moreHeld.map((one) => one.row.protocol))].sort();
  const moreGroups = [...new Set(moreHeld.map((one) => `${one.row.protocol} / ${one.row.group}`))].sort();
  const floor = (list: readonly MeasuredRow[]) =>
    summarise(
      list.map(
        (row) =>
          decodeFloor(row.machine, row.clients, row.lengths.prompt + row.lengths.output / 2) /
            (row.tpot ?? Number.NaN) -
          1,
      ),
    );
  const queueing = () => {
    const left = everything.filter((row) => row.complete && row.dataParallel === 1 && (row.ttft ?? 0) >= 15);
    const list = left.map((row) => {
      const constants = row.mixture ? time.mixture : time.dense;
      return { row, ...closedLoop({ ...row.machine, constants }, row.lengths, row.clients, firstToken, row.limit) };
    });
    const tpot = errorsOf(list, "tpot");
    const ttft = errorsOf(list, "ttft");
    return `The ${left.length} queueing rows, with the final constants: TPOT ${percent(tpot.mean)} mean, ${percent(tpot.median)} median; TTFT ${percent(ttft.mean)} mean, ${percent(ttft.median)} median.`;
  };
  const head = "| --- |" + " ---: |".repeat(10);
  const of = (key: keyof typeof calibrated, what: "tpot" | "ttft") => {
    const { interval, coverage } = calibrated[key][what];
    return `| ${key}, ${what} | ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)} | ${percent(coverage)} |`;
  };
  return `# Held-out errors of the time model

Written by \`npm run fit -w packages/sizing\`. Errors are |predicted / measured - 1| in percent. Every row is predicted by a fit that never saw its
group (GPU, model, precision; in the second file source, GPU, model, precision). The form of the model was chosen while looking at these
errors, so other measurements may come out somewhat worse.

## First file: closed loop, ${held.length} rows

Left out: rows with a time to the first token of 15 s or more (pure queueing), rows with data-parallel attention (they repeat others under
another name), three Qwen3-32B FP8 rows whose parallelism is incomplete, and exact repeats.

| group | n | TPOT mean | median | p90 | worst | n | TTFT mean | median | p90 | worst |
${head}
${groups
  .map((group) =>
    line(
      group,
      held.filter((one) => one.row.group === group),
    ),
  )
  .join("\n")}
${line("**dense**", dense)}
${line("**mixture of experts**", mixture)}
${line("**all**", held)}

${queueing()}

The bare roofline (weights and cache read at the nominal bandwidth, compute at its peak) on the same rows: TPOT ${percent(floor(rows).mean)} mean, ${percent(floor(rows).median)} median.

## Intervals

Measured / predicted, chosen so that 90 % of the rows of groups that did not help to choose are inside. \`unmeasured\` is for GPUs that the first
file lacks.

| of | interval | rows inside, % |
| --- | --- | ---: |
${(["dense", "mixture", "unmeasured"] as const).flatMap((key) => [of(key, "tpot"), of(key, "ttft")]).join("\n")}

## Second file: other GPUs and protocols, ${moreHeld.length} rows

The constants of the first file, with the host overhead of the engine's era fitted on the other groups of that era.

| of | n | TPOT mean | median | p90 | worst | n | TTFT mean | median | p90 | worst | n | end to end mean | median | p90 | worst |
${"| --- |" + " ---: |".repeat(15)}
${protocols
  .map((protocol) =>
    moreLine(
      `**${protocol}**`,
      moreHeld.filter((one) => one.row.protocol === protocol),
    ),
  )
  .join("\n")}
${gpusOf
  .map((gpu) =>
    moreLine(
      `**${gpu}**`,
      moreHeld.filter((one) => one.row.machine.gpu.id === gpu),
    ),
  )
  .join("\n")}
${moreGroups
  .map((name) =>
    moreLine(
      name,
      moreHeld.filter((one) => `${one.row.protocol} / ${one.row.group}` === name),
    ),
  )
  .join("\n")}
`;
}
