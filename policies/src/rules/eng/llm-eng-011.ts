import { findModel, models } from "@holdfast/catalog";
import { fail, notInPlan, undetermined } from "../../rule/outcome";
import { Value } from "../../rule/value";
import { option, placeOf, type EngineCommand } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng011 = engineRule({
  id: "LLM-ENG-011",
  title: "An engine has the GPUs that it splits its model over, and enough of them",
  word: "MUST",
  source: ["POL-R07", "POL-R09"],
  looksAt:
    "tensor, pipeline and data parallel sizes against the GPUs asked for, the model's attention heads, and the size of the model's name",
  remedy:
    "ask for as many GPUs as the sizes multiply to, with a tensor parallel size that divides the attention heads; holdfast size works it out",
  anchors: [],
  doc: "A size that does not match the GPUs is the most common reason for an engine that does not start. A model of 65 billion parameters or more in 16 bits does not fit on one GPU of 80 GiB; a name that says a smaller format (FP8, AWQ, GPTQ, INT4, NVFP4, GGUF) is let through. Our own fleets come out of sizing, which has checked the memory, so for them only the heads are judged again.",
  engines: ["vllm", "tgi"],
  *judge(engine) {
    const sizes =
      engine.kind === "tgi"
        ? ["num-shard"]
        : ["tensor-parallel-size", "pipeline-parallel-size", "data-parallel-size-local"];
    const read = sizes.map((name) => option(engine, name));
    if (read.some(({ state }) => state === "unknown")) {
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so over how many GPUs it splits the model cannot be told",
      );
      return;
    }
    const numbers = read.map((reading) => (reading.state === "given" ? Number(reading.value) : 1));
    const [tensor] = read;
    const place = tensor?.state === "given" ? tensor.word.place : placeOf(engine);
    if (numbers.some((number) => !Number.isInteger(number) || number < 1)) {
      yield fail(place, `the sizes ${sizes.join(", ")} must be whole numbers of at least 1`);
      return;
    }
    const product = numbers.reduce((all, number) => all * number, 1);
    const gpus = gpusOf(engine);
    if (gpus.unknown) yield notInPlan(gpus, "whether it has the GPUs that it splits the model over");
    else if (gpus.number !== undefined && gpus.number !== product)
      yield fail(gpus, `asks for ${gpus.number} GPUs, but splits the model over ${product}`);
    yield* judgeModel(engine, numbers[0] ?? 1, product, place);
  },
});

function* judgeModel(engine: EngineCommand, tensor: number, product: number, place: Value) {
  const sizing = new Value(engine.workload.resource.outputs).at("sizing");
  const name = sizing.at("model").text ?? engine.model?.text?.toLowerCase() ?? "";
  const gpus = sizing.at("gpusPerReplica").number;
  if (gpus !== undefined && gpus !== product)
    yield fail(place, `splits the model over ${product} GPUs, but sizing gives each replica ${gpus}`);
  const record = models.find(({ id }) => name.split("/").some((part) => part === id)) ?? findModel(name);
  const heads = record === undefined ? undefined : record.architecture.heads;
  if (heads !== undefined && heads % tensor !== 0)
    yield fail(place, `a tensor parallel size of ${tensor} does not divide the model's ${heads} attention heads`);
  const billions = Number(/(?:^|[-_/])(\d+(?:\.\d+)?)b(?:[-_.]|$)/.exec(name)?.[1] ?? 0);
  const small =
    /fp8|awq|gptq|int4|int8|w4a16|w8a8|nvfp4|4bit|8bit|gguf|bnb|quantized/.test(name) ||
    option(engine, "quantization", "quantize").state === "given";
  if (engine.workload.kind !== "component" && billions >= 65 && product === 1 && !small)
    yield fail(place, `a model of ${billions} billion parameters does not fit on one GPU in 16 bits`);
}

/** The GPUs that the pod or container asks for. */
function gpusOf({ workload }: EngineCommand): Value {
  const limits = workload.place
    .in("resources", "limits")
    .entries()
    .find(([name]) => /^(nvidia|amd)\.com\/gpu$/.test(name));
  if (workload.kind === "pod" && limits !== undefined) return limits[1];
  return new Value(undefined, workload.place.path);
}
