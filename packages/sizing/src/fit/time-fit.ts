import { closedLoop } from "../closed-loop";
import type { FirstTokenConstants, HostConstants, TimeConstants } from "../time-constants";
import { fitParameters, type Parameter } from "./least-squares";
import { engineEra, onHostOf, type EngineEra } from "../host-overhead";
import type { MeasuredRow } from "./measured-rows";
import { predictProtocol } from "./protocols";
import type { ProtocolTimes } from "../protocol-times";

type Names<T> = readonly (Parameter & { readonly name: keyof T & string })[];

/**
 * Where each constant starts and how far it may go: what is known of such engines before looking at the rows. The priors keep a
 * fit sane when a whole group is held out and little is left to tell constants apart.
 */
export const timeParameters: Names<TimeConstants> = [
  { name: "bandwidthShare", prior: 0.92, spread: 0.05, low: 0.6, high: 1 },
  { name: "cacheShare", prior: 0.85, spread: 0.12, low: 0.3, high: 1 },
  { name: "decodeComputeShare", prior: 0.4, spread: 0.15, low: 0.05, high: 0.9 },
  { name: "promptShare", prior: 0.55, spread: 0.08, low: 0.2, high: 0.9 },
  { name: "rateExponent", prior: 0.8, spread: 0.15, low: 0.3, high: 1 },
  { name: "layer", prior: 45e-6, spread: 15e-6, low: 5e-6, high: 150e-6 },
  { name: "expertLayer", prior: 20e-6, spread: 15e-6, low: 0, high: 100e-6 },
  { name: "queryKeyNorm", prior: 10e-6, spread: 8e-6, low: 0, high: 50e-6 },
  { name: "latentLayer", prior: 20e-6, spread: 15e-6, low: 0, high: 100e-6 },
  { name: "quantiseActivations", prior: 8e-6, spread: 8e-6, low: 0, high: 50e-6 },
  { name: "allReduce", prior: 6e-6, spread: 4e-6, low: 0, high: 30e-6 },
  { name: "allReduceTraffic", prior: 1.4, spread: 0.3, low: 1, high: 3 },
  { name: "step", prior: 1.5e-3, spread: 1e-3, low: 0, high: 6e-3 },
  { name: "sequence", prior: 15e-6, spread: 10e-6, low: 0, high: 60e-6 },
  { name: "expertImbalance", prior: 0.15, spread: 0.1, low: 0, high: 1 },
  { name: "narrowExperts", prior: 0.1, spread: 0.1, low: 0, high: 0.5 },
  { name: "routing", prior: 0.95, spread: 0.1, low: 0.5, high: 1 },
  { name: "weightOnlyExperts", prior: 0.6, spread: 0.2, low: 0.1, high: 1 },
];

/** Experts are small matrices: prompts reach less of the peak. */
const mixturePriors: Partial<Record<keyof TimeConstants, Pick<Parameter, "prior" | "spread">>> = {
  promptShare: { prior: 0.3, spread: 0.12 },
};

export const firstTokenParameters: Names<FirstTokenConstants> = [
  { name: "dispatch", prior: 0.03, spread: 0.02, low: 0, high: 0.3 },
  { name: "steps", prior: 2, spread: 1.5, low: 0, high: 8 },
  { name: "dense", prior: 1.1, spread: 0.2, low: 1.05, high: 5 },
  { name: "mixture", prior: 1.4, spread: 0.3, low: 1.05, high: 5 },
  { name: "others", prior: 0.06, spread: 0.03, low: 0, high: 0.5 },
  { name: "perRequest", prior: 0.4e-3, spread: 0.3e-3, low: 0, high: 5e-3 },
  { name: "gatherLayer", prior: 0.1e-3, spread: 0.2e-3, low: 0, high: 1e-3 },
  { name: "gatherToken", prior: 0.05e-6, spread: 0.1e-6, low: 0, high: 1e-6 },
];

/** Weights that keep a group of many rows from drowning the others. */
function groupWeights(rows: readonly MeasuredRow[]): number[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.group, (counts.get(row.group) ?? 0) + 1);
  return rows.map((row) => Math.sqrt(4 / (counts.get(row.group) ?? 1) ** 0.7));
}

const toConstants = <T>(names: Names<T>, values: readonly number[]): T =>
  Object.fromEntries(names.map(({ name }, i) => [name, values[i] ?? 0])) as T;

/** Constants of the time per token that fit the rows best. */
export function fitTimeConstants(rows: readonly MeasuredRow[], mixture: boolean): TimeConstants {
  const usable = rows.filter((row) => row.mixture === mixture && row.tpot !== undefined);
  const parameters = timeParameters.map((p) => ({ ...p, ...(mixture ? mixturePriors[p.name] : undefined) }));
  const values = fitParameters(
    parameters,
    (x) => {
      const constants = toConstants(timeParameters, x);
      return usable.map((row) =>
        Math.log(
          closedLoop({ ...row.machine, constants }, row.lengths, row.clients, undefined, row.limit).tpot /
            (row.tpot ?? 1),
        ),
      );
    },
    groupWeights(usable),
    { scale: 0.15, priorWeight: 0.12 },
  );
  return toConstants(timeParameters, values);
}

export interface Constants {
  readonly dense: TimeConstants;
  readonly mixture: TimeConstants;
}

