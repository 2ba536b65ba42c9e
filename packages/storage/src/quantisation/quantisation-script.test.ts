import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeAws } from "../fake-aws.fixture";
import { hashFiles } from "../hash-files";
import {
  checksumsText,
  manifestDigest,
  modelPrefix,
  parseManifest,
  serializeManifest,
  verifyManifest,
  type ModelManifest,
} from "../model-manifest";
import { modelSyncFiles } from "../model-sync";
import { quantisationJob, type QuantisationJob, type QuantisationRequest } from "./quantisation-job";
import { quantisationScript } from "./quantisation-script";
import { sha256, source, standIns } from "./quantisation.fixture";

/** The script refuses root; where the tests run as root, it runs as nobody in particular. */
const other = process.getuid?.() === 0 ? { uid: 65532, gid: 65532 } : {};

let base: string;
let model: string;
let work: string;
let manifest: ModelManifest;
const running = new Set<ChildProcess>();

beforeEach(async () => {
  // A folder name that a shell would read otherwise.
  base = await mkdtemp(join(tmpdir(), "quantise $(touch x) '-"));
  model = join(base, "model");
  work = join(base, "work");
  for (const folder of [model, work, join(base, "tools"), join(base, "scratch")]) await mkdir(folder);
  await mkdir(join(model, "tokenizer"));
  await writeFile(join(model, "config.json"), "{}");
  await writeFile(join(model, "LICENSE"), "the licence");
  await writeFile(join(model, "model.safetensors"), Buffer.alloc(100_000, 7));
  await writeFile(join(model, "tokenizer", "tokenizer.json"), "[]");
  manifest = source({}, await hashFiles(model));
  await writeFile(join(base, "run.py"), quantisationScript);
  for (const [name, content] of Object.entries(standIns))
    await writeFile(join(base, "tools", name), content, { mode: 0o755 });
  await behave({});
  if (other.uid !== undefined)
    for (const folder of [work, join(base, "tools"), join(base, "scratch")]) await chown(folder, other.uid, other.gid);
  await chmod(base, 0o755);
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
  await rm(base, { recursive: true, force: true });
});

type Behaviour = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const behave = (behaviour: Behaviour) => writeFile(join(base, "tools", "behaviour.json"), JSON.stringify(behaviour));

function planned(change: Partial<QuantisationRequest> = {}): QuantisationJob {
  const outcome = quantisationJob({
    source: manifest,
    formats: ["q4_k_m", "q6_k"],
    createdBy: "ml-team",
    places: { tools: join(base, "tools"), model, work, temporary: join(base, "scratch") },
    ...change,
  });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  // The catalogue's model is larger than what stands in for it here.
  return { ...outcome.job, diskBytes: 1_000_000 };
}

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly said: string;
}

async function start(job: QuantisationJob, program: readonly string[] = []): Promise<ChildProcess> {
  await writeFile(join(base, "job.json"), JSON.stringify(job));
  const child = spawn(
    "python3",
    [...(program.length > 0 ? program : ["-I"]), join(base, "run.py"), join(base, "job.json")],
    {
      ...other,
      cwd: base,
      env: { PATH: process.env.PATH, HF_TOKEN: "secret", https_proxy: "http://127.0.0.1:1" },
    },
  );
  running.add(child);
  return child;
}

async function ended(child: ChildProcess): Promise<Run> {
  let [output, said] = ["", ""];
  child.stdout?.on("data", (data: Buffer) => (said += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  running.delete(child);
  return { code, output, said };
}

const run = async (job = planned(), program: readonly string[] = []) => ended(await start(job, program));

interface Call {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly pid: number;
}

async function calls(): Promise<Call[]> {
  const file = join(base, "tools", "calls");
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, "utf8")).split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Call);
}

/** Waits for a stand-in to be called so often. */
async function called(times: number): Promise<Call[]> {
  for (;;) {
    const found = await calls().catch(() => []);
    if (found.length >= times) return found;
    await new Promise((settle) => setTimeout(settle, 20));
  }
}

const published = join("models", "llama-3.1-8b-instruct");

/** Nothing but the lock is left, and no version. */
async function nothingPublished(): Promise<void> {
  expect((await readdir(work)).filter((name) => name !== ".quantising.lock" && name !== "models")).toEqual([]);
  const versions = existsSync(join(work, published)) ? await readdir(join(work, published)) : [];
  expect(versions).toEqual([]);
}

