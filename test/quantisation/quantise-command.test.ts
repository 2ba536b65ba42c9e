import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import {
  createManifest,
  defaultQuantisations,
  hashFiles,
  manifestDigest,
  parseManifest,
  quantisationDockerCommand,
  quantisationImage,
  quantisationJob,
  quantisationScript,
  serializeManifest,
  type ModelDescription,
} from "@holdfast/storage";
import pico from "picocolors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { run } from "../../packages/cli/src/main";
import { description, standIns } from "../../packages/storage/src/quantisation/quantisation.fixture";

/**
 * Stands in for `docker`: takes the folders from `--mount`, and starts the script on them as the user of `--user`. What `behaviour.json`
 * beside it says happens instead.
 */
const fakeDocker = `#!/usr/bin/env python3
import csv, json, os, sys
here = os.path.dirname(os.path.realpath(__file__))
words = sys.argv[1:]
with open(os.path.join(here, "docker-call.json"), "w") as out:
    json.dump(words, out)
behaviour = os.path.join(here, "docker-behaviour.json")
if os.path.exists(behaviour):
    with open(behaviour) as handle:
        answer = json.load(handle)
    print(answer["says"], file=sys.stderr)
    sys.exit(answer["code"])
mounts = {}
for index, word in enumerate(words):
    if word == "--mount":
        fields = dict(part.partition("=")[::2] for part in next(csv.reader([words[index + 1]])))
        mounts[fields["target"]] = fields["source"]
with open(os.path.join(mounts["/job"], "job.json")) as handle:
    job = json.load(handle)
places = {"/app": here, "/model": mounts["/model"], "/work": mounts["/work"], "/tmp": os.path.join(here, "scratch")}
def moved(value):
    if isinstance(value, dict):
        return {key: moved(one) for key, one in value.items()}
    if isinstance(value, list):
        return [moved(one) for one in value]
    if isinstance(value, str):
        for inside, outside in places.items():
            if value == inside or value.startswith(inside + "/"):
                return outside + value[len(inside):]
    return value
job = moved(job)
job["diskBytes"] = 1000000
path = os.path.join(here, "scratch", "job.json")
with open(path, "w") as out:
    json.dump(job, out)
uid, gid = (int(number) for number in words[words.index("--user") + 1].split(":"))
os.chmod(os.path.join(here, "scratch"), 0o777)
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
# The Python of whoever started this may lie where another user cannot look.
os.environ["PATH"] = "/usr/local/bin:/usr/bin:/bin"
os.execvp("python3", ["python3", "-I", os.path.join(mounts["/job"], "run.py"), path])
`;

let base: string;
let source: string;
const path = process.env.PATH ?? "";

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "quantise-command-"));
  source = join(base, "source");
  await mkdir(join(source, "files"), { recursive: true });
  await writeFile(join(source, "files", "config.json"), JSON.stringify({ architectures: ["LlamaForCausalLM"] }));
  await writeFile(join(source, "files", "model.safetensors"), Buffer.alloc(100_000, 7));
  await writeManifest({});
  await mkdir(join(base, "bin", "scratch"), { recursive: true });
  for (const [name, content] of [...Object.entries(standIns), ["docker", fakeDocker] as const])
    await writeFile(join(base, "bin", name), content, { mode: 0o755 });
  await behave({});
  // The stand-ins write down their calls as another user.
  await chmod(join(base, "bin"), 0o777);
  await chmod(base, 0o755);
  process.env.PATH = `${join(base, "bin")}${delimiter}${path}`;
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(base, { recursive: true, force: true });
});

const behave = (behaviour: object) => writeFile(join(base, "bin", "behaviour.json"), JSON.stringify(behaviour));

async function writeManifest(change: Partial<ModelDescription>): Promise<void> {
  const manifest = createManifest({ ...description, ...change }, await hashFiles(join(source, "files")));
  await writeFile(join(source, "manifest.json"), serializeManifest(manifest));
}

