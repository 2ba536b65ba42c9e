import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { GGMLFileQuantizationType, gguf } from "@huggingface/gguf";
import {
  createManifest,
  hashFiles,
  manifestDigest,
  parseManifest,
  quantisationJob,
  quantisationScript,
  serializeManifest,
  verifyManifest,
  type ModelManifest,
  type QuantisationJob,
} from "@holdfast/storage";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { writeTinyModel } from "./tiny-model.fixture";

// The commands of a job, with llama.cpp itself. HOLDFAST_LLAMA_CPP names a folder like /app of the image, with
// convert_hf_to_gguf.py (beside it conversion/ and gguf-py/), llama-quantize and llama-completion; without it the PATH is searched.
// HOLDFAST_LLAMA_CPP_PYTHON names a Python that has the converter's packages (requirements-convert_hf_to_gguf.txt).

const programs = ["convert_hf_to_gguf.py", "llama-quantize", "llama-completion"];
const python = process.env.HOLDFAST_LLAMA_CPP_PYTHON ?? "python3";

/** Programs that were installed by hand may lie where only root looks: the script is told that it is somebody else. */
const asSomebody = "import os, sys; os.getuid = lambda: 65532; sys.argv = sys.argv[1:]; exec(open(sys.argv[0]).read())";

/** Folder of the real programs. */
function toolsHere(context: TestContext): string {
  const named = process.env.HOLDFAST_LLAMA_CPP;
  const places = named === undefined ? (process.env.PATH ?? "").split(delimiter) : [named];
  const tools = places.find((place) => programs.every((name) => existsSync(join(place, name))));
  if (tools === undefined) {
    if (named !== undefined) throw new Error(`HOLDFAST_LLAMA_CPP=${named} lacks one of ${programs.join(", ")}`);
    return context.skip(
      `no llama.cpp: no folder of the PATH has ${programs.join(", ")}; HOLDFAST_LLAMA_CPP names one, for example /app of its image`,
    );
  }
  try {
    execFileSync(python, ["-c", "import torch, transformers, sentencepiece, numpy"], { stdio: "ignore" });
  } catch {
    return context.skip(
      `no llama.cpp: ${python} lacks the converter's packages; HOLDFAST_LLAMA_CPP_PYTHON names another`,
    );
  }
  return tools;
}

let base: string;
let model: string;
let work: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "quantise-"));
  model = join(base, "model");
  work = join(base, "work");
  for (const folder of [work, join(base, "scratch")]) await mkdir(folder);
});
afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

async function source(): Promise<ModelManifest> {
  return createManifest(
    {
      model: "tiny-llama",
      version: "1.0",
      format: "bf16",
      container: "safetensors",
      license: { name: "none" },
      provenance: {
        source: "made by test/quantisation",
        revision: "0123456789abcdef0123456789abcdef01234567",
        retrieved: "2026-11-21",
        createdBy: "ops",
      },
      approval: { status: "approved", approvedBy: "security", approvedOn: "2026-11-21" },
    },
    await hashFiles(model),
  );
}

function planned(manifest: ModelManifest, tools: string, formats?: readonly string[]): QuantisationJob {
  const outcome = quantisationJob({
    source: manifest,
    createdBy: "ml-team",
    architecture: "LlamaForCausalLM",
    cpus: 2,
    places: { tools, python, model, work, temporary: join(base, "scratch") },
    ...(formats === undefined ? {} : { formats }),
  });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.job;
}

async function run(job: QuantisationJob): Promise<{ code: number | null; output: string }> {
  await writeFile(join(base, "run.py"), quantisationScript);
  await writeFile(join(base, "job.json"), JSON.stringify(job));
  const child = spawn("python3", ["-I", "-c", asSomebody, join(base, "run.py"), join(base, "job.json")]);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** What the header of a GGUF file says it is. */
async function header(path: string): Promise<{ type: string | undefined; name: unknown }> {
  const { metadata } = await gguf(path, { allowLocalFile: true });
  const fields = metadata as unknown as Readonly<Record<string, unknown>>;
  return { type: GGMLFileQuantizationType[Number(fields["general.file_type"])], name: fields["general.name"] };
}

describe("MOD-R28: a quantisation with llama.cpp itself", () => {
  it("makes F16, Q4_K_M, Q5_K_M and Q6_K of a tiny Llama, each of which generates 512 tokens", async (context) => {
    const tools = toolsHere(context);
    await writeTinyModel(model);
    const manifest = await source();
    const job = planned(manifest, tools, ["f16", "q4_k_m", "q5_k_m", "q6_k"]);
    const { code, output } = await run(job);
    expect(output).toContain("published models/tiny-llama/1.0-q6_k");
    expect(code).toBe(0);
    const sizes: number[] = [];
    for (const { folder, format, file } of job.results) {
      const made = parseManifest(JSON.parse(await readFile(join(work, folder, "manifest.json"), "utf8")));
      expect(verifyManifest(made, await hashFiles(join(work, folder, "files")))).toEqual([]);
      expect(made.provenance).toMatchObject({
        parent: { model: "tiny-llama", version: "1.0", manifest: manifestDigest(manifest) },
        making: { tried: { tokens: 512, seed: 42 } },
      });
      expect(await header(join(work, folder, "files", file))).toEqual({
        type: format.toUpperCase(),
        name: expect.stringMatching(/^tiny-llama$/i) as string,
      });
      expect(serializeManifest(made)).toBe(await readFile(join(work, folder, "manifest.json"), "utf8"));
      sizes.push(made.files.find(({ path }) => path === file)?.bytes ?? 0);
    }
    // Each level is smaller than F16, and more bits are more bytes.
    const [whole = 0, four = 0, five = 0, six = 0] = sizes;
    expect([four < five, five < six, six < whole]).toEqual([true, true, true]);
    // Another job with the same seed says the same: the try-out can be done again.
    const texts = async (at: QuantisationJob) =>
      Promise.all(
        at.results.map(async ({ folder }) => {
          const text = await readFile(join(work, folder, "manifest.json"), "utf8");
          return parseManifest(JSON.parse(text)).provenance.making?.tried?.text;
        }),
      );
    const again = planned({ ...manifest, version: "1.1" }, tools, ["q4_k_m"]);
    expect((await run(again)).code).toBe(0);
    expect(await texts(again)).toEqual([(await texts(job))[1]]);
  });

  it("publishes nothing of weights that are not numbers", async (context) => {
    const tools = toolsHere(context);
    await writeTinyModel(model);
    const file = join(model, "model.safetensors");
    const bytes = await readFile(file);
    // 0x7F80 is infinity in bfloat16: the last weights of the last matrix.
    for (let at = bytes.length - 64; at < bytes.length; at += 2) bytes.writeUInt16LE(0x7f80, at);
    await writeFile(file, bytes);
    const { code, output } = await run(planned(await source(), tools, ["f16", "q4_k_m"]));
    expect(output).toMatch(/STOPPED: (try F16|quantise to Q4_K_M)/);
    expect(code).toBe(1);
    expect(await readdir(work)).toEqual([".quantising.lock"]);
  });

  it("publishes nothing of a model whose file is cut short", async (context) => {
    const tools = toolsHere(context);
    await writeTinyModel(model);
    await truncate(join(model, "model.safetensors"), 1_000_000);
    const { code, output } = await run(planned(await source(), tools, ["q4_k_m"]));
    expect(output).toMatch(/STOPPED: convert to GGUF F16 ended with/);
    expect(code).toBe(1);
    expect(await readdir(work)).toEqual([".quantising.lock"]);
  });
});