describe("MOD-R28: the run of a quantisation", () => {
  it("publishes each version whole: weights, licence, checksums, and a manifest that names its parent", async () => {
    const job = planned();
    const { code, output, said } = await run(job);
    expect(output).toContain("step 5 of 5");
    expect(code).toBe(0);
    expect((await readdir(join(work, published))).sort()).toEqual(["2026-11-03-q4_k_m", "2026-11-03-q6_k"]);
    for (const { folder, format, version } of job.results) {
      const here = join(work, folder);
      expect((await readdir(here)).sort()).toEqual(["checksums.txt", "files", "manifest.json"]);
      const text = await readFile(join(here, "manifest.json"), "utf8");
      const made = parseManifest(JSON.parse(text));
      // What was written is the manifest's one true text, and what it says is there is what is there.
      expect(serializeManifest(made)).toBe(text);
      expect(verifyManifest(made, await hashFiles(join(here, "files")))).toEqual([]);
      expect(await readFile(join(here, "checksums.txt"), "utf8")).toBe(checksumsText(made));
      expect(made.files.map(({ path }) => path)).toEqual(["LICENSE", `model-${format}.gguf`]);
      expect(made).toMatchObject({ version, format, container: "gguf", approval: { status: "pending" } });
      expect(made.provenance.parent?.manifest).toBe(manifestDigest(manifest));
      expect(made.provenance.making?.tried).toEqual({ tokens: 512, seed: 42, text: sha256("a text of a few words\n") });
      expect(made.provenance.making?.commands.map((argv) => argv.length > 1)).toEqual([true, true, true]);
      expect((await stat(join(here, "files", `model-${format}.gguf`))).mode & 0o222).toBe(0);
      expect(output).toContain(`published ${folder}, manifest ${manifestDigest(made)}`);
      expect(said).toContain(manifestDigest(made));
    }
    // The F16 file was not asked for.
    expect((await readdir(work)).sort()).toEqual([".quantising.lock", "models"]);
  });

  it("starts exactly the commands of the job, without a shell, and tells them nothing of who started it", async () => {
    const job = planned();
    await run(job);
    const seen = await calls();
    expect(seen.map(({ argv }) => argv)).toEqual(
      job.steps.map(({ argv }) => (argv[0] === "python3" ? argv.slice(1) : argv)),
    );
    expect(existsSync(join(base, "x"))).toBe(false);
    for (const { environment } of seen) {
      expect(environment).toMatchObject({ HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1", USER: "holdfast" });
      expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(["HF_TOKEN"]));
      expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(["https_proxy"]));
    }
  });

  it("keeps F16 as a version where it is asked for", async () => {
    const job = planned({ formats: ["f16", "q4_k_m"] });
    expect((await run(job)).code).toBe(0);
    expect((await readdir(join(work, published))).sort()).toEqual(["2026-11-03-f16", "2026-11-03-q4_k_m"]);
  });

  it.each<[string, Behaviour, RegExp]>([
    ["the conversion fails", { "convert_hf_to_gguf.py": { code: 3 } }, /convert to GGUF F16 ended with 3/],
    ["the conversion writes nothing", { "convert_hf_to_gguf.py": { writes: false } }, /wrote no .*model-f16\.gguf/],
    ["what is written is no GGUF", { "llama-quantize": { content: "PK\u0003\u0004" } }, /what it wrote is no GGUF/],
    ["quantising fails", { "llama-quantize": { code: 1 } }, /quantise to Q4_K_M ended with 1/],
    ["the try-out fails", { "llama-completion": { code: 1 } }, /try Q4_K_M: 512 tokens: ended with 1/],
    ["a token is missing", { "llama-completion": { runs: 510 } }, /generated 511 tokens, 512 were asked for/],
    ["tokens are not counted", { "llama-completion": { counts: false } }, /an unknown number of tokens/],
    ["nothing is said", { "llama-completion": { says: " \n " } }, /said nothing/],
    ["one character is said", { "llama-completion": { says: "GGG GGGG" } }, /one character over and over/],
  ])("publishes nothing when %s", async (_, behaviour, reason) => {
    await behave(behaviour);
    const { code, output } = await run();
    expect(output).toMatch(reason);
    expect(code).toBe(1);
    await nothingPublished();
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "another content",
      () => writeFile(join(model, "model.safetensors"), Buffer.alloc(100_000, 8)),
      /model\.safetensors has another content/,
    ],
    [
      "another size",
      () => writeFile(join(model, "config.json"), "{} "),
      /config\.json has 3 bytes, the manifest says 2/,
    ],
    ["a file less", () => rm(join(model, "tokenizer", "tokenizer.json")), /tokenizer\/tokenizer\.json is missing/],
    [
      "code that a converter would load",
      () => writeFile(join(model, "modeling_x.py"), "x"),
      /modeling_x\.py is not in the manifest/,
    ],
    ["a link", () => symlink("/etc", join(model, "elsewhere")), /elsewhere is neither a file nor a folder/],
  ])("touches no source with %s", async (_, change, reason) => {
    await change();
    const { code, output } = await run();
    expect(output).toMatch(reason);
    expect(code).toBe(1);
    expect(await calls()).toEqual([]);
    await nothingPublished();
  });

  it("does not begin where it cannot end, and says everything at once", async () => {
    const job = planned();
    const taken = join(work, job.results[1]?.folder ?? "");
    await mkdir(taken, { recursive: true });
    const asRoot = "import os, sys; os.getuid = lambda: 0; sys.argv = sys.argv[1:]; exec(open(sys.argv[0]).read())";
    const { code, output } = await run({ ...job, diskBytes: 9e15 }, ["-c", asRoot]);
    expect(output).toMatch(/runs as root: give the container the user 65532/);
    expect(output).toMatch(/2026-11-03-q6_k is there already; a version never changes/);
    expect(output).toMatch(/needs 9000000000000000 bytes, \d+ are free/);
    expect(code).toBe(2);
    expect(await calls()).toEqual([]);
  });

  it("says which program is not there", async () => {
    await rm(join(base, "tools", "llama-quantize"));
    const { code, output } = await run();
    expect(output).toMatch(/llama-quantize cannot be started: No such file/);
    expect(code).toBe(2);
    await nothingPublished();
  });

  it("publishes neither version when one of them has appeared meanwhile", async () => {
    const job = planned();
    const second = join(work, job.results[1]?.folder ?? "");
    await behave({ "llama-completion": { makes: second } });
    const { code, output } = await run(job);
    expect(output).toMatch(/2026-11-03-q6_k has appeared meanwhile/);
    expect(code).toBe(2);
    // It belongs to whoever made it.
    expect(await readdir(join(work, published))).toEqual(["2026-11-03-q6_k"]);
    expect(await readdir(second)).toEqual([]);
  });

  it("ends its program and leaves nothing when it is told to end; nobody else works in the folder meanwhile", async () => {
    await behave({ "llama-quantize": { hangs: true } });
    const child = await start(planned());
    const end = ended(child);
    const program = (await called(2))[1]?.pid ?? 0;
    const second = await run();
    expect(second).toMatchObject({ code: 2, output: expect.stringContaining("another job works in") as string });
    child.kill("SIGTERM");
    const { code, output } = await end;
    expect(output).toMatch(/ended by signal 15; nothing is published/);
    expect(code).toBe(143);
    expect(() => process.kill(program, 0)).toThrow(/ESRCH/);
    await nothingPublished();
  });

  it("clears away what a job left that was cut off", async () => {
    await behave({ "llama-quantize": { hangs: true } });
    const child = await start(planned());
    const end = ended(child);
    const program = (await called(2))[1]?.pid ?? 0;
    child.kill("SIGKILL");
    process.kill(program, "SIGKILL");
    expect((await end).code).toBe(null);
    expect(await readdir(work)).toContain(".quantising");
    await behave({});
    const { code, output } = await run();
    expect(output).toContain("published");
    expect(code).toBe(0);
    expect((await readdir(work)).sort()).toEqual([".quantising.lock", "models"]);
  });
});

