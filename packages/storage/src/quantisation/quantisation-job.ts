import { findModel, ggufLevels, type ModelRecord, type WeightFormat } from "@holdfast/catalog";
import { check, type Problem } from "@holdfast/core";
import {
  manifestDigest,
  modelManifestSchema,
  modelPrefix,
  type ModelDescription,
  type ModelFile,
  type ModelManifest,
} from "../model-manifest";
import { imageProblem, quantisationImage } from "./quantisation-image";
import { quantisationNeeds, tryOutContext, type QuantisationNeeds } from "./quantisation-needs";
import { readFormats, sourceProblems } from "./quantisation-source";

/** What is made when nothing else is asked for. */
export const defaultQuantisations: readonly WeightFormat[] = ["q4_k_m", "q5_k_m", "q6_k"];

/** The generation that every result has to pass. */
export const tryOut = { tokens: 512, seed: 42, prompt: "The water in the old harbour was still, and" } as const;

/** A numbered user: nobody in particular, who owns nothing. */
const nobody = { uid: 65532, gid: 65532 } as const;

export interface QuantisationRequest {
  /** The version that is quantised: the publisher's weights, as they were trained. */
  readonly source: ModelManifest;
  /** GGUF levels, for example `q4_k_m`. @default Q4_K_M, Q5_K_M, Q6_K */
  readonly formats?: readonly string[];
  /** llama.cpp's `full` image with its digest, from your registry. @default quantisationImage */
  readonly image?: string;
  /** Who has the versions made: goes into their manifests, and somebody else approves them. */
  readonly createdBy: string;
  /** Beginning of the new versions' names; the format follows. @default the source's version */
  readonly as?: string;
  /** Processors. @default 8 */
  readonly cpus?: number;
  /** User that runs everything, by numbers; never root. @default 65532:65532 */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** `architectures[0]` of the source's config.json. @default not checked before the converter does */
  readonly architecture?: string;
  /** Free bytes of the work folder. @default checked only where the job runs */
  readonly freeBytes?: number;
  /** Memory of the machine, bytes. @default not checked */
  readonly machineBytes?: number;
  /** Where everything lies for the commands. @default as in the container */
  readonly places?: Partial<QuantisationPlaces>;
}

/** Folders and programs as the steps see them. */
export interface QuantisationPlaces {
  /** Folder of llama.cpp's programs. @default /app */
  readonly tools: string;
  /** Python with the converter's packages. @default python3 */
  readonly python: string;
  /** The source's files, read only. @default /model */
  readonly model: string;
  /** What is written; results appear under `models/` in it. @default /work */
  readonly work: string;
  /** Scratch of the programs. @default /tmp */
  readonly temporary: string;
}

/** One command. */
export interface QuantisationStep {
  readonly name: string;
  readonly kind: "convert" | "quantise" | "try";
  readonly format: WeightFormat;
  /** Program and arguments, each by itself: no shell reads them. */
  readonly argv: readonly string[];
  /** The GGUF file that the step writes, or tries. */
  readonly file: string;
  /** Of a try-out: tokens that must come out. */
  readonly tokens?: number;
  readonly seed?: number;
}

/** A model version that the job makes. */
export interface QuantisationResult {
  readonly format: WeightFormat;
  readonly version: string;
  /** Where the version appears under the work folder: a folder of a model store, with manifest.json, checksums.txt and files/. */
  readonly folder: string;
  /** Name of the weights in files/. */
  readonly file: string;
  /** Where the steps leave the weights. */
  readonly made: string;
  /** Expected bytes. */
  readonly bytes: number;
  /** The manifest without what only the run knows: day, files, try-out. Its approval is pending. */
  readonly manifest: ModelDescription & { readonly schemaVersion: 1 };
}

/** Everything about a quantisation before it runs: plain data, the same for the same request. */
export interface QuantisationJob {
  readonly schemaVersion: 1;
  readonly image: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly cpus: number;
  readonly source: {
    readonly model: string;
    readonly version: string;
    /** SHA-256 of the source's manifest. */
    readonly manifest: string;
    readonly files: readonly ModelFile[];
  };
  readonly places: QuantisationPlaces & {
    /** Half-done work, on the file system of the results; gone when the job ends. */
    readonly stage: string;
  };
  readonly diskBytes: number;
  readonly memoryBytes: number;
  readonly steps: readonly QuantisationStep[];
  readonly results: readonly QuantisationResult[];
  readonly arithmetic: readonly string[];
  /** What a person should know before starting it. */
  readonly notes: readonly string[];
}

