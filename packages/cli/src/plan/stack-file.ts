import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { nearest } from "@holdfast/core";
import { BadInput } from "../exit-code";
import { readYaml } from "./read-yaml";

/** What Pulumi.yaml says that a plan needs. */
export interface ProjectFile {
  readonly folder: string;
  readonly name: string;
  /** The program: a folder or a file. */
  readonly main: string;
  /** Folder of the stacks' configuration. */
  readonly configFolder: string;
}

/** A stack's configuration as the engine passes it to a program. */
export interface StackFile {
  readonly path: string;
  /** Full key to text; objects are JSON texts. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys whose values Pulumi has encrypted. They stay unknown: a plan never asks for a passphrase. */
  readonly secretKeys: readonly string[];
  /** The same configuration before it became text. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Finds the project of a folder: Pulumi.yaml there or in a folder above, as the Pulumi command line does. */
export function readProject(folder: string): ProjectFile {
  let at = resolve(folder);
  while (!existsSync(join(at, "Pulumi.yaml"))) {
    if (dirname(at) === at)
      throw new BadInput(
        `no Pulumi.yaml in ${resolve(folder)} or above; run holdfast in a project, or name one with --cwd`,
      );
    at = dirname(at);
  }
  const file = join(at, "Pulumi.yaml");
  const project = asRecord(readYaml(file));
  if (typeof project.name !== "string")
    throw new BadInput(`${file}: has no project name`, [{ path: "name", reason: "missing; expected a text" }]);
  const main = typeof project.main === "string" ? project.main : ".";
  const configFolder = typeof project.stackConfigDir === "string" ? project.stackConfigDir : ".";
  return { folder: at, name: project.name, main: resolve(at, main), configFolder: resolve(at, configFolder) };
}

/** Reads `Pulumi.<stack>.yaml` of a project. */
export function readStackFile(project: ProjectFile, stack: string): StackFile {
  const path = join(project.configFolder, `Pulumi.${stack}.yaml`);
  if (!/^[A-Za-z0-9._-]+$/.test(stack) || !existsSync(path)) throw unknownStack(project, stack);
  const document = asRecord(readYaml(path));
  const values = qualified(asRecord(document.config ?? {}), project.name);
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (holdsEncrypted(value)) secretKeys.push(key);
    else config[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return { path, config, secretKeys, values };
}

function unknownStack(project: ProjectFile, stack: string): BadInput {
  const known = existsSync(project.configFolder)
    ? readdirSync(project.configFolder)
        .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
        .sort()
    : [];
  const near = nearest(stack, known);
  return new BadInput(
    `no environment "${stack}"${near ? `; did you mean "${near}"?` : ""} There ${known.length === 1 ? "is" : "are"}: ${known.join(", ") || "none"} (in ${project.configFolder})`,
  );
}

/** A key without a namespace belongs to the project. */
function qualified(config: Record<string, unknown>, project: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}

function holdsEncrypted(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsEncrypted);
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === "secure") return true;
  return Object.values(value).some(holdsEncrypted);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
