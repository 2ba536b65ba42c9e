import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { unknownValue } from "@holdfast/policies";
import { isMap, isScalar, LineCounter, parseDocument, type Node } from "yaml";
import { readAsEngine } from "./engine-scalars";

/** What Pulumi's files say about one stack. Fits into a request for `planProgram`. */
export interface StackConfig {
  readonly project: string;
  readonly stack: string;
  /** The program: `main` of Pulumi.yaml, or its folder. */
  readonly main: string;
  /** Folder of Pulumi.yaml. */
  readonly rootDirectory: string;
  /** Folder of the stacks' files. */
  readonly configFolder: string;
  /** Configuration by full key; objects as JSON texts. Encrypted values stand as the unknown marker. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys whose value is a secret or holds one. */
  readonly secretKeys: readonly string[];
  /** The stack's file; absent when there is none. */
  readonly file?: string;
  /** Pulumi ESC environments that the stack imports. They live in Pulumi Cloud, so what they set is not in `config`. */
  readonly environments: readonly string[];
}

/** Files that cannot be read as Pulumi would. Each problem names file, line and column. */
export class StackConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "StackConfigError";
    this.problems = problems;
  }
}

/**
 * Reads Pulumi.yaml in a folder and the file of one stack. Nothing is decrypted and no passphrase is needed: a value under
 * `secure:` becomes a secret of unknown value.
 */
export function readStackConfig(projectFolder: string, stack: string): StackConfig {
  const rootDirectory = resolve(projectFolder);
  const projectFile = ["Pulumi.yaml", "Pulumi.yml"]
    .map((name) => join(rootDirectory, name))
    .find((file) => existsSync(file));
  if (projectFile === undefined)
    throw new StackConfigError([
      `${join(rootDirectory, "Pulumi.yaml")}: no such file; name the folder that holds Pulumi.yaml`,
    ]);
  const project = readYaml(projectFile);
  const name = project.text("name");
  if (name === undefined)
    throw new StackConfigError([`${projectFile}: name: missing; expected the name of the project`]);
  const folder = resolve(rootDirectory, project.text("stackConfigDir") ?? project.text("config") ?? ".");
  const stackFile = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`]
    .map((base) => join(folder, base))
    .find((file) => existsSync(file));
  const settings = stackFile === undefined ? undefined : readYaml(stackFile);

  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  const problems: string[] = [];
  const add = (key: string, value: Value): void => {
    config[key] = value.text;
    if (value.secret) secretKeys.push(key);
  };
  for (const [key, value] of project.entries("config")) {
    const fallback = projectDefault(value);
    if (fallback !== undefined) add(fullKey(key, name), fallback);
  }
  for (const [key, value, place] of settings?.entries("config") ?? []) {
    if (key.split(":").length > 3) problems.push(`${place}: ${key}: expected a key of the form "namespace:name"`);
    else add(fullKey(key, name), configValue(value));
  }
  if (problems.length > 0) throw new StackConfigError(problems);
  return {
    project: name,
    stack,
    main: resolve(rootDirectory, project.text("main") ?? "."),
    rootDirectory,
    configFolder: folder,
    config,
    secretKeys: [...new Set(secretKeys)],
    ...(stackFile === undefined ? {} : { file: stackFile }),
    environments: settings?.environments() ?? [],
  };
}

interface Value {
  readonly text: string;
  readonly secret: boolean;
}

/** A key without a namespace belongs to the project; the middle part of `project:config:key` is an old spelling. */
function fullKey(key: string, project: string): string {
  const parts = key.split(":");
  if (parts.length === 1) return `${project}:${key}`;
  return parts.length === 3 && parts[1] === "config" ? `${parts[0] ?? project}:${parts[2] ?? ""}` : key;
}

/** The value of a key in a stack's file. */
function configValue(value: unknown): Value {
  const secrets = { found: false };
  const plain = withoutSecrets(value, secrets);
  return {
    text: typeof plain === "object" && plain !== null ? JSON.stringify(plain) : scalarText(plain),
    secret: secrets.found,
  };
}

/** In Pulumi.yaml a key is either given a value for all stacks or declared, with or without a default. */
function projectDefault(value: unknown): Value | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return value === null ? undefined : configValue(value);
  const declared = value as { value?: unknown; default?: unknown; secret?: unknown };
  const given = declared.value ?? declared.default;
  if (given === undefined) return undefined;
  const read = configValue(given);
  return { text: read.text, secret: read.secret || declared.secret === true };
}

/** Puts the unknown marker in the place of each encrypted value, at any depth. */
function withoutSecrets(value: unknown, secrets: { found: boolean }): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure" && typeof entries[0][1] === "string") {
    secrets.found = true;
    return unknownValue;
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutSecrets(item, secrets)]));
}

function scalarText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

interface YamlFile {
  text(key: string): string | undefined;
  /** Key, value and place of each entry under a key. */
  entries(key: string): [key: string, value: unknown, place: string][];
  environments(): string[];
}

function readYaml(file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new StackConfigError(document.errors.map(({ message, pos }) => `${place(pos[0])}: ${message}`));
  }
  const misread = readAsEngine(document);
  if (misread.length > 0) {
    throw new StackConfigError(misread.map(({ offset, problem }) => `${place(offset)}: ${problem}`));
  }
  const root = document.contents;
  if (root !== null && !isMap(root)) throw new StackConfigError([`${place(0)}: expected a mapping of settings`]);
  const at = (key: string): Node | undefined => root?.get(key, true) ?? undefined;
  return {
    text: (key) => {
      const node = at(key);
      return isScalar(node) && node.value !== null ? scalarText(node.value) : undefined;
    },
    entries: (key) => {
      const node = at(key);
      if (!isMap(node)) return [];
      return node.items.map((pair) => {
        const name = isScalar(pair.key) ? scalarText(pair.key.value) : "";
        const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
        return [name, (pair.value as Node | null)?.toJS(document) ?? null, place(offset)];
      });
    },
    environments: () => {
      const value: unknown = at("environment")?.toJS(document);
      const list: unknown =
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? (value as { imports?: unknown }).imports
          : value;
      return Array.isArray(list)
        ? list.map((item) => (typeof item === "string" ? item : Object.keys(item as object).join(", ")))
        : [];
    },
  };
}