export type QuantisationOutcome =
  { readonly ok: true; readonly job: QuantisationJob } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Plans the quantisation of a model version: verify the source, convert to F16, quantise, try each result, publish all or nothing. Pure. */
export function quantisationJob(request: QuantisationRequest): QuantisationOutcome {
  const { source, image = quantisationImage, cpus = 8, user = nobody, architecture, freeBytes } = request;
  const { formats, problems } = readFormats(request.formats ?? defaultQuantisations);
  // A named image may be newer than what is known here: its converter judges.
  problems.push(...sourceProblems(source, request.image === undefined ? architecture : undefined));
  const named = imageProblem(image);
  if (named !== undefined) problems.push({ path: "image", reason: named });
  if (!Number.isInteger(cpus) || cpus < 1) problems.push({ path: "cpus", reason: `is ${cpus}; allowed: 1 or more` });
  for (const [name, id] of Object.entries(user))
    if (!Number.isInteger(id) || id < 1)
      problems.push({ path: `user.${name}`, reason: `is ${id}; allowed: a number above 0, which is root's` });
  const needs = quantisationNeeds(source, formats);
  if (freeBytes !== undefined && freeBytes < needs.diskBytes)
    problems.push({
      path: "freeBytes",
      reason: `the work folder has ${freeBytes} bytes free and needs ${needs.diskBytes}; ${needs.arithmetic.join("; ")}`,
    });
  if (request.machineBytes !== undefined && request.machineBytes < needs.memoryBytes)
    problems.push({
      path: "machineBytes",
      reason: `the machine has ${request.machineBytes} bytes of memory and the job needs ${needs.memoryBytes}; ${needs.arithmetic.at(-1) ?? ""}`,
    });

  const places = { tools: "/app", python: "python3", model: "/model", work: "/work", temporary: "/tmp" };
  const at = { ...places, ...request.places };
  const stage = `${at.work}/.quantising`;
  const steps = stepsOf(source.model, formats, at, stage, cpus);
  const results = formats.map((format): QuantisationResult => {
    const version = `${request.as ?? source.version}-${format}`;
    return {
      format,
      version,
      folder: modelPrefix(source.model, version),
      file: `model-${format}.gguf`,
      made: `${stage}/model-${format}.gguf`,
      bytes: needs.fileBytes[format] ?? 0,
      manifest: describe(request, format, version, image, steps),
    };
  });
  problems.push(...manifestProblems(results));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    job: {
      schemaVersion: 1,
      image,
      user: { uid: user.uid, gid: user.gid },
      cpus,
      source: {
        model: source.model,
        version: source.version,
        manifest: manifestDigest(source),
        files: source.files,
      },
      places: { ...at, stage },
      diskBytes: needs.diskBytes,
      memoryBytes: needs.memoryBytes,
      steps,
      results,
      arithmetic: needs.arithmetic,
      notes: notesOf(source, formats),
    },
  };
}

export type QuantisationOutlook =
  | { readonly ok: true; readonly formats: readonly WeightFormat[]; readonly needs: QuantisationNeeds }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What quantising a model of the catalogue would take, before its files are there. */
export function quantisationOutlook(
  model: ModelRecord,
  wanted: readonly string[] = defaultQuantisations,
): QuantisationOutlook {
  const { formats, problems } = readFormats(wanted);
  const source = { model: model.id, format: model.nativeFormat, files: [] };
  problems.push(...sourceProblems({ ...source, container: "safetensors", approval: { status: "approved" } }));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, formats, needs: quantisationNeeds(source, formats) };
}

