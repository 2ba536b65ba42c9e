import { createHash } from "node:crypto";
import { check, nearest, type Problem } from "@holdfast/core";
import { z } from "zod";

/**
 * A file of a model version that may be served. The characters are those that need no quoting anywhere, so that a path cannot climb out
 * of its folder and cannot mean anything to a shell.
 */
export interface ModelFile {
  /** Relative path, `/` between folders, for example `model-00001-of-00015.safetensors`. */
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the content, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** The model version that another was made from. */
export interface ModelParent {
  readonly model: string;
  readonly version: string;
  /** SHA-256 of the parent's manifest, which names exactly those files; `manifestDigest` gives it. */
  readonly manifest?: string;
}

/** How a model version was made from its parent, so that anyone can make it again. */
export interface ModelMaking {
  /** Container image of the tools, with its digest. */
  readonly image: string;
  /** The commands in their order, each as its list of arguments. */
  readonly commands: readonly (readonly string[])[];
  /** The try-out that these very files passed. */
  readonly tried?: {
    /** Tokens that were generated. */
    readonly tokens: number;
    readonly seed: number;
    /** SHA-256 of the generated text. */
    readonly text: string;
  };
}

/** What a person states about a model version; the files are added by reading them. */
export interface ModelDescription {
  /** Model id in the catalogue, for example `llama-3.1-70b-instruct`. */
  readonly model: string;
  /** Version of these files, chosen by the owner, for example `2026-11-03` or `1.0`. Immutable: other files are another version. */
  readonly version: string;
  /** Number format of the weights, for example `bf16`, `fp8`, `awq-int4`, `q4_k_m`. */
  readonly format: string;
  /** How the weights are packed. Formats that can carry code (pickle) have no name here. */
  readonly container: "safetensors" | "gguf";
  readonly license: { readonly name: string; readonly url?: string };
  readonly provenance: {
    /** Where the files came from, for example the address of the publisher's repository. */
    readonly source: string;
    /** Commit of that source, 40 hexadecimal digits. A branch or tag name is refused: it moves. */
    readonly revision: string;
    /** Day of retrieval, `YYYY-MM-DD`. */
    readonly retrieved: string;
    /** Who brought the files in. */
    readonly createdBy: string;
    /** For a fine-tuned, merged or converted model: the model version it was made from. */
    readonly parent?: ModelParent;
    /** For a version that a job made from its parent: with what, and how it was tried. */
    readonly making?: ModelMaking;
  };
  readonly approval: {
    readonly status: "approved" | "pending" | "rejected";
    /** Who approved; never who brought the files in. Required when approved. */
    readonly approvedBy?: string;
    /** Day of approval, `YYYY-MM-DD`. Required when approved. */
    readonly approvedOn?: string;
  };
}

/** The list of a model version's files with sizes and SHA-256, where they came from and who approved them. */
export interface ModelManifest extends ModelDescription {
  readonly schemaVersion: 1;
  /** Sorted by path. */
  readonly files: readonly ModelFile[];
}

/** Extensions and names that a served model version may hold: data that loads without running code. */
const dataFile = /(\.(safetensors|gguf|json|txt|model|tiktoken|jinja|md)|(^|\/)(LICENSE|NOTICE|USE_POLICY))$/;
const path = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

const identifier = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,127}$/,
    "must be lower-case letters, digits, '.', '_' or '-', at most 128, starting with a letter or digit",
  );
const day = z.iso.date("must be a day as YYYY-MM-DD");
const person = z.string().min(1).max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 as 64 lower-case hexadecimal digits");

export const modelFileSchema = z.strictObject({
  path: z
    .string()
    .regex(
      path,
      "must be a relative path of letters, digits, '.', '_' and '-', with '/' between folders and no part that starts with '.'",
    )
    .refine(
      (text) => dataFile.test(text),
      "may hold code or is of no known kind; allowed: .safetensors .gguf .json .txt .model .tiktoken .jinja .md LICENSE NOTICE USE_POLICY; convert pickled weights to safetensors",
    ),
  bytes: z.int().min(0),
  sha256,
});

const descriptionShape = {
  model: identifier,
  version: identifier,
  format: identifier,
  container: z.enum(["safetensors", "gguf"]),
  license: z.strictObject({ name: z.string().min(1), url: z.url().optional() }),
  provenance: z.strictObject({
    source: z.string().min(1),
    revision: z
      .string()
      .regex(/^[0-9a-f]{40}$/, "must be a commit as 40 hexadecimal digits; a branch or a tag can move"),
    retrieved: day,
    createdBy: person,
    parent: z.strictObject({ model: identifier, version: identifier, manifest: sha256.optional() }).optional(),
    making: z
      .strictObject({
        image: z.string().regex(/@sha256:[0-9a-f]{64}$/, "must end in a digest, @sha256:...; a tag can move"),
        commands: z.array(z.array(z.string()).min(1)).min(1),
        tried: z.strictObject({ tokens: z.int().min(1), seed: z.int().min(0), text: sha256 }).optional(),
      })
      .optional(),
  }),
  approval: z.strictObject({
    status: z.enum(["approved", "pending", "rejected"]),
    approvedBy: person.optional(),
    approvedOn: day.optional(),
  }),
};

