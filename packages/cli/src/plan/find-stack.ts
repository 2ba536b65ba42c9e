import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { nearest } from "@holdfast/core";
import { readStackConfig, StackConfigError, type StackConfig } from "@holdfast/testing";
import { BadInput } from "../exit-code";

/** A stack whose file exists. */
export type FoundStack = StackConfig & { readonly file: string };

/** Finds an environment from a folder: Pulumi.yaml there or above it, as the Pulumi command line does, and the stack's file. */
export function findStack(folder: string, stack: string): FoundStack {
  const project = projectFolder(folder);
  try {
    const config = readStackConfig(project, /^[A-Za-z0-9._-]+$/.test(stack) ? stack : "");
    const { file } = config;
    if (file === undefined) throw unknownStack(config, stack);
    return { ...config, file };
  } catch (error) {
    if (!(error instanceof StackConfigError)) throw error;
    // One slip in YAML makes many errors; the first are the ones that tell.
    const shown = error.problems.slice(0, 3).map((problem) => problem.replace(`${project}/`, ""));
    const rest = error.problems.length - shown.length;
    throw new BadInput(
      `the configuration of ${stack} cannot be read`,
      [...shown, ...(rest > 0 ? [`and ${rest} more that may follow from these`] : [])].map((reason) => ({
        path: "",
        reason,
      })),
    );
  }
}

function projectFolder(folder: string): string {
  let at = resolve(folder);
  while (!existsSync(join(at, "Pulumi.yaml"))) {
    if (dirname(at) === at) {
      throw new BadInput(
        `no Pulumi.yaml in ${resolve(folder)} or above; run holdfast in a project, or name one with --cwd`,
      );
    }
    at = dirname(at);
  }
  return at;
}

function unknownStack({ configFolder, rootDirectory }: StackConfig, stack: string): BadInput {
  const files = existsSync(configFolder) ? readdirSync(configFolder) : [];
  const known = files.flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? []).sort();
  const near = nearest(stack, known);
  const where = relative(rootDirectory, configFolder) || ".";
  return new BadInput(
    `no environment "${stack}"; ${near ? `did you mean "${near}"? ` : ""}there ${known.length === 1 ? "is" : "are"}: ${known.join(", ") || "none"} (in ${where})`,
  );
}

/** The stack's file as a person in the project names it. */
export function shownFile({ file, rootDirectory }: FoundStack): string {
  return relative(rootDirectory, file);
}