/** The F16 file first, under the model's name and not that of a folder, then per format its file and its try-out. An F16 that is wanted itself is tried as it is. */
function stepsOf(
  name: string,
  formats: readonly WeightFormat[],
  { tools, python, model }: QuantisationPlaces,
  stage: string,
  cpus: number,
): QuantisationStep[] {
  const file = (format: WeightFormat) => `${stage}/model-${format}.gguf`;
  const whole = file("f16");
  return [
    {
      name: "convert to GGUF F16",
      kind: "convert",
      format: "f16",
      argv: [
        python,
        `${tools}/convert_hf_to_gguf.py`,
        model,
        "--outfile",
        whole,
        "--outtype",
        "f16",
        "--model-name",
        name,
      ],
      file: whole,
    },
    ...formats.flatMap((format): QuantisationStep[] => [
      ...(format === "f16"
        ? []
        : [
            {
              name: `quantise to ${format.toUpperCase()}`,
              kind: "quantise" as const,
              format,
              argv: [`${tools}/llama-quantize`, whole, file(format), format.toUpperCase(), String(cpus)],
              file: file(format),
            },
          ]),
      {
        name: `try ${format.toUpperCase()}: ${tryOut.tokens} tokens`,
        kind: "try",
        format,
        argv: tryOutArguments(tools, file(format), cpus),
        file: file(format),
        tokens: tryOut.tokens,
        seed: tryOut.seed,
      },
    ]),
  ];
}

/**
 * llama-completion is what llama-cli was until it became a client for chats, which cannot be asked for a plain generation and does
 * not count its tokens. Every tensor is looked at for values that are no numbers; the end of the text is not an end of the test.
 */
function tryOutArguments(tools: string, file: string, cpus: number): string[] {
  return [
    `${tools}/llama-completion`,
    ...["--model", file, "--prompt", tryOut.prompt, "--predict", String(tryOut.tokens), "--ignore-eos"],
    ...["--seed", String(tryOut.seed), "--ctx-size", String(tryOutContext), "--threads", String(cpus)],
    ...["--check-tensors", "--no-conversation", "--no-display-prompt", "--simple-io", "--no-warmup"],
    ...["--fit", "off", "--offline", "--perf"],
  ];
}

/** The manifest of a result, in the order of its one true text. `retrieved` is filled in by the run, with the day. */
function describe(
  { source, createdBy }: QuantisationRequest,
  format: WeightFormat,
  version: string,
  image: string,
  steps: readonly QuantisationStep[],
): QuantisationResult["manifest"] {
  const { name, url } = source.license;
  return {
    schemaVersion: 1,
    model: source.model,
    version,
    format,
    container: "gguf",
    license: { name, ...(url !== undefined && { url }) },
    provenance: {
      source: source.provenance.source,
      revision: source.provenance.revision,
      retrieved: "",
      createdBy,
      parent: { model: source.model, version: source.version, manifest: manifestDigest(source) },
      making: {
        image,
        commands: steps.filter((step) => step.kind === "convert" || step.format === format).map(({ argv }) => argv),
      },
    },
    approval: { status: "pending" },
  };
}

/** What the results' manifests would be refused for, found now and not after hours of work. */
function manifestProblems(results: readonly QuantisationResult[]): Problem[] {
  const found = new Map<string, Problem>();
  for (const { manifest, file } of results) {
    // Tools and day are not the request's to get wrong.
    const { source, revision, createdBy, parent } = manifest.provenance;
    const provenance = { source, revision, createdBy, parent, retrieved: "2000-01-01" };
    const files = [{ path: file, bytes: 0, sha256: "0".repeat(64) }];
    const checked = check(modelManifestSchema, { ...manifest, provenance, files });
    for (const { path, reason } of checked.ok ? [] : checked.problems)
      found.set(path, {
        path: path === "version" ? "as" : path.replace("provenance.createdBy", "createdBy"),
        reason,
      });
  }
  return [...found.values()];
}

function notesOf(source: ModelManifest, formats: readonly WeightFormat[]): string[] {
  const notes = formats.flatMap((format) => {
    const level = ggufLevels.find((one) => one.format === format);
    return level?.recommended === "no"
      ? [
          `${level.level} is not recommended: quality loss ${level.qualityLoss}, for ${level.use} (approximate, ${level.source})`,
        ]
      : [];
  });
  if (findModel(source.model) === undefined)
    notes.push(`${source.model} is not in the catalogue: sizes are taken from the source's bytes`);
  if (source.approval.status !== "approved")
    notes.push(`the source is not approved yet: approve ${source.version} before what is made from it`);
  return notes;
}