/** Constants of the time to the first token, given those of the steps. */
export function fitFirstTokenConstants(rows: readonly MeasuredRow[], time: Constants): FirstTokenConstants {
  const usable = rows.filter((row) => row.ttft !== undefined);
  const machines = usable.map((row) => ({ ...row.machine, constants: row.mixture ? time.mixture : time.dense }));
  const values = fitParameters(
    firstTokenParameters,
    (x) => {
      const constants = toConstants(firstTokenParameters, x);
      return usable.map((row, i) => {
        const m = machines[i];
        return m === undefined
          ? 0
          : closedLoop(m, row.lengths, row.clients, constants, row.limit).ttft / (row.ttft ?? 1) - 1;
      });
    },
    groupWeights(usable),
    { scale: 0.2, priorWeight: 0.25 },
  );
  return toConstants(firstTokenParameters, values);
}

/** A row with what a fit that never saw its group predicts. */
export interface HeldOut {
  readonly row: MeasuredRow;
  readonly tpot: number;
  readonly ttft: number;
  readonly endToEnd: number;
}

/** Predicts every group of rows (by GPU, model and precision, or as `key` says) from a fit on all the others. */
export function predictHeldOut(
  rows: readonly MeasuredRow[],
  key: (row: MeasuredRow) => string = (row) => row.group,
): HeldOut[] {
  const whole: Constants = { dense: fitTimeConstants(rows, false), mixture: fitTimeConstants(rows, true) };
  const groups = [...new Set(rows.map(key))].sort();
  return groups.flatMap((group) => {
    const seen = rows.filter((row) => key(row) !== group);
    const held = rows.filter((row) => key(row) === group);
    // A class of models without a row among those held out shares no constant of the step with them.
    const time = {
      dense: held.some((row) => !row.mixture) ? fitTimeConstants(seen, false) : whole.dense,
      mixture: held.some((row) => row.mixture) ? fitTimeConstants(seen, true) : whole.mixture,
    };
    const first = fitFirstTokenConstants(seen, time);
    return held.map((row) => {
      const m = { ...row.machine, constants: row.mixture ? time.mixture : time.dense };
      const { tpot, ttft } = closedLoop(m, row.lengths, row.clients, first, row.limit);
      return { row, tpot, ttft, endToEnd: ttft + Math.max(0, row.lengths.output - 1) * tpot };
    });
  });
}

const hostParameters = [
  { name: "step", prior: 2e-3, spread: 2e-3, low: 0, high: 60e-3 },
  { name: "gpu", prior: 1e-3, spread: 1.5e-3, low: 0, high: 20e-3 },
  { name: "sequence", prior: 30e-6, spread: 30e-6, low: 0, high: 500e-6 },
  // Single cores of these generations differ by a third to a half.
  { name: "olderHost", prior: 1.35, spread: 0.2, low: 1, high: 2 },
] as const satisfies readonly Parameter[];

/**
 * What an era of engines spends on the host, given the constants of the steps. Versions 0.8 to 0.11 were measured almost only in
 * overloaded bursts, whose concurrency is itself an estimate: their priors are held tighter.
 */
export function fitHostOverhead(rows: readonly MeasuredRow[], era: EngineEra): HostConstants {
  if (era === "current") return { step: 0, gpu: 0, sequence: 0, olderHost: 1 };
  const tight = era === "v1" ? 0.25 : 1;
  const values = fitParameters(
    hostParameters.map((p) => ({ ...p, spread: p.spread * tight })),
    (x) => rows.flatMap((row) => protocolErrors(row, { ...row.machine, host: onHostOf(row.machine.gpu, hostOf(x)) })),
    rows.flatMap((row, i) => protocolErrors(row, row.machine).map(() => groupWeights(rows)[i] ?? 1)),
    { scale: 0.15, priorWeight: 0.1 },
  );
  return hostOf(values);
}

const hostOf = (x: readonly number[]): HostConstants => ({
  step: x[0] ?? 0,
  gpu: x[1] ?? 0,
  sequence: x[2] ?? 0,
  olderHost: x[3] ?? 1,
});

/** Logarithms of predicted over measured, for the time per token and the end-to-end time. */
function protocolErrors(row: MeasuredRow, m: MeasuredRow["machine"]): number[] {
  const predicted = predictProtocol(row, m, "running");
  const pairs = [
    [predicted.tpot, row.tpot],
    [predicted.endToEnd, row.endToEnd],
  ] as const;
  return pairs.flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [Math.log(a / b)]));
}

/** A row of the second file with what is predicted when its group was not used to fit its era. */
export interface HeldOutProtocol {
  readonly row: MeasuredRow;
  readonly predicted: ProtocolTimes;
}

/** Predicts every group of the second file (or as `key` says) with the host overhead fitted on the other groups of its era. */
export function predictMoreHeldOut(
  rows: readonly MeasuredRow[],
  key: (row: MeasuredRow) => string = (row) => row.group,
): HeldOutProtocol[] {
  const groups = [...new Set(rows.map(key))].sort();
  return groups.flatMap((group) => {
    const hosts = new Map<EngineEra, HostConstants>();
    return rows
      .filter((row) => key(row) === group)
      .map((row) => {
        const era = engineEra(row.version);
        const others = () => rows.filter((other) => key(other) !== group && engineEra(other.version) === era);
        const host = hosts.get(era) ?? fitHostOverhead(others(), era);
        hosts.set(era, host);
        return { row, predicted: predictProtocol(row, { ...row.machine, host: onHostOf(row.machine.gpu, host) }) };
      });
  });
}
