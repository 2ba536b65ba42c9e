import type { PlannedResource } from "../graph/planned-resource";
import { families, union } from "../rule/families";
import { Value } from "../rule/value";
import { assignment, fromHostText } from "./host-commands";
import { hostBearing, hostTexts } from "./host-texts";
import { containersOf, podTemplates } from "./pod-templates";
import { shellWords } from "./shell-words";

/** One word of a command line; `text` is undefined when it is not in the plan. */
export interface Word {
  readonly text: string | undefined;
  /** The property it stands in. */
  readonly place: Value;
}

/** One environment variable. */
export interface EnvironmentEntry {
  readonly name: string;
  /** Its value; undefined when it comes from a secret store or another reference. */
  readonly value: Value | undefined;
  readonly place: Value;
}

/** A program that the plan starts, wherever it is written down. */
export interface Workload {
  readonly resource: PlannedResource;
  readonly kind: "component" | "pod" | "docker" | "task" | "host";
  /** The container, or the property that holds the command. */
  readonly place: Value;
  readonly image: Value;
  readonly words: readonly Word[];
  /** Whether there may be more words than the plan shows. */
  readonly wordsOpen: boolean;
  readonly environment: readonly EnvironmentEntry[];
  readonly environmentOpen: boolean;
  /** Ports that `docker run` publishes, as they are written: `127.0.0.1:8000:8000`. */
  readonly published?: readonly string[];
  /** The pod it belongs to. */
  readonly pod?: Value;
}

/** Types that can start a program. */
export const workloadTypes = union(
  families.podBearing,
  families.dockerContainer,
  families.dockerService,
  families.taskDefinition,
  families.modelFleet,
  hostBearing,
);

const found = new WeakMap<PlannedResource, readonly Workload[]>();

/** The programs that a resource starts. */
export function workloadsOf(resource: PlannedResource): readonly Workload[] {
  let workloads = found.get(resource);
  if (workloads === undefined) {
    workloads = read(resource);
    found.set(resource, workloads);
  }
  return workloads;
}

function read(resource: PlannedResource): readonly Workload[] {
  const inputs = Value.inputsOf(resource);
  if (families.modelFleet.has(resource.type)) return component(resource);
  if (families.podBearing.has(resource.type))
    return podTemplates(resource).flatMap((pod) =>
      containersOf(pod).map((container) => fromContainer(resource, pod, container)),
    );
  if (families.dockerContainer.has(resource.type))
    return [fromDocker(resource, inputs, "command", "envs", "entrypoints")];
  if (families.dockerService.has(resource.type))
    return [inputs.in("taskSpec", "containerSpec")]
      .filter(({ absent }) => !absent)
      .map((spec) => fromService(resource, spec));
  if (families.taskDefinition.has(resource.type)) return fromTask(resource, inputs.at("containerDefinitions"));
  return hostTexts(resource).flatMap(({ property, text }) =>
    text === undefined ? [] : fromHostText(resource, property, text),
  );
}

function component(resource: PlannedResource): readonly Workload[] {
  const engine = new Value(resource.outputs).at("engine");
  if (engine.map === undefined) return [];
  const place = new Value(engine.raw, "engine");
  const names = place.at("environmentNames").items();
  return [
    {
      resource,
      kind: "component",
      place,
      image: place.at("image"),
      words: place.at("args").items().map(word),
      wordsOpen:
        place.at("args").unknown ||
        place
          .at("args")
          .items()
          .some(({ unknown }) => unknown),
      environment: [
        ...names.flatMap((name) =>
          name.text === undefined ? [] : [{ name: name.text, value: undefined, place: name }],
        ),
        ...place
          .at("environment")
          .entries()
          .map(([name, value]) => ({ name, value, place: value })),
      ],
      environmentOpen: false,
    },
  ];
}

function fromContainer(resource: PlannedResource, pod: Value, container: Value): Workload {
  const lists = [container.at("command"), container.at("args")];
  const environment = container.at("env");
  return {
    resource,
    kind: "pod",
    pod,
    place: container,
    image: container.at("image"),
    ...unwrapped(
      lists.flatMap((list) => list.items().map(word)),
      lists.some(({ unknown }) => unknown),
    ),
    environment: environment.items().flatMap((entry) => {
      const name = entry.at("name").text;
      if (name === undefined) return [];
      const value = entry.at("value");
      return [{ name, value: value.absent ? undefined : value, place: value.absent ? entry : value }];
    }),
    environmentOpen: environment.unknown || environment.items().some((entry) => entry.at("name").unknown),
  };
}

function fromDocker(
  resource: PlannedResource,
  spec: Value,
  command: string,
  environment: string,
  entrypoint: string,
): Workload {
  const lists = [spec.at(entrypoint), spec.at(command)];
  const entries = spec.at(environment);
  return {
    resource,
    kind: "docker",
    place: spec,
    image: spec.at("image"),
    ...unwrapped(
      lists.flatMap((list) => list.items().map(word)),
      lists.some(({ unknown }) => unknown),
    ),
    environment: entries.items().flatMap((entry) => assignment(entry.text, entry)),
    environmentOpen: entries.unknown || entries.items().some(({ unknown }) => unknown),
  };
}

function fromService(resource: PlannedResource, spec: Value): Workload {
  const base = fromDocker(resource, spec, "args", "none", "commands");
  return {
    ...base,
    environment: spec
      .at("env")
      .entries()
      .map(([name, value]) => ({ name, value, place: value })),
    environmentOpen: spec.at("env").unknown,
  };
}

function fromTask(resource: PlannedResource, definitions: Value): readonly Workload[] {
  if (definitions.text === undefined) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(definitions.text);
  } catch {
    return [];
  }
  return new Value(parsed as Value["raw"], "containerDefinitions").items().map((container): Workload => {
    const lists = [container.at("entryPoint"), container.at("command")];
    return {
      resource,
      kind: "task",
      place: container,
      image: container.at("image"),
      ...unwrapped(
        lists.flatMap((list) => list.items().map(word)),
        false,
      ),
      environment: [
        ...container
          .at("environment")
          .items()
          .flatMap((entry) => [
            { name: entry.at("name").text ?? "", value: entry.at("value"), place: entry.at("value") },
          ]),
        ...container
          .at("secrets")
          .items()
          .flatMap((entry) => [{ name: entry.at("name").text ?? "", value: undefined, place: entry }]),
      ],
      environmentOpen: false,
    };
  });
}

function word(value: Value): Word {
  return { text: value.scalar, place: value };
}

/** Looks through `sh -c "<command line>"`. */
function unwrapped(words: readonly Word[], open: boolean): Pick<Workload, "words" | "wordsOpen"> {
  const shell = words.findIndex(
    ({ text }, index) => /^-[a-z]*c$/.test(text ?? "") && /(^|\/)(ba|da|z|a)?sh$/.test(words[index - 1]?.text ?? ""),
  );
  const script = words[shell + 1];
  const wordsOpen = open || words.some(({ text }) => text === undefined);
  if (shell < 0 || script?.text === undefined) return { words, wordsOpen };
  return {
    words: shellWords(script.text.replaceAll(/\bexec\s+/g, "")).map((text) => ({ text, place: script.place })),
    wordsOpen,
  };
}
