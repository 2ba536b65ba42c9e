import type { PlannedResource } from "../graph/planned-resource";
import { Value } from "../rule/value";
import { shellWords } from "./shell-words";
import type { EnvironmentEntry, Workload } from "./workload";

/** Command lines in a text that start an engine or a container. */
const starts =
  /(^|[\s=:;&|"'-])((\/\S+\/)?(docker|podman|nerdctl)\s+(container\s+)?run|(\/\S+\/)?vllm\s+serve|(\/\S+\/)?python3?\s+-m\s+vllm\.\S+|(\/\S+\/)?ollama\s+serve|(\/\S+\/)?llama-server|(\/\S+\/)?text-generation-launcher)(\s|$)/;

/** What every such line holds; most lines hold none of it, and this is the quicker look. */
const program = /docker|podman|nerdctl|vllm|ollama|llama-server|text-generation-launcher/;

export function fromHostText(resource: PlannedResource, property: Value, text: string): readonly Workload[] {
  const lines = text.replaceAll(/\\\r?\n/g, " ").split(/\r?\n/);
  const place = new Value(text, property.path);
  const exported = lines.flatMap((line) => {
    const match = /^\s*(?:-\s+)?(?:export\s+|Environment=|ENV\s+)?"?([A-Z][A-Z0-9_]{2,})=(.*?)"?\s*$/.exec(line);
    const [name, value] = [match?.[1], match?.[2]];
    return name === undefined || value === undefined
      ? []
      : [{ name, value: new Value(value.replaceAll(/^["']|["']$/g, ""), property.path), place }];
  });
  const commands = lines.flatMap((line) => {
    const match = program.test(line) ? starts.exec(line) : null;
    if (match === null || /^\s*#/.test(line)) return [];
    return [shellWords(line.slice(match.index + (match[1] ?? "").length))];
  });
  if (commands.length === 0)
    return exported.length === 0
      ? []
      : [
          {
            resource,
            kind: "host",
            place,
            image: new Value(undefined, property.path),
            words: [],
            wordsOpen: false,
            environment: exported,
            environmentOpen: false,
          },
        ];
  return commands.map((words) => {
    const { image, environment, published, rest } = containerRun(words);
    return {
      resource,
      kind: "host",
      place,
      image: new Value(image, property.path),
      words: rest.map((text) => ({ text, place })),
      wordsOpen: false,
      environment: [...exported, ...environment.flatMap((entry) => assignment(entry, place))],
      environmentOpen: false,
      ...(published === undefined ? {} : { published }),
    };
  });
}

/** Options of `docker run` without a value. */
const bare = new Set([
  "-d",
  "--detach",
  "--rm",
  "-i",
  "-t",
  "-it",
  "--init",
  "--privileged",
  "-P",
  "--publish-all",
  "--read-only",
  "--no-healthcheck",
  "--interactive",
  "--tty",
]);

/** Takes `docker run` apart into the image, the environment, the published ports and the command in the container. */
function containerRun(words: readonly string[]): {
  image: string | undefined;
  environment: readonly string[];
  published?: readonly string[];
  rest: readonly string[];
} {
  const run = words.indexOf("run");
  if (run < 0 || run > 2) return { image: undefined, environment: [], rest: words };
  const environment: string[] = [];
  const published: string[] = [];
  let index = run + 1;
  while (index < words.length && words[index]?.startsWith("-") === true) {
    const option = words[index] ?? "";
    const takesNext = !option.includes("=") && !bare.has(option);
    if (/^(-e|--env)$/.test(option)) environment.push(words[index + 1] ?? "");
    else if (option.startsWith("--env=")) environment.push(option.slice("--env=".length));
    else if (/^(-p|--publish)$/.test(option)) published.push(words[index + 1] ?? "");
    else if (option.startsWith("--publish=")) published.push(option.slice("--publish=".length));
    index += takesNext ? 2 : 1;
  }
  return { image: words[index], environment, published, rest: words.slice(index + 1) };
}

export function assignment(text: string | undefined, place: Value): readonly EnvironmentEntry[] {
  const equals = text?.indexOf("=") ?? -1;
  if (text === undefined || text === "") return [];
  // A name alone passes the value of whoever starts the container.
  if (equals < 0) return [{ name: text, value: undefined, place }];
  return [{ name: text.slice(0, equals), value: new Value(text.slice(equals + 1), place.path), place }];
}
