import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeAws } from "./fake-aws.fixture";
import { hashFiles } from "./hash-files";
import {
  checksumsText,
  createManifest,
  manifestDigest,
  modelPrefix,
  serializeManifest,
  type ModelDescription,
} from "./model-manifest";
import { modelPaths, modelSyncFiles } from "./model-sync";

const model = "tiny-llm";
const version = "1.0";
const description: ModelDescription = {
  model,
  version,
  format: "bf16",
  container: "safetensors",
  license: { name: "Apache-2.0" },
  provenance: {
    source: "https://example.com/tiny",
    revision: "0123456789abcdef0123456789abcdef01234567",
    retrieved: "2026-11-03",
    createdBy: "ops",
  },
  approval: { status: "approved", approvedBy: "security", approvedOn: "2026-11-04" },
};

let base: string;
let store: string;
let root: string;
let pinned: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "model-sync-"));
  store = join(base, "s3", "bucket", modelPrefix(model, version));
  root = join(base, "models");
  await mkdir(join(store, "files", "tokenizer"), { recursive: true });
  await mkdir(join(base, "bin"));
  await writeFile(join(base, "bin", "aws"), fakeAws, { mode: 0o755 });
  for (const file of modelSyncFiles({ model, version, region: "eu-central-1" })) {
    if (file.reader === "shell")
      await writeFile(join(base, "bin", file.path.split("/").at(-1) ?? ""), file.content, { mode: 0o755 });
  }
  await writeFile(join(store, "files", "config.json"), "{}");
  await writeFile(join(store, "files", "model-00001-of-00002.safetensors"), Buffer.alloc(300_000, 7));
  await writeFile(join(store, "files", "model-00002-of-00002.safetensors"), Buffer.alloc(200_000, 9));
  await writeFile(join(store, "files", "tokenizer", "tokenizer.json"), "[]");
  const manifest = createManifest(description, await hashFiles(join(store, "files")));
  pinned = manifestDigest(manifest);
  await writeFile(join(store, "manifest.json"), serializeManifest(manifest));
  await writeFile(join(store, "checksums.txt"), checksumsText(manifest));
});
afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

interface Run {
  readonly code: number;
  readonly output: string;
}

