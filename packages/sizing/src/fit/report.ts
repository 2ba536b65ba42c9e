import { closedLoop } from "../closed-loop";
import { protocols } from "../protocol-times";
import { decodeFloor } from "../step-time";
import { firstTokenConstants, timeConstants } from "../time-constants";
import { quantities, type calibratedErrors } from "./calibrated-errors";
import type { MeasuredRow } from "./measured-rows";
import { summarise, type ErrorSummary } from "./statistics";
import type { HeldOut, HeldOutProtocol } from "./time-fit";

interface Results {
  readonly rows: readonly MeasuredRow[];
  /** Rows of the first file that are left out because their first token waits for 15 s or more. */
  readonly queueing: readonly MeasuredRow[];
  readonly byGroup: readonly HeldOut[];
  readonly byGpu: readonly HeldOut[];
  readonly byModel: readonly HeldOut[];
  readonly moreHeld: readonly HeldOutProtocol[];
  readonly moreByGpu: readonly HeldOutProtocol[];
  readonly calibrated: ReturnType<typeof calibratedErrors>;
}

const percent = (value: number) => (100 * value).toFixed(1);
const cells = (s: ErrorSummary) =>
  s.n === 0
    ? "- | - | - | - | -"
    : `${s.n} | ${percent(s.mean)} | ${percent(s.median)} | ${percent(s.p90)} | ${percent(s.worst)}`;
const errorsOf = (list: readonly Omit<HeldOut, "endToEnd">[], of: "tpot" | "ttft") =>
  summarise(list.map((one) => one[of] / (one.row[of] ?? Number.NaN) - 1));
const line = (name: string, list: readonly HeldOut[]) =>
  `| ${name} | ${cells(errorsOf(list, "tpot"))} | ${cells(errorsOf(list, "ttft"))} |`;

/** One line per value of `key`, then the classes of models and all. */
function table(list: readonly HeldOut[], key: (row: MeasuredRow) => string, bold = true): string {
  const named = (name: string) => (bold ? `**${name}**` : name);
  return [
    "| held out | n | TPOT mean | median | p90 | worst | n | TTFT mean | median | p90 | worst |",
    `| --- |${" ---: |".repeat(10)}`,
    ...[...new Set(list.map((one) => key(one.row)))].map((name) =>
      line(
        name,
        list.filter((one) => key(one.row) === name),
      ),
    ),
    line(
      named("dense"),
      list.filter((one) => !one.row.mixture),
    ),
    line(
      named("mixture of experts"),
      list.filter((one) => one.row.mixture),
    ),
    line(named("all"), list),
  ].join("\n");
}

const moreKeys = ["tpot", "ttft", "endToEnd", "tokensPerSecond"] as const;

function moreErrors(list: readonly HeldOutProtocol[], key: (typeof moreKeys)[number]): ErrorSummary {
  return summarise(
    list.flatMap(({ row, predicted }) => {
      const [measured, expected] = [row[key], predicted[key]];
      return measured === undefined || expected === undefined ? [] : [expected / measured - 1];
    }),
  );
}

function moreTable(list: readonly HeldOutProtocol[], keys: readonly ((row: MeasuredRow) => string)[]): string {
  const head = moreKeys.map((key) => `n | ${titles[key]} mean | median | p90 | worst`).join(" | ");
  return [
    `| of | ${head} |`,
    `| --- |${" ---: |".repeat(5 * moreKeys.length)}`,
    ...keys.flatMap((key) =>
      [...new Set(list.map((one) => key(one.row)))].sort().map((name) => {
        const some = list.filter((one) => key(one.row) === name);
        return `| ${name} | ${moreKeys.map((of) => cells(moreErrors(some, of))).join(" | ")} |`;
      }),
    ),
  ].join("\n");
}
const titles = { tpot: "TPOT", ttft: "TTFT", endToEnd: "end to end", tokensPerSecond: "tokens/s" };

