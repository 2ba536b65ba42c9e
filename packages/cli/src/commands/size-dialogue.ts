import type { Readable, Writable } from "node:stream";
import { findModel, gpus, models, regions } from "@holdfast/catalog";
import type { SizeOptions } from "./size-options";

/** A person at a terminal. */
export interface Dialogue {
  readonly input: Readable;
  readonly output: Writable;
}

type Answers = Required<
  Pick<SizeOptions, "model" | "promptTokens" | "outputTokens" | "requestsPerSecond" | "region" | "replicas">
> &
  Pick<SizeOptions, "ttft" | "tpot" | "gpu">;

/** Asks for what sizing needs, one question at a time, with a default for all but the model; nothing when the person stops. */
export async function sizeDialogue({ input, output }: Dialogue): Promise<Answers | undefined> {
  const clack = await import("@clack/prompts");
  const streams = { input, output };
  clack.intro("What must the fleet carry?", { output });
  const model = await clack.autocomplete({
    ...streams,
    message: "Model (type to search)",
    options: models.map(({ id, task }) => ({ value: id, label: id, hint: task })),
    maxItems: 8,
  });
  if (clack.isCancel(model)) return undefined;
  const encoder = findModel(model)?.task !== "generate";
  const numbers: Partial<Record<keyof Answers, number>> = {};
  const ask = async (key: keyof Answers, message: string, initialValue: string, optional = false) => {
    const answer = await clack.text({
      ...streams,
      message,
      initialValue,
      validate: (text) => ((optional && !text) || Number(text) > 0 ? undefined : "a number above 0, please"),
    });
    if (clack.isCancel(answer)) return false;
    if (answer) numbers[key] = Number(answer);
    return true;
  };
  if (!(await ask("promptTokens", "Prompt tokens, 95th percentile", "1000"))) return undefined;
  if (!encoder && !(await ask("outputTokens", "Output tokens, 95th percentile", "300"))) return undefined;
  if (!(await ask("requestsPerSecond", "Requests per second in the busiest minute", "1"))) return undefined;
  if (!(await ask("ttft", "Time to the first token, seconds, 95th percentile (empty: no target)", "2", true)))
    return undefined;
  if (!encoder && !(await ask("tpot", "Time per further token, ms, 95th percentile (empty: no target)", "50", true)))
    return undefined;
  if (!(await ask("replicas", "Replicas at least (2: one host may fail)", "2"))) return undefined;
  const gpu = await clack.select({
    ...streams,
    message: "GPU class",
    options: [
      { value: "", label: "whichever is cheapest" },
      ...[...new Set(gpus.map((one) => one.gpuClass))].map((one) => ({ value: one, label: one })),
    ],
    maxItems: 8,
  });
  if (clack.isCancel(gpu)) return undefined;
  const region = await clack.select({
    ...streams,
    message: "AWS region",
    options: regions.map((one) => ({ value: one.id, label: one.id, hint: one.name })),
    maxItems: 8,
  });
  if (clack.isCancel(region)) return undefined;
  return {
    model,
    region,
    promptTokens: numbers.promptTokens ?? 1000,
    outputTokens: numbers.outputTokens ?? 0,
    requestsPerSecond: numbers.requestsPerSecond ?? 1,
    replicas: Math.round(numbers.replicas ?? 1),
    ...(numbers.ttft === undefined ? {} : { ttft: numbers.ttft }),
    ...(numbers.tpot === undefined ? {} : { tpot: numbers.tpot }),
    ...(gpu === "" ? {} : { gpu }),
  };
}