function run(script: "model-sync" | "model-gate", environment: Record<string, string> = {}): Promise<Run> {
  const env = {
    PATH: `${join(base, "bin")}:${process.env.PATH ?? ""}`,
    FAKE_S3: join(base, "s3"),
    MODEL_BUCKET: "bucket",
    MODEL_NAME: model,
    MODEL_VERSION: version,
    MODEL_MANIFEST_SHA256: pinned,
    MODEL_ROOT: root,
    MODEL_STATE: join(base, "state"),
    MODEL_FETCH_ATTEMPTS: "1",
    ...environment,
  };
  return new Promise((settle) => {
    execFile(join(base, "bin", script), { env }, (error, stdout, stderr) => {
      settle({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

/** What systemd does: the engine's unit requires the sync, and runs the gate first. */
async function engineStarts(environment: Record<string, string> = {}): Promise<Run & { readonly starts: boolean }> {
  const sync = await run("model-sync", environment);
  const gate = await run("model-gate", environment);
  // Either alone must hold the engine back.
  if ((sync.code === 0) !== (gate.code === 0))
    throw new Error(`sync ${sync.code} and gate ${gate.code} disagree: ${sync.output}${gate.output}`);
  return { ...sync, starts: sync.code === 0 };
}

async function calls(): Promise<string[]> {
  return (await readFile(join(base, "s3", "calls"), "utf8")).trim().split("\n");
}

async function rewriteManifest(change: (text: string) => string, pin: boolean): Promise<void> {
  const text = change(await readFile(join(store, "manifest.json"), "utf8"));
  await writeFile(join(store, "manifest.json"), text);
  if (pin) pinned = (await hashFiles(store)).find((file) => file.path === "manifest.json")?.sha256 ?? "";
}

describe("the model sync", () => {
  it("brings a good model, read-only, under its version, with a link to it", async () => {
    expect(await engineStarts()).toMatchObject({
      starts: true,
      output: expect.stringContaining("verified tiny-llm 1.0: 4 files, 500004 bytes") as string,
    });
    const here = join(root, model, version);
    expect(await hashFiles(here)).toEqual(await hashFiles(join(store, "files")));
    expect((await stat(join(here, "config.json"))).mode & 0o222).toBe(0);
    expect(await readlink(join(root, model, "current"))).toBe(version);
    expect((await readdir(root)).sort()).toEqual([".lock", ".staging", model]);
    expect(await readdir(join(root, ".staging"))).toEqual([model]);
  });

  it("refuses a flipped byte", async () => {
    const file = join(store, "files", "model-00001-of-00002.safetensors");
    const bytes = await readFile(file);
    bytes[123_456] = 8;
    await writeFile(file, bytes);
    const { starts, code, output } = await engineStarts();
    expect({ starts, code }).toEqual({ starts: false, code: 78 });
    expect(output).toContain("content differs: model-00001-of-00002.safetensors");
    expect(await readdir(root)).not.toContain(model);
  });

  it("refuses a missing file", async () => {
    await rm(join(store, "files", "tokenizer", "tokenizer.json"));
    expect(await engineStarts()).toMatchObject({
      starts: false,
      code: 78,
      output: expect.stringMatching(/missing or of another size.*tokenizer\/tokenizer\.json/) as string,
    });
  });

  it("refuses a shortened file", async () => {
    await truncate(join(store, "files", "model-00002-of-00002.safetensors"), 100_000);
    expect(await engineStarts()).toMatchObject({
      starts: false,
      code: 78,
      output: expect.stringContaining("200000 model-00002-of-00002.safetensors") as string,
    });
  });

  it("refuses a file that the manifest does not list", async () => {
    await writeFile(join(store, "files", "extra.py"), "import os");
    expect(await engineStarts()).toMatchObject({
      starts: false,
      code: 78,
      output: expect.stringMatching(/not as listed.*extra\.py/) as string,
    });
  });

  it("refuses a truncated manifest, by its digest and by its content", async () => {
    await rewriteManifest((text) => text.slice(0, text.length / 2), false);
    expect(await engineStarts()).toMatchObject({
      starts: false,
      code: 78,
      output: expect.stringContaining("the store's manifest has SHA-256") as string,
    });
    await rewriteManifest((text) => text, true);
    expect(await engineStarts()).toMatchObject({
      starts: false,
      code: 78,
      output: expect.stringContaining("manifest: cannot be read") as string,
    });
  });

  it("refuses a whole other model with a manifest of its own", async () => {
    await writeFile(join(store, "files", "config.json"), '{"other": true}');
    const other = createManifest(description, await hashFiles(join(store, "files")));
    await writeFile(join(store, "manifest.json"), serializeManifest(other));
    expect(await engineStarts()).toMatchObject({ starts: false, code: 78 });
  });

  it.each([
    ["not approved", '"status": "approved"', '"status": "pending"', "not approved"],
    [
      "approved by its own author",
      '"approvedBy": "security"',
      '"approvedBy": "ops"',
      "by the person who brought the files in",
    ],
    ["of another version", '"version": "1.0"', '"version": "1.1"', "is of tiny-llm 1.1"],
    ["with a path that climbs out", '"path": "config.json"', '"path": "../config.json"', "is not allowed"],
    ["with a malformed size", '"bytes": 2', '"bytes": "2"', "malformed"],
    ["of an unknown form", '"schemaVersion": 1', '"schemaVersion": 2', "schemaVersion"],
  ])("refuses a pinned manifest that is %s", async (_, from, to, reason) => {
    await rewriteManifest((text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    }, true);
    expect(await engineStarts()).toMatchObject({
      starts: false,
      code: 78,
      output: expect.stringContaining(reason) as string,
    });
  });

  it.each([
    ["", "MODEL_MANIFEST_SHA256"],
    ["abc", "is not a SHA-256"],
    ["A".repeat(64), "is not a SHA-256"],
  ])("refuses the pin %j", async (pin, reason) => {
    expect(await engineStarts({ MODEL_MANIFEST_SHA256: pin })).toMatchObject({
      starts: false,
      output: expect.stringContaining(reason) as string,
    });
  });

  it("refuses a link, and repairs the host when the store is sound", async () => {
    await engineStarts();
    const link = join(root, model, version, "extra.json");
    await symlink("/etc/hostname", link);
    const again = await engineStarts();
    expect(again).toMatchObject({
      starts: true,
      output: expect.stringContaining("neither file nor folder: extra.json") as string,
    });
    await expect(stat(link)).rejects.toThrow("ENOENT");
  });

  it("needs no store for a model that is here already", async () => {
    await engineStarts();
    await rm(join(base, "state"), { recursive: true });
    await writeFile(join(base, "s3", "aws-down"), "");
    const before = (await calls()).length;
    expect((await engineStarts()).starts).toBe(true);
    expect((await calls()).length).toBe(before);
  });

  it("says so when the store cannot be reached, and holds the engine back", async () => {
    await writeFile(join(base, "s3", "aws-down"), "");
    expect(await engineStarts()).toMatchObject({ starts: false, code: 75 });
  });

  it("finds damage on the host after a restart and fetches only what is wrong", async () => {
    await engineStarts();
    const [damaged, sound] = [1, 2].map((part) =>
      join(root, model, version, `model-0000${part}-of-00002.safetensors`),
    ) as [string, string];
    const untouched = (await stat(sound)).ino;
    const bytes = await readFile(damaged);
    bytes[5] = 1;
    await rm(damaged);
    await writeFile(damaged, bytes);
    expect(await engineStarts()).toMatchObject({ starts: true, output: expect.stringContaining("damaged") as string });
    expect((await readFile(damaged))[5]).toBe(7);
    expect((await stat(sound)).ino).toBe(untouched);
  });

  it("takes up an interrupted fetch and keeps what it had brought", async () => {
    const staging = join(root, ".staging", model, version);
    await mkdir(staging, { recursive: true });
    const sound = "model-00001-of-00002.safetensors";
    await writeFile(join(staging, sound), Buffer.alloc(300_000, 7));
    await writeFile(join(staging, "model-00002-of-00002.safetensors.9f3A"), "half");
    const { ino } = await stat(join(staging, sound));
    expect((await engineStarts()).starts).toBe(true);
    expect((await stat(join(root, model, version, sound))).ino).toBe(ino);
    expect(await hashFiles(join(root, model, version))).toEqual(await hashFiles(join(store, "files")));
  });

  it("does not blame the store for what an interrupted fetch left broken", async () => {
    const staging = join(root, ".staging", model, version);
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, "model-00001-of-00002.safetensors"), Buffer.alloc(300_000, 6));
    expect((await engineStarts()).starts).toBe(true);
    expect(await hashFiles(join(root, model, version))).toEqual(await hashFiles(join(store, "files")));
  });

  it("forgets the verification as soon as it runs again", async () => {
    await engineStarts();
    expect((await run("model-gate")).code).toBe(0);
    expect((await run("model-gate", { MODEL_MANIFEST_SHA256: "0".repeat(64) })).code).toBe(78);
    await writeFile(join(base, "s3", "aws-down"), "");
    await rm(join(root, model, `${version}.manifest.json`));
    expect(await engineStarts()).toMatchObject({ starts: false, code: 75 });
  });

  it("does not let an engine start whose model has gone since", async () => {
    await engineStarts();
    await rm(join(root, model, version), { recursive: true });
    expect((await run("model-gate")).code).toBe(78);
  });

  it("tells the node exporter, so that a refusal raises an alert", async () => {
    const metrics = join(base, "metrics");
    await mkdir(metrics);
    const value = async () =>
      /^holdfast_model_verified\{model="tiny-llm",version="1\.0"\} (\d)$/m.exec(
        await readFile(join(metrics, "model.prom"), "utf8"),
      )?.[1];
    await engineStarts({ MODEL_METRICS: metrics });
    expect(await value()).toBe("1");
    await rm(join(root, model), { recursive: true });
    await truncate(join(store, "files", "config.json"), 0);
    await engineStarts({ MODEL_METRICS: metrics });
    expect(await value()).toBe("0");
  });

  it("exports checksums that sha256sum itself accepts", async () => {
    const { code } = await new Promise<{ code: number }>((settle) => {
      execFile(
        "sha256sum",
        ["--check", "--strict", "--quiet", join(store, "checksums.txt")],
        { cwd: join(store, "files") },
        (error) => {
          settle({ code: error === null ? 0 : 1 });
        },
      );
    });
    expect(code).toBe(0);
  });
});

describe("modelSyncFiles", () => {
  it("pins the manifest in the files when its digest is known, and leaves it to the host's parameters when not", () => {
    const environment = (manifestSha256?: string) =>
      modelSyncFiles({
        model,
        version,
        region: "eu-central-1",
        ...(manifestSha256 !== undefined && { manifestSha256 }),
      }).find((file) => file.path === modelPaths.environment)?.content;
    expect(environment("ab".repeat(32))).toContain(`MODEL_MANIFEST_SHA256=${"ab".repeat(32)}\n`);
    expect(environment()).not.toContain("MODEL_MANIFEST_SHA256");
  });
});