async function holdfast(...words: readonly string[]) {
  let [out, err] = ["", ""];
  const code = await run(["node", "holdfast", ...words], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    colours: pico.createColors(false),
    progress: () => undefined,
  });
  return { code, out, err };
}

const quantise = (...words: readonly string[]) =>
  holdfast("quantise", source, "--by", "ml-team", "--out", join(base, "out"), ...words);

describe("holdfast quantise", () => {
  it("says what would be done, and does nothing", async () => {
    // As much disk as a model of the catalogue needs is not here for sure: the model is one of its own.
    await writeManifest({ model: "our-own-8b" });
    const { code, out } = await quantise();
    expect(code).toBe(0);
    expect(out).toMatch(/Quantise our-own-8b 2026-11-03/);
    expect(out).toMatch(/2026-11-03-q5_k_m +0\.0 +minimal \(approximate\)/);
    expect(out).toContain(
      "/app/llama-quantize /work/.quantising/model-f16.gguf /work/.quantising/model-q6_k.gguf Q6_K",
    );
    expect(out).toContain("--prompt 'The water in the old harbour was still, and' --predict 512");
    expect(out).toMatch(/docker run --rm --network none --read-only --user \d+:\d+/);
    expect(out).toContain("our-own-8b is not in the catalogue");
    expect(existsSync(join(base, "out"))).toBe(false);
    expect(existsSync(join(base, "bin", "docker-call.json"))).toBe(false);
  });

  it("prints the job as JSON, the same as the library plans", async () => {
    await writeManifest({ model: "our-own-8b" });
    const { out } = await quantise("--json", "--cpus", "3", "-f", "q4_k_m");
    const printed = JSON.parse(out) as { user: { uid: number; gid: number } };
    const manifest = parseManifest(JSON.parse(await readFile(join(source, "manifest.json"), "utf8")));
    const planned = quantisationJob({
      source: manifest,
      formats: ["q4_k_m"],
      createdBy: "ml-team",
      cpus: 3,
      user: printed.user,
    });
    expect(planned).toEqual({ ok: true, job: printed });
    expect(printed.user.uid).toBeGreaterThan(0);
  });

  it("does it with --run: versions as in a model store, waiting for approval", async () => {
    await writeManifest({ model: "our-own-8b" });
    const { code, out, err } = await quantise("--run", "-f", "q4_k_m,q6_k");
    expect(err).toMatch(/quantise: step 5 of 5.*try Q6_K/);
    expect(code).toBe(0);
    const store = join(base, "out", "models", "our-own-8b");
    expect((await readdir(store)).sort()).toEqual(["2026-11-03-q4_k_m", "2026-11-03-q6_k"]);
    const made = parseManifest(JSON.parse(await readFile(join(store, "2026-11-03-q6_k", "manifest.json"), "utf8")));
    expect(made.approval).toEqual({ status: "pending" });
    expect(made.provenance).toMatchObject({ createdBy: "ml-team", making: { image: quantisationImage } });
    expect(out).toContain(manifestDigest(made));
    expect((await stat(join(store, "2026-11-03-q6_k"))).uid).toBeGreaterThan(0);
    // Nothing of the job is left where it was handed over.
    const call = JSON.parse(await readFile(join(base, "bin", "docker-call.json"), "utf8")) as string[];
    const handed = call.find((word) => word.includes("target=/job"))?.match(/source=([^,]+)/)?.[1] ?? "";
    expect(handed).not.toBe("");
    expect(existsSync(handed)).toBe(false);

    const again = await quantise("--run", "-f", "q6_k");
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/--out: .*2026-11-03-q6_k is there already, and a version never changes; --as/);
    const named = await quantise("--run", "-f", "q6_k", "--as", "second", "--json");
    expect(JSON.parse(named.out)).toMatchObject([{ version: "second-q6_k", format: "q6_k", tried: { tokens: 512 } }]);
  });

  it("exits 1 when a try-out fails, with what the tools said last", async () => {
    await writeManifest({ model: "our-own-8b" });
    await behave({ "llama-completion": { runs: 3 } });
    const { code, err } = await quantise("--run", "-f", "q4_k_m");
    expect(err).toMatch(/STOPPED: try Q4_K_M: 512 tokens: generated 4 tokens/);
    expect(err).toContain("eval time");
    expect(err).toContain("nothing is published");
    expect(code).toBe(1);
    expect(await readdir(join(base, "out"))).toEqual([".quantising.lock"]);
  });

  it.each<[string, object, number, RegExp]>([
    [
      "cannot start",
      { code: 125, says: "docker: invalid reference format." },
      2,
      /invalid reference[\s\S]*could not start/,
    ],
    ["takes too much memory", { code: 137, says: "" }, 2, /was killed, as one is that takes more than its memory/],
    ["is refused by the script", { code: 2, says: "quantise: STOPPED: x" }, 2, /STOPPED: x/],
  ])("says so when the container %s", async (_, behaviour, expected, reason) => {
    await writeManifest({ model: "our-own-8b" });
    await writeFile(join(base, "bin", "docker-behaviour.json"), JSON.stringify(behaviour));
    const { code, err } = await quantise("--run");
    expect(err).toMatch(reason);
    expect(code).toBe(expected);
  });

  it("says so when there is no Docker", async () => {
    await writeManifest({ model: "our-own-8b" });
    process.env.PATH = join(base, "nothing");
    const { code, err } = await quantise("--run");
    expect(err).toMatch(/--run needs Docker .*--kubernetes/);
    expect(code).toBe(2);
  });

  it("prints a job for a cluster", async () => {
    const { code, out } = await holdfast(
      ...["quantise", source, "--by", "ml-team", "--kubernetes", "-f", "q4_k_m", "--namespace", "llm"],
      ...["--model-claim", "store", "--model-path", "a/b", "--work-claim", "out"],
    );
    expect(code).toBe(0);
    const objects = parseAllDocuments(out).map((document) => document.toJS() as Record<string, unknown>);
    expect(objects.map(({ kind }) => kind)).toEqual(["NetworkPolicy", "ConfigMap", "Job"]);
    // Script and job come out of the YAML as they went in.
    const data = objects[1]?.data as Record<string, string>;
    expect(data["run.py"]).toBe(quantisationScript);
    expect(JSON.parse(data["job.json"] ?? "")).toMatchObject({ image: quantisationImage, cpus: 8 });
    expect(objects[2]).toMatchObject({
      metadata: { namespace: "llm" },
      spec: {
        template: {
          spec: {
            containers: [{ image: quantisationImage, volumeMounts: [{ subPath: "a/b" }, {}, {}, {}] }],
            volumes: [
              { persistentVolumeClaim: { claimName: "store" } },
              { persistentVolumeClaim: { claimName: "out" } },
              {},
              {},
            ],
          },
        },
      },
    });
    const json = await holdfast("quantise", source, "--by", "ml-team", "--kubernetes", "-f", "q4_k_m", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ kind: "List", items: [{}, {}, {}] });
  });

  it("names every problem at once, by option", async () => {
    await writeManifest({ format: "awq", model: "bge-m3" });
    await writeFile(join(source, "files", "config.json"), JSON.stringify({ architectures: ["XLMRobertaModel"] }));
    const { code, err } = await holdfast("quantise", source, "-f", "q4_k_m,q4_k_m,q9", "--out", join(base, "out"));
    expect(code).toBe(2);
    for (const reason of [
      /--format: q4_k_m is listed twice/,
      /--format: "q9" is no GGUF level/,
      /manifest\.json format: is awq/,
      /manifest\.json model: bge-m3 makes embeddings/,
      /files\/config\.json: .*does not know XLMRobertaModel/,
      /--by: is missing: say who/,
    ])
      expect(err).toMatch(reason);
  });

  it("refuses a tag, and takes an image of one's own by digest", async () => {
    await writeManifest({ model: "our-own-8b" });
    const tag = await quantise("--image", "registry.bank.example/llama.cpp:full");
    expect(tag).toMatchObject({ code: 2, err: expect.stringMatching(/--image: .*a tag can move: mirror/) as string });
    const image = `registry.bank.example/llama.cpp@sha256:${"a".repeat(64)}`;
    expect((await quantise("--image", image)).out).toContain(image);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["no manifest", () => rm(join(source, "manifest.json")), /manifest\.json: cannot be read/],
    [
      "a manifest that is none",
      () => writeFile(join(source, "manifest.json"), "{}"),
      /manifest\.json: cannot be read: model manifest/,
    ],
    ["no files", () => rm(join(source, "files"), { recursive: true }), /files: is no folder/],
    [
      "a config that is no JSON",
      () => writeFile(join(source, "files", "config.json"), "{"),
      /config\.json: cannot be read/,
    ],
  ])("refuses a folder with %s", async (_, change, reason) => {
    await change();
    const { code, err } = await quantise();
    expect(err).toMatch(reason);
    expect(code).toBe(2);
  });

  it("its help names the levels that storage makes where none are stated", async () => {
    const { out } = await holdfast("quantise", "--help");
    expect(out.replace(/\s+/g, " ")).toContain(`GGUF levels (default: ${defaultQuantisations.join(",")})`);
  });

  it("says what a model of the catalogue would take, before its files are there", async () => {
    const { code, out } = await holdfast("quantise", "llama-3.1-8b-instruct");
    expect(code).toBe(0);
    expect(out).toMatch(/would take 35\.2 GB of disk and 7 GiB of memory/);
    expect(out).toMatch(/q4_k_m +4\.9 +low \(approximate\)/);
    const json = await holdfast("quantise", "llama-3.1-8b-instruct", "--json", "-f", "q8_0");
    expect(JSON.parse(json.out)).toMatchObject({ model: "llama-3.1-8b-instruct", formats: ["q8_0"] });
    expect(await holdfast("quantise", "llama-3.1-8b-instruct", "--run")).toMatchObject({ code: 2 });
    expect((await holdfast("quantise", "lama-3.1-8b")).err).toMatch(/neither a folder nor a model.*nearest: llama/);
    expect((await holdfast("quantise", "bge-m3")).err).toMatch(/makes embeddings/);
    expect((await quantise("--run", "--kubernetes")).err).toMatch(/two ways of doing it/);
  });
});

describe("the command for Docker", () => {
  it("is one that Docker's own client understands", async (context) => {
    process.env.PATH = path;
    if (spawnSync("docker", ["--version"]).status !== 0) context.skip("no Docker engine: docker is not on the PATH");
    const manifest = parseManifest(JSON.parse(await readFile(join(source, "manifest.json"), "utf8")));
    const planned = quantisationJob({ source: manifest, createdBy: "ml-team" });
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    const words = quantisationDockerCommand(planned.job, {
      model: join(source, "files"),
      work: join(base, "a, b"),
      job: base,
    });
    // No engine is asked: the client reads the command first, and then finds nobody at that address.
    const env = { PATH: path, HOME: base, DOCKER_HOST: `unix://${join(base, "nobody.sock")}` };
    const ask = (command: readonly string[]) => spawnSync("docker", command, { env, encoding: "utf8" });
    expect(ask(words).stderr).toMatch(/daemon running|failed to connect/i);
    const broken = words.map((word) => (word.startsWith("type=bind") ? `${word},no-such-field=1` : word));
    expect(ask(broken).stderr).toMatch(/no-such-field/);
    expect(ask(["run", "--no-such-flag", ...words.slice(1)]).stderr).toMatch(/unknown flag/);
  });
});
