import { findModel } from "@holdfast/catalog";
import { cpuTier, formatFor, judgeCpu, recommendEngine, type OwnHost } from "@holdfast/sizing";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import type { Terminal } from "../terminal";
import type { SizeQuestion } from "./size-need";

/** What a processor is planned with where nothing is stated: the production tier of the requirements. */
const assumedHost = { cores: 16, memoryGb: 32 } as const;

/** Whether a processor alone may serve this, with the arithmetic; refused with exit code 2 where it may not. */
export function sizeCpu(
  { need, assumptions }: SizeQuestion,
  host: OwnHost,
  stated: string | undefined,
  json: boolean,
  { out, colours }: Terminal,
): ExitCode {
  const model = findModel(need.model);
  if (model === undefined) throw new BadInput(`unknown model "${need.model}"`);
  // A processor reads the weights for every token: the 4-bit level is the usual choice.
  const format = formatFor(model, stated ?? "q4_k_m");
  if (format === undefined) throw new BadInput(`unknown format "${stated ?? ""}"`);
  const { cores = assumedHost.cores, memoryGb = assumedHost.memoryGb } = host;
  const production = (need.minimumReplicas ?? 1) > 1;
  const { promptTokens, outputTokens, requestsPerSecond, ttftSeconds } = need.workload;
  const verdict = judgeCpu({
    model,
    format,
    cores,
    memoryGb,
    production,
    promptTokens,
    outputTokens,
    requestsPerHour: requestsPerSecond * 3600,
    ...(ttftSeconds === undefined ? {} : { ttftSeconds }),
  });
  const what = `${model.id} ${format} on ${cores} cores and ${memoryGb} GB`;
  if (!verdict.ok)
    throw new BadInput(`${what} cannot be served: ${verdict.reason}; leave out --cpu to size it on a GPU`);
  const engine = recommendEngine({ substrate: "docker", gpu: false, production, concurrency: 1 });
  const tier = cpuTier(cores, memoryGb);
  const all = [
    ...assumptions,
    ...(host.cores === undefined || host.memoryGb === undefined
      ? [`${cores} cores, ${memoryGb} GB (state --host cores=..,memory=..)`]
      : []),
  ];
  if (json) {
    out(
      `${JSON.stringify({ model: model.id, format, cores, memoryGb, tier, engine, why: [verdict.reason], assumptions: all }, null, 2)}\n`,
    );
    return exitCodes.clean;
  }
  const lines = [
    colours.bold(`${what}: the ${tier} tier`),
    verdict.reason,
    `engine: ${engine.engine}: ${engine.why}`,
    ...(all.length === 0 ? [] : [colours.yellow(`assumed: ${all.join("; ")}`)]),
    colours.dim("speeds on a processor are estimates from rules of thumb: measure before you promise anything"),
  ];
  out(`${lines.join("\n")}\n`);
  return exitCodes.clean;
}