/** Everything that can be said about a manifest without its files. */
export const modelManifestSchema = z
  .strictObject({ schemaVersion: z.literal(1), ...descriptionShape, files: z.array(modelFileSchema).min(1) })
  .superRefine((manifest, context) => {
    const complain = (at: PropertyKey[], message: string, input?: unknown) => {
      context.addIssue({ code: "custom", path: at, message, input });
    };
    const { approval, provenance, files, container } = manifest;
    if (approval.status === "approved") {
      if (approval.approvedBy === undefined)
        complain(["approval", "approvedBy"], "missing; an approved version names who approved it");
      if (approval.approvedOn === undefined)
        complain(["approval", "approvedOn"], "missing; an approved version names the day");
      if (approval.approvedBy === provenance.createdBy) {
        complain(
          ["approval", "approvedBy"],
          "is the person who brought the files in; a second person must approve",
          approval.approvedBy,
        );
      }
    }
    files.forEach((file, index) => {
      const before = files[index - 1];
      if (before !== undefined && before.path >= file.path) {
        complain(
          ["files", index, "path"],
          before.path === file.path ? "is listed twice" : "is out of order; files are sorted by path",
          file.path,
        );
      }
    });
    if (!files.some((file) => file.path.endsWith(`.${container}`)))
      complain(["files"], `hold no .${container} file although container is ${container}`);
    if (container === "safetensors" && !files.some((file) => file.path === "config.json"))
      complain(["files"], "hold no config.json");
  });

/**
 * Makes the manifest of a model version from what is known about it and its files, in any order.
 * Throws one error with every problem.
 */
export function createManifest(description: ModelDescription, files: readonly ModelFile[]): ModelManifest {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return parseManifest({ schemaVersion: 1, ...description, files: sorted });
}

/** Reads a manifest from a plain value. Throws one error with every problem. */
export function parseManifest(value: unknown): ModelManifest {
  const checked = check(modelManifestSchema, value);
  if (checked.ok) return checked.value as ModelManifest;
  throw new Error(
    `model manifest: ${checked.problems.map(({ path: at, reason }) => `${at === "" ? "(manifest)" : at}: ${reason}`).join("; ")}`,
  );
}

/**
 * The manifest's one true text: the same manifest gives the same bytes, so its SHA-256 names the model version. This text is what is
 * uploaded, pinned and checked on the host.
 */
export function serializeManifest(manifest: ModelManifest): string {
  return `${JSON.stringify(parseManifest(inOrder(manifest)), null, 2)}\n`;
}

/** SHA-256 of the manifest's text: the value to pin. */
export function manifestDigest(manifest: ModelManifest): string {
  return createHash("sha256").update(serializeManifest(manifest)).digest("hex");
}

/** The files in the form that `sha256sum --check` reads, for people and for tools that know nothing of manifests. */
export function checksumsText(manifest: ModelManifest): string {
  return manifest.files.map((file) => `${file.sha256}  ${file.path}\n`).join("");
}

/** Bytes of all files together. */
export function manifestBytes(manifest: ModelManifest): number {
  return manifest.files.reduce((sum, file) => sum + file.bytes, 0);
}

/** Object-key prefix of a model version in a store: `manifest.json`, `checksums.txt` and the folder `files/` lie under it. */
export function modelPrefix(model: string, version: string): string {
  return `models/${model}/${version}`;
}

/**
 * Compares the files found with those that the manifest lists. Every difference is a problem: missing, of another size, of another
 * content, or not listed at all.
 */
export function verifyManifest(manifest: ModelManifest, found: readonly ModelFile[]): Problem[] {
  const expected = new Map(manifest.files.map((file) => [file.path, file]));
  const present = new Map(found.map((file) => [file.path, file]));
  const problems: Problem[] = [];
  for (const file of manifest.files) {
    const got = present.get(file.path);
    if (got === undefined) problems.push({ path: file.path, reason: "is missing" });
    else if (got.bytes !== file.bytes)
      problems.push({ path: file.path, reason: `has ${got.bytes} bytes, the manifest says ${file.bytes}` });
    else if (got.sha256 !== file.sha256)
      problems.push({ path: file.path, reason: `has SHA-256 ${got.sha256}, the manifest says ${file.sha256}` });
  }
  for (const file of found) {
    if (expected.has(file.path)) continue;
    const near = nearest(file.path, [...expected.keys()]);
    problems.push({
      path: file.path,
      reason: `is not in the manifest${near === undefined ? "" : ` (nearest: ${near})`}`,
    });
  }
  return problems;
}

/** Fixes the order of the keys, whatever order the value was written in. */
function inOrder(manifest: ModelManifest): ModelManifest {
  const { license, provenance, approval } = manifest;
  return {
    schemaVersion: 1,
    model: manifest.model,
    version: manifest.version,
    format: manifest.format,
    container: manifest.container,
    license: { name: license.name, ...(license.url !== undefined && { url: license.url }) },
    provenance: {
      source: provenance.source,
      revision: provenance.revision,
      retrieved: provenance.retrieved,
      createdBy: provenance.createdBy,
      ...(provenance.parent && { parent: parentInOrder(provenance.parent) }),
      ...(provenance.making && { making: makingInOrder(provenance.making) }),
    },
    approval: {
      status: approval.status,
      ...(approval.approvedBy !== undefined && { approvedBy: approval.approvedBy }),
      ...(approval.approvedOn !== undefined && { approvedOn: approval.approvedOn }),
    },
    files: manifest.files.map((file) => ({ path: file.path, bytes: file.bytes, sha256: file.sha256 })),
  };
}

function parentInOrder({ model, version, manifest }: ModelParent): ModelParent {
  return { model, version, ...(manifest !== undefined && { manifest }) };
}

function makingInOrder({ image, commands, tried }: ModelMaking): ModelMaking {
  return {
    image,
    commands,
    ...(tried && { tried: { tokens: tried.tokens, seed: tried.seed, text: tried.text } }),
  };
}
