import { existsSync, readFileSync, statSync, statfsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { resolveModelName } from "@holdfast/catalog";
import type { Problem } from "@holdfast/core";
import {
  parseManifest,
  quantisationJob,
  quantisationKubernetes,
  quantisationOutlook,
  type ModelManifest,
  type QuantisationJob,
} from "@holdfast/storage";
import { stringify } from "yaml";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import type { Terminal } from "../terminal";
import { runQuantisation } from "./quantise-run";
import { jobText, outlookText } from "./quantise-text";

export interface QuantiseOptions {
  /** GGUF levels. @default `defaultQuantisations` */
  readonly format?: readonly string[];
  /** Who has the versions made. */
  readonly by?: string;
  /** Folder that the versions appear in. */
  readonly out: string;
  readonly as?: string;
  readonly image?: string;
  readonly cpus?: number;
  readonly run?: boolean;
  readonly kubernetes?: boolean;
  readonly namespace: string;
  readonly modelClaim: string;
  readonly modelPath?: string;
  readonly workClaim: string;
  readonly json?: boolean;
}

/** A folder with a model version, as a model store has it. */
interface Source {
  /** The folder of the files, absolute. */
  readonly files: string;
  readonly manifest: ModelManifest;
  readonly architecture: string | undefined;
}

/** `holdfast quantise <source>`: GGUF versions of a model. Without --run nothing is done. */
export async function quantise(source: string, options: QuantiseOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.run === true && options.kubernetes === true)
    throw new BadInput("--run and --kubernetes are two ways of doing it; choose one");
  if (!existsSync(source)) return outlook(source, options, terminal);
  const read = readSource(source);
  const job = planJob(read, options);
  if (options.kubernetes === true) return kubernetes(job, options, terminal);
  const places = { model: read.files, work: resolve(options.out) };
  if (options.run === true) return runQuantisation(job, places, options, terminal);
  terminal.out(options.json === true ? `${JSON.stringify(job, null, 2)}\n` : jobText(job, places, terminal.colours));
  return exitCodes.clean;
}

/** What a model of the catalogue would take; nothing more can be said without its files. */
function outlook(name: string, options: QuantiseOptions, terminal: Terminal): ExitCode {
  const found = resolveModelName(name);
  if (!found.ok) throw new BadInput(`${name} is neither a folder nor a model of the catalogue: ${found.reason}`);
  if (options.run === true || options.kubernetes === true)
    throw new BadInput(
      `${name} is a model of the catalogue: what is done is done to files; give the folder of a version, with manifest.json and files/`,
    );
  const result = quantisationOutlook(found.model, options.format);
  if (!result.ok) throw new BadInput(`${name} cannot be quantised so`, result.problems.map(atOption));
  terminal.out(
    options.json === true
      ? `${JSON.stringify({ model: found.model.id, formats: result.formats, ...result.needs }, null, 2)}\n`
      : outlookText(found.model.id, result.formats, result.needs, terminal.colours),
  );
  return exitCodes.clean;
}

function readSource(folder: string): Source {
  const files = join(resolve(folder), "files");
  const problems: Problem[] = [];
  let manifest: ModelManifest | undefined;
  try {
    manifest = parseManifest(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));
  } catch (error) {
    problems.push({ path: "manifest.json", reason: `cannot be read: ${reasonOf(error)}` });
  }
  if (!existsSync(files) || !statSync(files).isDirectory())
    problems.push({ path: "files", reason: "is no folder; the files of a version lie in it" });
  let architecture: string | undefined;
  try {
    architecture = architectureOf(join(files, "config.json"));
  } catch (error) {
    problems.push({ path: "files/config.json", reason: `cannot be read: ${reasonOf(error)}` });
  }
  if (manifest === undefined || problems.length > 0)
    throw new BadInput(`${folder} holds no model version: manifest.json and files/, as in a model store`, problems);
  return { files, manifest, architecture };
}

