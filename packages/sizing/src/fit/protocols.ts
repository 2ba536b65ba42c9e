import { runningLimit } from "../running-limit";
import { closedLoop, tokenTime } from "../closed-loop";
import { decodeStep, prefill, promptCompute, type Machine } from "../step-time";
import type { MeasuredRow } from "./measured-rows";

/** What a protocol makes of a configuration, seconds; absent where the protocol does not measure it. */
export interface ProtocolTimes {
  readonly tpot?: number;
  readonly ttft?: number;
  readonly endToEnd?: number;
}

/** Predicts a row in the terms of its protocol: the same engine, five meanings of concurrency. */
export function predictProtocol(row: MeasuredRow, m: Machine = row.machine): ProtocolTimes {
  const { lengths, clients } = row;
  switch (row.protocol) {
    case "offline_batch":
      return offlineBatch(m, row);
    case "burst":
      return { tpot: tokenTime(m, lengths, row.running ?? clients) };
    case "decode_window":
      return { tpot: decodeStep(m, row.running ?? clients, lengths.prompt + lengths.output / 2) };
    case "open_loop_poisson":
      return { tpot: tokenTime(m, lengths, clients) };
    default: {
      const { tpot, ttft } = closedLoop(m, lengths, clients);
      return { tpot, ttft };
    }
  }
}

/** All prompts first, then all outputs in step; what exceeds the cache runs in further waves. */
function offlineBatch(m: Machine, row: MeasuredRow): ProtocolTimes {
  const { prompt, output } = row.lengths;
  const running = Math.min(row.clients, runningLimit(m, row.lengths));
  const waves = row.clients / running;
  const prompts = Math.max(prefill(m, prompt), promptCompute(m, prompt) * running);
  const step = decodeStep(m, running, prompt + output / 2);
  return { tpot: step, ttft: prompts, endToEnd: waves * (prompts + output * step) };
}