describe("a quantised version is a model version like any other", () => {
  it("is refused by the sync before a second person has approved it, and served after", async () => {
    const [version] = planned({ formats: ["q4_k_m"] }).results;
    if (version === undefined) throw new Error("no result");
    expect((await run(planned({ formats: ["q4_k_m"] }))).code).toBe(0);
    const bucket = join(base, "s3", "bucket");
    await cp(join(work, "models"), join(bucket, "models"), { recursive: true });
    const store = join(bucket, modelPrefix(manifest.model, version.version));
    await mkdir(join(base, "bin"));
    await writeFile(join(base, "bin", "aws"), fakeAws, { mode: 0o755 });
    const files = modelSyncFiles({ model: manifest.model, version: version.version, region: "eu-central-1" });
    const script = files.find(({ path }) => path.endsWith("/model-sync"));
    await writeFile(join(base, "bin", "model-sync"), script?.content ?? "", { mode: 0o755 });

    const made = parseManifest(JSON.parse(await readFile(join(store, "manifest.json"), "utf8")));
    expect(await sync(made)).toMatchObject({ code: 78, output: expect.stringContaining("is not approved") as string });
    // Who had it made cannot be who approves it.
    const by = (approvedBy: string) => ({
      ...made,
      approval: { status: "approved" as const, approvedBy, approvedOn: "2026-11-21" },
    });
    expect(() => serializeManifest(by("ml-team"))).toThrow(/second person/);
    const approved = by("security-team");
    await rm(join(store, "manifest.json"), { force: true });
    await writeFile(join(store, "manifest.json"), serializeManifest(approved));
    expect(await sync(approved)).toMatchObject({
      code: 0,
      output: expect.stringContaining(`verified ${manifest.model} ${version.version}: 2 files`) as string,
    });
    expect(await hashFiles(join(base, "models", manifest.model, version.version))).toEqual(approved.files);
  });

  function sync(pinned: ModelManifest): Promise<{ code: number; output: string }> {
    const env = {
      PATH: `${join(base, "bin")}:${process.env.PATH ?? ""}`,
      FAKE_S3: join(base, "s3"),
      MODEL_BUCKET: "bucket",
      MODEL_NAME: pinned.model,
      MODEL_VERSION: pinned.version,
      MODEL_MANIFEST_SHA256: manifestDigest(pinned),
      MODEL_ROOT: join(base, "models"),
      MODEL_STATE: join(base, "state"),
      MODEL_FETCH_ATTEMPTS: "1",
    };
    return new Promise((settle) => {
      execFile(join(base, "bin", "model-sync"), { env }, (error, stdout, stderr) => {
        settle({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }
});
