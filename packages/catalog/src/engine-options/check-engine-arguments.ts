import type { RecordProblem } from "../additions";
import type { EngineRecord } from "../engine";
import { nearestName } from "../nearest-names";
import { flagTable, knownEngineVersions, longOption, type Flag } from "./flag-table";

/**
 * Reads an engine's command line as the pinned version would and names everything in it that the version does not have, would refuse,
 * or that puts a secret into the process list. Stricter than the engine in one thing: it takes no abbreviations and no underscores,
 * because the engine guesses what an abbreviation means.
 *
 * `args` are the arguments after the program's name; a leading `serve` and the model's path are allowed.
 */
export function checkEngineArguments(
  engine: EngineRecord["kind"],
  version: string,
  args: readonly string[],
): RecordProblem[] {
  const table = flagTable(engine, version);
  if (table === undefined) {
    const known = knownEngineVersions(engine);
    const reason =
      known.length === 0
        ? `no options of ${engine} are known; they cannot be checked`
        : `the options of ${engine} ${version} are not known; known versions: ${known.join(", ")}`;
    return [{ path: "version", reason }];
  }
  const problems: RecordProblem[] = [];
  const seen = new Map<string, number>();
  const start = args[0] === "serve" ? 1 : 0;
  let index = args[start]?.startsWith("-") === false ? start + 1 : start;
  while (index < args.length) {
    const position = index;
    const at = `args[${position}]`;
    const word = args[index] ?? "";
    if (!word.startsWith("-")) {
      problems.push({ path: at, reason: `${JSON.stringify(word)} belongs to no option` });
      index += 1;
      continue;
    }
    const equals = word.indexOf("=");
    const option = longOption(engine, equals < 0 ? word : word.slice(0, equals));
    const flag = table.get(option);
    const values = equals < 0 ? valuesAfter(args, index) : [word.slice(equals + 1)];
    index += equals < 0 ? 1 + taken(flag, values) : 1;
    if (flag === undefined) {
      problems.push({ path: at, reason: unknown(option, table, engine, version) });
      continue;
    }
    const before = seen.get(option);
    if (before !== undefined) problems.push({ path: at, reason: `${option} is given twice, first at args[${before}]` });
    seen.set(option, position);
    if (option === "--api-key" || option === "--hf-token") {
      problems.push({
        path: at,
        reason: `${option} shows a secret to everybody who can list processes; pass it by environment file`,
      });
    }
    problems.push(
      ...valueProblems(at, option, flag, equals < 0 ? values.slice(0, taken(flag, values)) : values, equals >= 0),
    );
  }
  return problems;
}

function valuesAfter(args: readonly string[], index: number): string[] {
  const values: string[] = [];
  // A negative number is a value, not an option.
  for (const word of args.slice(index + 1)) {
    if (word.startsWith("-") && !/^-\d/.test(word)) break;
    values.push(word);
  }
  return values;
}

function taken(flag: Flag | undefined, values: readonly string[]): number {
  switch (flag?.takes) {
    case "none":
      return 0;
    case "one":
    case "optional":
      return Math.min(1, values.length);
    default:
      return values.length;
  }
}

function valueProblems(
  path: string,
  option: string,
  flag: Flag,
  values: readonly string[],
  attached: boolean,
): RecordProblem[] {
  if (flag.takes === "none") return attached ? [{ path, reason: `${option} takes no value` }] : [];
  if (values.length === 0) {
    return flag.takes === "one" || flag.takes === "many" ? [{ path, reason: `${option} needs a value` }] : [];
  }
  return values.flatMap((value): RecordProblem[] => {
    if (flag.choices && !flag.choices.includes(value)) {
      const near = nearestName(value, flag.choices);
      const hint = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
      return [
        {
          path,
          reason: `${option} does not take ${JSON.stringify(value)}; allowed: ${flag.choices.join(", ")}${hint}`,
        },
      ];
    }
    if (flag.type !== undefined && !readable[flag.type](value)) {
      return [{ path, reason: `${option} wants ${wanted[flag.type]}, got ${JSON.stringify(value)}` }];
    }
    return [];
  });
}

const readable: Readonly<Record<NonNullable<Flag["type"]>, (value: string) => boolean>> = {
  int: (value) => /^-?\d+$/.test(value),
  float: (value) => value.trim() !== "" && Number.isFinite(Number(value)),
  count: (value) => /^\d+(\.\d+)?[kKmMgGtT]?$/.test(value),
  json: (value) => {
    try {
      JSON.parse(value);
      return true;
    } catch {
      return false;
    }
  },
};
const wanted = {
  int: "a whole number",
  float: "a number",
  count: "a number such as 8192 or 8K",
  json: "JSON",
} as const;

function unknown(option: string, table: ReadonlyMap<string, Flag>, engine: string, version: string): string {
  const hyphens = option.replaceAll("_", "-");
  const abbreviated = [...table.keys()].filter((name) => name.startsWith(hyphens));
  const near = table.has(hyphens)
    ? hyphens
    : abbreviated.length === 1
      ? abbreviated[0]
      : nearestName(option, [...table.keys()]);
  return `${engine} ${version} has no option ${option}${near === undefined ? "" : `; did you mean ${near}?`}`;
}
