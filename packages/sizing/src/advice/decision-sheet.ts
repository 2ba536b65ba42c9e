/** What decides between running models oneself and buying tokens. */
export interface DecisionInputs {
  /** The most sensitive class of data that prompts may hold. */
  readonly dataClass: "public" | "internal" | "confidential" | "restricted";
  /** Regulations that apply, such as HIPAA; `air-gapped` forbids the outside altogether. */
  readonly regulations: readonly string[];
  readonly airGapped: boolean;
  /** The provider signs a data processing agreement. */
  readonly processingAgreement: boolean;
  /** Prompt and output tokens per day, sustained. */
  readonly tokensPerDay: number;
  /** Time on the network that is allowed at the 99th percentile, ms. */
  readonly networkMs: number;
  readonly fineTunedOrOwnModels: boolean;
  /** Someone runs GPUs, Linux and on-call. */
  readonly expertise: boolean;
  readonly highAvailability: boolean;
  readonly stage: "prototype" | "production";
  /** Prompts hold the company's property: source code, unreleased products, strategies, patents. @default false */
  readonly intellectualProperty?: boolean;
  /** Sustained. Above 100 the sources host themselves. */
  readonly requestsPerSecond?: number;
  /** Large batches or training. @default false */
  readonly batchWork?: boolean;
  /** The load comes and goes, with the season or the project. @default false */
  readonly intermittent?: boolean;
}

export interface DecisionLine {
  readonly factor: string;
  readonly leans: "self REQUIRED" | "self" | "either" | "cloud";
  readonly reason: string;
}

/** Tokens per day below which hosted models are cheaper, and above which one's own are; between them it has to be computed. */
export const breakEvenBand = { cloudBelow: 100_000, selfAbove: 1_000_000 } as const;

/** Whether the volume alone decides. */
export function volumeDecision(tokensPerDay: number): "cloud" | "compute" | "self" {
  if (tokensPerDay < breakEvenBand.cloudBelow) return "cloud";
  return tokensPerDay > breakEvenBand.selfAbove ? "self" : "compute";
}

const strict = new Set(["itar", "fedramp"]);
/** Requests per second, sustained, above which the sources host themselves. */
const busyRate = 100;

/** Volume decides; a load that comes and goes leans to the cloud unless it is large, and so do no others. */
function costLine(inputs: DecisionInputs, volume: ReturnType<typeof volumeDecision>): DecisionLine {
  const { tokensPerDay, requestsPerSecond = 0, batchWork = false, intermittent = false } = inputs;
  const tokens = Math.round(tokensPerDay).toLocaleString("en-US");
  const bounds = `cloud below ${breakEvenBand.cloudBelow.toLocaleString("en-US")}, self above ${breakEvenBand.selfAbove.toLocaleString("en-US")}`;
  const line = (leans: DecisionLine["leans"], reason: string): DecisionLine => ({ factor: "cost", leans, reason });
  if (volume === "self") return line("self", `${tokens} tokens a day: ${bounds}`);
  if (requestsPerSecond > busyRate) return line("self", `${requestsPerSecond} requests/s sustained, above ${busyRate}`);
  if (batchWork) return line("self", "large batches or training");
  if (volume === "cloud") return line("cloud", `${tokens} tokens a day: ${bounds}`);
  if (intermittent)
    return line("cloud", `${tokens} tokens a day, and the load comes and goes: hardware would stand idle`);
  return line("either", `${tokens} tokens a day: ${bounds}, between them compare prices`);
}

/** The sheet of eight factors, each with the way it leans and why, and what they add up to. */
export function decisionSheet(inputs: DecisionInputs): {
  readonly recommendation: "self-hosted" | "cloud" | "either";
  readonly lines: readonly DecisionLine[];
} {
  const line = (factor: string, leans: DecisionLine["leans"], reason: string): DecisionLine => ({
    factor,
    leans,
    reason,
  });
  const { dataClass, regulations, networkMs } = inputs;
  const sensitive = dataClass === "confidential" || dataClass === "restricted";
  const strictly = inputs.airGapped || regulations.some((one) => strict.has(one.toLowerCase()));
  const volume = volumeDecision(inputs.tokensPerDay);
  const lines = [
    sensitive
      ? line("data sensitivity", "self REQUIRED", `prompts hold ${dataClass} data`)
      : inputs.intellectualProperty === true
        ? line("data sensitivity", "self", `prompts hold ${dataClass} data and the company's own property`)
        : line("data sensitivity", "either", `prompts hold ${dataClass} data`),
    strictly
      ? line("compliance", "self REQUIRED", inputs.airGapped ? "an air gap" : regulations.join(", "))
      : regulations.length > 0
        ? inputs.processingAgreement
          ? line("compliance", "either", `${regulations.join(", ")}, with a data processing agreement`)
          : line("compliance", "self", `${regulations.join(", ")}, without a data processing agreement`)
        : line("compliance", "either", "no regulation named"),
    costLine(inputs, volume),
    networkMs < 50
      ? line(
          "latency",
          "self",
          `${networkMs} ms on the network: only a private one keeps below 50 at the 99th percentile`,
        )
      : line("latency", "either", `${networkMs} ms on the network; over the internet up to 500 is usual`),
    inputs.fineTunedOrOwnModels
      ? line("customisation", "self REQUIRED", "own or fine-tuned models")
      : line("customisation", "either", "published models"),
    inputs.expertise
      ? line("expertise", "either", "people who run GPUs, Linux and on-call are there")
      : line("expertise", "cloud", "nobody runs GPUs, Linux and on-call yet"),
    inputs.highAvailability
      ? line(
          "uptime",
          "either",
          "self-hosting means two of everything, backups and restore tests; providers promise 99.9 %",
        )
      : line("uptime", "either", "an outage can be waited out"),
    inputs.airGapped
      ? line("internet", "self REQUIRED", "there is none")
      : line("internet", "either", "a provider's outage is one's own"),
  ];
  const has = (leans: DecisionLine["leans"]) => lines.some((one) => one.leans === leans);
  if (has("self REQUIRED")) return { recommendation: "self-hosted", lines };
  const self = lines.filter((one) => one.leans === "self").length;
  const cloud = lines.filter((one) => one.leans === "cloud").length + (inputs.stage === "prototype" ? 1 : 0);
  return { recommendation: self > cloud ? "self-hosted" : cloud > self ? "cloud" : "either", lines };
}