/** What the converter goes by. A version without config.json is GGUF, which is refused for that. */
function architectureOf(config: string): string | undefined {
  if (!existsSync(config)) return undefined;
  const document = JSON.parse(readFileSync(config, "utf8")) as { readonly architectures?: unknown };
  const first: unknown = Array.isArray(document.architectures) ? document.architectures[0] : undefined;
  return typeof first === "string" ? first : undefined;
}

function planJob({ manifest, architecture }: Source, options: QuantiseOptions): QuantisationJob {
  const { run = false, kubernetes: cluster = false, out } = options;
  const outcome = quantisationJob({
    source: manifest,
    ...(options.format === undefined ? {} : { formats: options.format }),
    createdBy: options.by ?? "",
    cpus: options.cpus ?? (cluster ? 8 : Math.min(8, availableParallelism())),
    ...(options.as === undefined ? {} : { as: options.as }),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(architecture === undefined ? {} : { architecture }),
    // A cluster's claim and nodes are not known here.
    ...(cluster ? {} : { freeBytes: freeBytes(out), user: runningUser(out) }),
    ...(run ? { machineBytes: totalmem() } : {}),
  });
  const problems = (outcome.ok ? [] : outcome.problems.map(atOption)).map((problem) =>
    problem.path === "--by" && options.by === undefined
      ? { ...problem, reason: "is missing: say who has the versions made; somebody else approves them" }
      : problem,
  );
  if (!cluster) problems.push(...taken(outcome.ok ? outcome.job : undefined, out));
  if (!outcome.ok || problems.length > 0)
    throw new BadInput(`${manifest.model} ${manifest.version} cannot be quantised so`, problems);
  return outcome.job;
}

/** Versions that are there: they never change. */
function taken(job: QuantisationJob | undefined, out: string): Problem[] {
  return (job?.results ?? [])
    .filter(({ folder }) => existsSync(join(out, folder)))
    .map(({ folder }) => ({
      path: "--out",
      reason: `${join(out, folder)} is there already, and a version never changes; --as gives another name`,
    }));
}

/** Free bytes where the folder is, or will be. */
function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(existing(resolve(folder)));
  return bavail * bsize;
}

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

/** Who runs the container: you; for root, the owner of the folder, or nobody in particular. */
function runningUser(out: string): { uid: number; gid: number } {
  const me = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (me.uid > 0 && me.gid > 0) return me;
  const owner = existsSync(out) ? statSync(out) : undefined;
  if (owner !== undefined && owner.uid > 0 && owner.gid > 0) return { uid: owner.uid, gid: owner.gid };
  return { uid: 65532, gid: 65532 };
}

function kubernetes(job: QuantisationJob, options: QuantiseOptions, terminal: Terminal): ExitCode {
  const { namespace, modelClaim, modelPath, workClaim } = options;
  const objects = quantisationKubernetes(job, {
    namespace,
    modelClaim,
    workClaim,
    ...(modelPath === undefined ? {} : { modelPath }),
  });
  terminal.out(
    options.json === true
      ? `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2)}\n`
      : objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n"),
  );
  for (const note of job.notes) terminal.err(`${terminal.colours.yellow("note:")} ${note}\n`);
  return exitCodes.clean;
}

/** Where the command line says it. */
const optionNames: readonly (readonly [RegExp, string])[] = [
  [/^formats\[(\d+)\]$/, "--format"],
  [/^formats$/, "--format"],
  [/^createdBy$/, "--by"],
  [/^(as|image|cpus)$/, "--$1"],
  [/^freeBytes$/, "--out"],
  [/^machineBytes$/, "--run"],
  [/^source\.architecture$/, "files/config.json"],
  [/^source\./, "manifest.json "],
];

function atOption({ path, reason }: Problem): Problem {
  const known = optionNames.find(([pattern]) => pattern.test(path));
  return { path: known === undefined ? path : path.replace(known[0], known[1]), reason };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
