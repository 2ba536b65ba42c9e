import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  checksumsText,
  createManifest,
  manifestBytes,
  manifestDigest,
  parseManifest,
  serializeManifest,
  verifyManifest,
  type ModelDescription,
  type ModelFile,
} from "./model-manifest";

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const file = (path: string, content = path): ModelFile => ({ path, bytes: content.length, sha256: sha(content) });

const description: ModelDescription = {
  model: "qwen2.5-coder-7b-instruct",
  version: "2026-11-03",
  format: "bf16",
  container: "safetensors",
  license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
  provenance: {
    source: "https://huggingface.co/Qwen/Qwen2.5-Coder-7B-Instruct",
    revision: "c03e6d358207e414f1eca0bb1891e29f1db0e242",
    retrieved: "2026-11-03",
    createdBy: "ops-team",
  },
  approval: { status: "approved", approvedBy: "security-team", approvedOn: "2026-11-10" },
};
const files = [file("config.json"), file("model-00001-of-00002.safetensors"), file("model-00002-of-00002.safetensors")];
const manifest = createManifest(description, files);

describe("createManifest", () => {
  it("sorts the files, so that the order in which they were read changes nothing", () => {
    expect(serializeManifest(createManifest(description, [...files].reverse()))).toBe(serializeManifest(manifest));
  });

  it.each<[string, Partial<ModelDescription>, ModelFile[], RegExp]>([
    ["pickled weights", {}, [...files, file("pytorch_model.bin")], /files\[3\]\.path: .*may hold code.*safetensors/],
    ["code beside the weights", {}, [...files, file("modeling_custom.py")], /may hold code/],
    ["a path that climbs out", {}, [...files, file("../config.json")], /relative path/],
    ["an absolute path", {}, [...files, file("/etc/x.json")], /relative path/],
    ["a path with a space", {}, [...files, file("a b.json")], /relative path/],
    ["a file listed twice", {}, [...files, file("config.json", "other")], /listed twice/],
    ["no weights", {}, [file("config.json")], /no \.safetensors file/],
    ["no config", {}, [file("a.safetensors")], /no config\.json/],
    [
      "a branch for a revision",
      { provenance: { ...description.provenance, revision: "main" } },
      files,
      /branch or a tag can move/,
    ],
    [
      "approval by the person who brought it in",
      { approval: { status: "approved", approvedBy: "ops-team", approvedOn: "2026-11-10" } },
      files,
      /second person/,
    ],
    [
      "approval without a name",
      { approval: { status: "approved", approvedOn: "2026-11-10" } },
      files,
      /approval\.approvedBy: missing/,
    ],
    [
      "approval without a day",
      { approval: { status: "approved", approvedBy: "security-team" } },
      files,
      /approval\.approvedOn: missing/,
    ],
  ])("refuses %s", (_, change, list, reason) => {
    expect(() => createManifest({ ...description, ...change }, list)).toThrow(reason);
  });

  it("names every problem in one error", () => {
    expect(() => createManifest({ ...description, version: "V 1", format: "" }, [file("x.bin")])).toThrow(
      /version.*format.*files\[0\]\.path/s,
    );
  });
});

describe("serializeManifest", () => {
  it("gives the same bytes whatever the order of the keys", () => {
    const shuffled = parseManifest(
      JSON.parse(JSON.stringify({ files: manifest.files, ...Object.fromEntries(Object.entries(manifest).reverse()) })),
    );
    expect(manifestDigest(shuffled)).toBe(manifestDigest(manifest));
  });

  it("says how a version was made, in one order, and is what it always was for versions that were not made here", () => {
    expect(manifestDigest(manifest)).toBe("2d2dc72fbce0ef4161d0a971a0c6965cf209213940348050b0c30a66798fdfa7");
    const text = sha("a text");
    const made: ModelDescription = {
      ...description,
      provenance: {
        ...description.provenance,
        making: {
          tried: { text, seed: 42, tokens: 512 },
          commands: [["llama-quantize", "a b", "$(c)"]],
          image: `registry.bank.example/llama.cpp@sha256:${text}`,
        },
        parent: { manifest: text, version: "1.0", model: "qwen2.5-coder-7b-instruct" },
      },
    };
    const written = serializeManifest(createManifest(made, files));
    expect(JSON.parse(written)).toMatchObject(made);
    const keys = [...written.matchAll(/"(\w+)":/g)].map((found) => found[1]).join(" ");
    expect(keys).toContain(
      "createdBy parent model version manifest making image commands tried tokens seed text approval",
    );
    const tag = { ...made.provenance.making, image: "registry.bank.example/llama.cpp:full", commands: [[]] };
    expect(() => createManifest({ ...made, provenance: { ...made.provenance, making: tag } }, files)).toThrow(
      /making\.image: must end in a digest.*making\.commands\[0\]/,
    );
  });

  it("reads back as what was written", () => {
    expect(parseManifest(JSON.parse(serializeManifest(manifest)))).toEqual(manifest);
  });

  it("has another digest when one digit of one hash changes", () => {
    const [first, ...rest] = manifest.files;
    if (first === undefined) throw new Error("no files");
    const changed = { ...manifest, files: [{ ...first, sha256: sha("other") }, ...rest] };
    expect(manifestDigest(changed)).not.toBe(manifestDigest(manifest));
  });

  it("adds up", () => {
    expect(manifestBytes(manifest)).toBe(files.reduce((sum, one) => sum + one.bytes, 0));
    expect(checksumsText(manifest)).toBe(manifest.files.map((one) => `${one.sha256}  ${one.path}\n`).join(""));
  });
});

describe("verifyManifest", () => {
  it("finds nothing when everything is there", () => {
    expect(verifyManifest(manifest, files)).toEqual([]);
  });

  it("finds any single change", () => {
    const index = fc.nat({ max: files.length - 1 });
    const change = fc.oneof(
      fc.constant((): ModelFile[] => []),
      fc.constant((one: ModelFile): ModelFile[] => [{ ...one, bytes: one.bytes + 1 }]),
      fc.constant((one: ModelFile): ModelFile[] => [{ ...one, sha256: sha(`${one.path}!`) }]),
      fc.constant((one: ModelFile): ModelFile[] => [one, { ...one, path: `${one.path}.json` }]),
    );
    fc.assert(
      fc.property(index, change, (at, apply) => {
        const found = files.flatMap((one, position) => (position === at ? apply(one) : [one]));
        expect(verifyManifest(manifest, found)).toHaveLength(1);
      }),
    );
  });

  it("says which file and what is wrong", () => {
    expect(verifyManifest(manifest, [...files.slice(1), file("config.jsn")])).toEqual([
      { path: "config.json", reason: "is missing" },
      { path: "config.jsn", reason: "is not in the manifest (nearest: config.json)" },
    ]);
  });
});
