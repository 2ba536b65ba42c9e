import type { EngineKind } from "@holdfast/core";
import type { PlannedResource } from "../graph/planned-resource";
import { families } from "../rule/families";
import { Value } from "../rule/value";
import { workloadsOf, type EnvironmentEntry, type Word, type Workload } from "./workload";

/** An inference engine that the plan starts: which one, and with which options. */
export interface EngineCommand {
  readonly kind: EngineKind;
  /** As `0.32.0`; undefined when the plan does not say. */
  readonly version: string | undefined;
  readonly workload: Workload;
  /** The options after the program's name. */
  readonly args: readonly Word[];
  /** The model that is served: a path, a hub id, or undefined when the plan does not say. */
  readonly model: Word | undefined;
}

/** What an option's place in a command says about it. */
export type OptionReading =
  | { readonly state: "given"; readonly word: Word; readonly value: string | undefined }
  | { readonly state: "absent" }
  | { readonly state: "unknown" };

const images: readonly (readonly [EngineKind, RegExp])[] = [
  ["vllm", /(^|[/_-])vllm([/_:@-]|$)/i],
  ["ollama", /(^|\/)ollama([/_:@-]|$)/i],
  ["llamacpp", /llama[._-]?cpp|(^|\/)llama-server/i],
  ["tgi", /text-generation-inference/i],
];

const programs: readonly (readonly [EngineKind, RegExp])[] = [
  ["vllm", /(^|\/)vllm$|^vllm\.entrypoints/],
  ["ollama", /(^|\/)ollama$/],
  ["llamacpp", /(^|\/)llama-server$/],
  ["tgi", /(^|\/)text-generation-launcher$/],
];

/** Short and old spellings of options, by the name the engine uses now. */
const spellings: Readonly<Record<string, string>> = {
  tp: "tensor-parallel-size",
  pp: "pipeline-parallel-size",
  dp: "data-parallel-size",
  q: "quantization",
  m: "model",
};

const known = new WeakMap<PlannedResource, readonly EngineCommand[]>();

/** The engines that a resource starts; worked out once, because a quarter of the rules ask. */
export function enginesOf(resource: PlannedResource): readonly EngineCommand[] {
  let engines = known.get(resource);
  if (engines === undefined) {
    engines = workloadsOf(resource).flatMap((workload) => engineOf(workload) ?? []);
    known.set(resource, engines);
  }
  return engines;
}

function engineOf(workload: Workload): EngineCommand | undefined {
  const program = workload.words.findIndex(
    ({ text }) => text !== undefined && programs.some(([, pattern]) => pattern.test(text)),
  );
  const named = programs.find(([, pattern]) => pattern.test(workload.words[program]?.text ?? ""))?.[0];
  const image = workload.image.text ?? "";
  const kind =
    workload.kind === "component"
      ? componentKind(workload)
      : (named ?? (namesOwnWork(workload) ? undefined : images.find(([, pattern]) => pattern.test(image))?.[0]));
  if (kind === undefined) return undefined;
  const args = program >= 0 ? workload.words.slice(program + 1) : workload.words;
  const version =
    workload.kind === "component" ? workload.place.at("version").text : /:v?(\d+\.\d+(?:\.\d+)?)/.exec(image)?.[1];
  return {
    kind,
    version: version?.split(".").length === 2 ? `${version}.0` : version,
    workload,
    args,
    model: modelOf(kind, args),
  };
}

/**
 * Whether an engine's image is used for something else than serving: by a job that runs to an end, and says itself which program, none of
 * an engine. The image of llama.cpp, for one, also holds what converts and quantises.
 */
function namesOwnWork({ resource, place, words, wordsOpen }: Workload): boolean {
  return (
    families.runToAnEnd.has(resource.type) &&
    !place.at("command").absent &&
    !wordsOpen &&
    !words.some(({ text }) => images.some(([, pattern]) => pattern.test(text ?? "")))
  );
}

function componentKind({ place }: Workload): EngineKind | undefined {
  const kind = place.at("kind").text;
  return kind === "vllm" || kind === "ollama" || kind === "llamacpp" || kind === "tgi" ? kind : undefined;
}

/** Reads one option of an engine, whichever way it is spelt. A flag without a value reads as given, without a value. */
export function option(engine: EngineCommand, ...names: readonly string[]): OptionReading {
  const { args, workload } = engine;
  for (const [index, word] of args.entries()) {
    const text = word.text;
    if (text?.startsWith("-") !== true) continue;
    const [name, attached] = splitOption(text);
    if (!names.includes(name)) continue;
    const next = args[index + 1];
    const following = next?.text?.startsWith("-") === true ? undefined : next?.text;
    return { state: "given", word, value: attached ?? following };
  }
  return workload.wordsOpen ? { state: "unknown" } : { state: "absent" };
}

/** Whether an engine has an option, and it is not switched off. */
export function switchedOn(engine: EngineCommand, name: string): OptionReading {
  const reading = option(engine, name);
  const off = reading.state === "given" && /^(false|0|off|no)$/i.test(reading.value ?? "");
  return off ? { state: "absent" } : reading;
}

/** The entry of an environment variable. */
export function variable({ workload }: EngineCommand, name: string): EnvironmentEntry | undefined {
  return workload.environment.findLast((entry) => entry.name === name);
}

/** Whether an environment variable is set to something that means yes. Undefined when the plan does not say. */
export function variableOn(engine: EngineCommand, name: string): boolean | undefined {
  const entry = variable(engine, name);
  if (entry === undefined) return engine.workload.environmentOpen ? undefined : false;
  if (entry.value?.unknown === true) return undefined;
  const text = entry.value?.scalar ?? "";
  return text !== "" && !/^(0|false|no|off)$/i.test(text);
}

/** Where to point in a finding about an engine as a whole. */
export function placeOf({ workload }: EngineCommand): Value {
  return new Value(undefined, workload.kind === "component" ? "engine.args" : workload.place.path);
}

function splitOption(text: string): readonly [string, string | undefined] {
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).replace(/^-+/, "").replaceAll("_", "-");
  return [spellings[name] ?? name, equals < 0 ? undefined : text.slice(equals + 1)];
}

function modelOf(kind: EngineKind, args: readonly Word[]): Word | undefined {
  const names =
    kind === "tgi" ? ["model-id"] : kind === "llamacpp" ? ["model", "hf-repo", "hf", "model-url"] : ["model"];
  for (const [index, word] of args.entries()) {
    const [name, attached] = word.text?.startsWith("-") === true ? splitOption(word.text) : ["", undefined];
    if (names.includes(name)) return attached === undefined ? args[index + 1] : { text: attached, place: word.place };
  }
  const serve = args[0]?.text === "serve" ? args[1] : args[0];
  return kind === "vllm" && serve !== undefined && serve.text?.startsWith("-") !== true ? serve : undefined;
}
