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
  const { dataClass, regulations, tokensPerDay, networkMs } = inputs;
  const sensitive = dataClass === "confidential" || dataClass === "restricted";
  const strictly = inputs.airGapped || regulations.some((one) => strict.has(one.toLowerCase()));
  const volume = volumeDecision(tokensPerDay);
  const lines = [
    sensitive
      ? line("data sensitivity", "self REQUIRED", `prompts hold ${dataClass} data`)
      : line("data sensitivity", "either", `prompts hold ${dataClass} data`),
    strictly
      ? line("compliance", "self REQUIRED", inputs.airGapped ? "an air gap" : regulations.join(", "))
      : regulations.length > 0
        ? inputs.processingAgreement
          ? line("compliance", "either", `${regulations.join(", ")}, with a data processing agreement`)
          : line("compliance", "self", `${regulations.join(", ")}, without a data processing agreement`)
        : line("compliance", "either", "no regulation named"),
    line(
      "cost",
      volume === "compute" ? "either" : volume,
      `${tokensPerDay} tokens a day: cloud below ${breakEvenBand.cloudBelow}, self above ${breakEvenBand.selfAbove}${volume === "compute" ? ", between them compare prices" : ""}`,
    ),
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
