import type { Readable, Writable } from "node:stream";
import { findModel, gpus, models, regions } from "@holdfast/catalog";
import { isPriced, workloadProfiles } from "@holdfast/sizing";
import type { SizeOptions } from "./size-options";

/** A person at a terminal. */
export interface Dialogue {
  readonly input: Readable;
  readonly output: Writable;
}

type Answers = Required<
  Pick<SizeOptions, "model" | "promptTokens" | "outputTokens" | "requestsPerSecond" | "region" | "replicas">
> &
  Pick<SizeOptions, "ttft" | "tpot" | "gpu" | "onPrem" | "compare">;

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
  const use = await clack.select({
    ...streams,
    message: "What is it for? (fills in the next answers: change what you know better)",
    options: workloadProfiles
      .filter(({ workload }) => encoder === (workload.outputTokens === 0))
      .map(({ name, workload }) => ({
        value: name,
        label: name,
        hint: `${workload.promptTokens} prompt${encoder ? "" : ` and ${workload.outputTokens} output`} tokens`,
      })),
    initialValue: encoder ? "embeddings" : "chat",
    maxItems: 9,
  });
  if (clack.isCancel(use)) return undefined;
  const profile = workloadProfiles.find(({ name }) => name === use)?.workload;
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
  const askRegion = () =>
    clack.select({
      ...streams,
      message: "AWS region",
      options: regions.map((one) => ({ value: one.id, label: one.id, hint: one.name })),
      maxItems: 8,
    });
  if (!(await ask("promptTokens", "Prompt tokens, 95th percentile", String(profile?.promptTokens ?? 1000))))
    return undefined;
  if (!encoder && !(await ask("outputTokens", "Output tokens, 95th percentile", String(profile?.outputTokens ?? 300))))
    return undefined;
  if (!(await ask("requestsPerSecond", "Requests per second in the busiest minute", "1"))) return undefined;
  if (
    !(await ask(
      "ttft",
      "Time to the first token, seconds, 95th percentile (empty: no target)",
      String(profile?.ttftSeconds ?? ""),
      true,
    ))
  )
    return undefined;
  if (
    !encoder &&
    !(await ask(
      "tpot",
      "Time per further token, ms, 95th percentile (empty: no target)",
      String(profile?.tpotMs ?? ""),
      true,
    ))
  )
    return undefined;
  if (!(await ask("replicas", "Replicas at least (2: one host may fail)", "2"))) return undefined;
  const where = await clack.select({
    ...streams,
    message: "Where will it run?",
    options: [
      { value: "cloud", label: "AWS" },
      { value: "own", label: "servers of our own", hint: "power, heat, supplies and disks are checked" },
      { value: "both", label: "AWS, and servers of our own beside it", hint: "what each costs, and which is cheaper" },
    ],
  });
  if (clack.isCancel(where)) return undefined;
  const own = where === "own";
  const cards = gpus.filter((one) => !own || isPriced(one.id)).map((one) => one.gpuClass);
  const gpu = await clack.select({
    ...streams,
    message: "GPU class",
    options: [
      { value: "", label: "whichever is cheapest" },
      ...[...new Set(cards)].map((one) => ({ value: one, label: one })),
    ],
    maxItems: 8,
  });
  if (clack.isCancel(gpu)) return undefined;
  const region = own ? "us-east-1" : await askRegion();
  if (clack.isCancel(region)) return undefined;
  const answers: Answers = {
    model,
    region,
    promptTokens: numbers.promptTokens ?? 1000,
    outputTokens: numbers.outputTokens ?? 0,
    requestsPerSecond: numbers.requestsPerSecond ?? 1,
    replicas: Math.round(numbers.replicas ?? 1),
    ...(numbers.ttft === undefined ? {} : { ttft: numbers.ttft }),
    ...(numbers.tpot === undefined ? {} : { tpot: numbers.tpot }),
    ...(gpu === "" ? {} : { gpu }),
    ...(own ? { onPrem: true } : {}),
    ...(where === "both" ? { compare: true } : {}),
  };
  clack.outro(`the same without questions: ${commandOf(answers, encoder)}`, { output });
  return answers;
}

/** The command line that asks for the same. */
function commandOf(answers: Answers, encoder: boolean): string {
  const { model, promptTokens, outputTokens, requestsPerSecond, ttft, tpot, replicas, gpu, region } = answers;
  return [
    `holdfast size -m ${model} -p ${promptTokens}${encoder ? "" : ` -t ${outputTokens}`} -r ${requestsPerSecond}`,
    ...(ttft === undefined ? [] : [`--ttft ${ttft}`]),
    ...(tpot === undefined ? [] : [`--tpot ${tpot}`]),
    `--replicas ${replicas}`,
    ...(gpu === undefined ? [] : [`--gpu ${gpu}`]),
    answers.onPrem === true ? "--on-prem" : `--region ${region}`,
    ...(answers.compare === true ? ["--compare"] : []),
  ].join(" ");
}