function queueingLine(left: readonly MeasuredRow[]): string {
  const list = left.map((row) => {
    const constants = row.mixture ? timeConstants.mixture : timeConstants.dense;
    const { ttft, tpot } = closedLoop(
      { ...row.machine, constants },
      row.lengths,
      row.clients,
      firstTokenConstants,
      row.limit,
    );
    return { row, ttft, tpot };
  });
  const [tpot, ttft] = [errorsOf(list, "tpot"), errorsOf(list, "ttft")];
  return `The ${left.length} queueing rows, with the final constants: TPOT ${percent(tpot.mean)} mean, ${percent(tpot.median)} median; TTFT ${percent(ttft.mean)} mean, ${percent(ttft.median)} median.`;
}

/** The committed tables of held-out errors. */
export function report(results: Results): string {
  const { rows, queueing, byGroup, byGpu, byModel, moreHeld, moreByGpu, calibrated } = results;
  const floor = summarise(
    rows.map(
      (row) =>
        decodeFloor(row.machine, row.clients, row.lengths.prompt + row.lengths.output / 2) / (row.tpot ?? Number.NaN) -
        1,
    ),
  );
  const sources = Object.keys(calibrated) as (keyof typeof calibrated)[];
  const interval = (source: keyof typeof calibrated) =>
    quantities
      .map((quantity) => {
        const {
          interval: [low, high],
          coverage,
          rows: n,
        } = calibrated[source][quantity];
        return coverage === undefined
          ? "- | - | -"
          : `${n} | ${low.toFixed(2)} to ${high.toFixed(2)} | ${percent(coverage)}`;
      })
      .join(" | ");
  return `# Held-out errors of the time model

Written by \`npm run fit -w packages/sizing\`. Errors are |predicted / measured - 1| in percent. Every row is predicted by a fit that never saw what is
held out. The form of the model was chosen while looking at these errors (on all three splits of the first file at once), so other
measurements may come out somewhat worse.

## First file: closed loop, ${byGroup.length} rows

Left out: rows with a time to the first token of 15 s or more (pure queueing), rows with data-parallel attention (they repeat others under
another name), three Qwen3-32B FP8 rows whose parallelism is incomplete, and exact repeats.

### Group (GPU, model and precision) held out

${table(byGroup, (row) => row.group)}

${queueingLine(queueing)}

The bare roofline (weights and cache read at the nominal bandwidth, compute at its peak) on the same rows: TPOT ${percent(floor.mean)} mean, ${percent(floor.median)} median.

### GPU held out whole

${table(byGpu, (row) => row.machine.gpu.id, false)}

### Model held out whole

${table(byModel, (row) => row.machine.model.id, false)}

## Second file: other GPUs, engines and protocols, ${moreHeld.length} rows

The constants of the first file, with the host overhead of the engine's age fitted on the other groups (source, GPU, model, precision) of that age.
Predicted from the configuration and the number of requests alone, as \`holdfast size --batch\` does: how many of a burst run at once comes out of the memory budget.
The first token of a burst includes the wait in the queue; that of an offline batch is its last request's.

${moreTable(moreHeld, [(row) => `**${row.protocol}**`, (row) => `**${row.machine.gpu.id}**`, (row) => `${row.protocol} / ${row.group}`])}

### GPU held out whole

${moreTable(moreByGpu, [(row) => `${row.protocol}, ${row.machine.gpu.id} held out`])}

## Intervals

Measured / predicted, chosen so that 90 % of the rows are inside while what they share (the group, the model or the GPU) did not help to choose. A
prediction takes the widest bounds of all that apply to it: \`dense\` or \`mixture\`, \`new...\` for a model or GPU without closed-loop rows,
\`otherEngine\` (the second file) for such a GPU and for engines of another age or kind, and the load unless it is a closed loop. Throughput has the bounds of the
end-to-end time, turned over.

| of | rows | TPOT | inside, % | rows | TTFT | inside, % | rows | end to end | inside, % |
| --- |${" ---: |".repeat(9)}
${sources.map((source) => `| ${source} | ${interval(source)} |`).join("\n")}

Loads: ${protocols.join(", ")}.
`;
}
