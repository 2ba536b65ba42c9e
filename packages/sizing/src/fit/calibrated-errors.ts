import { engineEra } from "../host-overhead";
import type { ErrorSource } from "../time-constants";
import { calibrate, type Ratio } from "./statistics";
import type { MeasuredRow } from "./measured-rows";
import type { HeldOut, HeldOutProtocol } from "./time-fit";

/** What an interval is of. */
export const quantities = ["tpot", "ttft", "endToEnd"] as const;
export type Quantity = (typeof quantities)[number];

export interface Calibrated {
  readonly interval: readonly [number, number];
  /** Share of the rows inside while their group did not help to choose; absent where nothing was measured. */
  readonly coverage?: number;
  readonly rows: number;
}

/** Held-out predictions of all kinds. */
export interface HeldOutErrors {
  readonly byGroup: readonly HeldOut[];
  readonly byModel: readonly HeldOut[];
  readonly byGpu: readonly HeldOut[];
  readonly more: readonly HeldOutProtocol[];
}

interface Pair {
  readonly row: MeasuredRow;
  readonly predicted: Partial<Record<Quantity | "tokensPerSecond", number>>;
}

/** Measured over predicted. A row without an end-to-end time has one by its throughput. */
function ratio({ row, predicted }: Pair, of: Quantity): number | undefined {
  const [measured, expected] = [row[of], predicted[of]];
  if (measured !== undefined && expected !== undefined) return measured / expected;
  const [throughput, stated] = [row.tokensPerSecond, predicted.tokensPerSecond];
  return of === "endToEnd" && throughput !== undefined && stated !== undefined ? stated / throughput : undefined;
}

const closed = (list: readonly HeldOut[]): Pair[] => list.map(({ row, ...predicted }) => ({ row, predicted }));

/** Intervals that hold nine of ten rows of groups that did not help to choose them, by where the error was made. */
export function calibratedErrors(held: HeldOutErrors): Record<ErrorSource, Record<Quantity, Calibrated>> {
  const of = (pairs: readonly Pair[], group: (row: MeasuredRow) => string) =>
    Object.fromEntries(
      quantities.map((quantity) => {
        const ratios: Ratio[] = pairs.flatMap((pair) => {
          const value = ratio(pair, quantity);
          return value === undefined ? [] : [{ group: group(pair.row), ratio: value }];
        });
        return [
          quantity,
          ratios.length === 0 ? { interval: [1, 1], rows: 0 } : { ...calibrate(ratios), rows: ratios.length },
        ];
      }),
    ) as unknown as Record<Quantity, Calibrated>;
  const byGroup = (row: MeasuredRow) => row.group;
  const byModel = (row: MeasuredRow) => row.machine.model.id;
  const byGpu = (row: MeasuredRow) => row.machine.gpu.id;
  const mixture = (list: readonly HeldOut[]) => closed(list.filter(({ row }) => row.mixture));
  const dense = (list: readonly HeldOut[]) => closed(list.filter(({ row }) => !row.mixture));
  const protocol = (name: MeasuredRow["protocol"]) => {
    const some = held.more.filter(({ row }) => row.protocol === name && engineEra(row.version) !== "first");
    // Engines of 2023 have bounds of their own.
    return of(some, new Set(some.map(({ row }) => byGpu(row))).size > 2 ? byGpu : byGroup);
  };
  return {
    dense: of(dense(held.byGroup), byGroup),
    mixture: of(mixture(held.byGroup), byGroup),
    newDense: of(dense(held.byModel), byModel),
    newMixture: of(mixture(held.byModel), byModel),
    newGpu: of(closed(held.byGpu), byGpu),
    otherEngine: of(
      held.more.filter(({ row }) => row.protocol !== "burst" && engineEra(row.version) !== "first"),
      byGpu,
    ),
    firstEngine: of(
      held.more.filter(({ row }) => engineEra(row.version) === "first"),
      byGpu,
    ),
    burst: protocol("burst"),
    offline_batch: protocol("offline_batch"),
    open_loop_poisson: protocol("open_loop_poisson"),
    decode_window: protocol("decode_window"),
  };
}
