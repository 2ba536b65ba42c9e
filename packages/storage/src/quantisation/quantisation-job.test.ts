import { findModel } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import { manifestDigest } from "../model-manifest";
import { quantisationDockerCommand } from "./quantisation-docker";
import { imageProblem, quantisationImage } from "./quantisation-image";
import {
  quantisationJob,
  quantisationOutlook,
  tryOut,
  type QuantisationJob,
  type QuantisationRequest,
} from "./quantisation-job";
import { quantisationFormats } from "./quantisation-source";
import { description, source } from "./quantisation.fixture";

const digest = "a".repeat(64);
const request: QuantisationRequest = { source: source(), createdBy: "ml-team" };

function planned(change: Partial<QuantisationRequest> = {}): QuantisationJob {
  const outcome = quantisationJob({ ...request, ...change });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.job;
}

function refused(change: Partial<QuantisationRequest>): string[] {
  const outcome = quantisationJob({ ...request, ...change });
  return outcome.ok ? [] : outcome.problems.map(({ path, reason }) => `${path}: ${reason}`);
}

describe("MOD-R28: a quantisation is a job", () => {
  it("converts to F16, makes Q4_K_M, Q5_K_M and Q6_K, and tries each with 512 tokens", () => {
    const { steps } = planned();
    expect(steps.map(({ name }) => name)).toEqual([
      "convert to GGUF F16",
      "quantise to Q4_K_M",
      "try Q4_K_M: 512 tokens",
      "quantise to Q5_K_M",
      "try Q5_K_M: 512 tokens",
      "quantise to Q6_K",
      "try Q6_K: 512 tokens",
    ]);
    const whole = "/work/.quantising/model-f16.gguf";
    const quantised = "/work/.quantising/model-q4_k_m.gguf";
    expect(steps.slice(0, 3).map(({ argv }) => argv)).toEqual([
      [
        ...["python3", "/app/convert_hf_to_gguf.py", "/model", "--outfile", whole, "--outtype", "f16"],
        ...["--model-name", "llama-3.1-8b-instruct"],
      ],
      ["/app/llama-quantize", whole, quantised, "Q4_K_M", "8"],
      [
        "/app/llama-completion",
        ...["--model", quantised, "--prompt", tryOut.prompt, "--predict", "512", "--ignore-eos", "--seed", "42"],
        ...["--ctx-size", "1024", "--threads", "8", "--check-tensors", "--no-conversation", "--no-display-prompt"],
        ...["--simple-io", "--no-warmup", "--fit", "off", "--offline", "--perf"],
      ],
    ]);
    expect(steps[2]).toMatchObject({ kind: "try", tokens: 512, seed: 42 });
  });

  it("names image, user and places, and is plain data that is the same each time", () => {
    const job = planned();
    expect(job).toMatchObject({ image: quantisationImage, user: { uid: 65532, gid: 65532 }, cpus: 8 });
    expect(JSON.parse(JSON.stringify(job))).toEqual(job);
    expect(JSON.stringify(planned())).toBe(JSON.stringify(job));
  });

  it("counts disk and memory by the catalogue's arithmetic", () => {
    const job = planned();
    // The published files of Llama-3.1-8B are 4.92, 5.73 and 6.60 GB; what is beside the tensors is in the margin.
    const published = [4.92, 5.73, 6.6];
    job.results.forEach(({ bytes }, index) => {
      expect(Math.abs(bytes / 1e9 / (published[index] ?? 0) - 1)).toBeLessThan(0.002);
    });
    // The F16 file that llama.cpp publishes the size of.
    const all = 16_063_177_687 + job.results.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(job.diskBytes).toBe(Math.ceil(all * 1.05) + 256 * 2 ** 20);
    // The try-out of Q6_K holds its file, 128 MiB of cache, the compute buffer and a quarter of a GiB.
    expect(job.memoryBytes / 2 ** 30).toBe(7);
    expect(job.arithmetic.join("\n")).toMatch(/q4_k_m: 4\.9 GB, known size \(llama\.cpp/);
    expect(job.arithmetic.at(-2)).toMatch(/^disk: all of them 33\.3 GB, 5 % and 256 MiB more = 35\.2 GB$/);
    expect(job.arithmetic.join("\n")).toMatch(/memory: trying q6_k takes most, 7 GiB/);
  });

  it("counts the source's bytes where they are more than the language model: pictures and speech have weights too", () => {
    const larger = source({}, [
      { path: "config.json", bytes: 1, sha256: digest },
      { path: "model.safetensors", bytes: 17_000_000_000, sha256: digest },
    ]);
    expect(planned({ source: larger }).arithmetic[0]).toBe("f16: 17.0 GB, the bytes of the source in 16 bit");
  });

  it("needs more memory where a tensor is large: all experts of a layer are one", () => {
    const mixture = source({ model: "mixtral-8x7b-instruct-v0.1" });
    const job = planned({ source: mixture, formats: ["q2_k"] });
    // 8 experts of 14,336 x 4,096 weights at 10 bytes and 1 GiB; the file of Q2_K is larger.
    expect(job.arithmetic.join("\n")).toContain("largest tensor: 470 million weights");
  });

  it("takes sizes from the source's bytes where the catalogue does not know the model", () => {
    const job = planned({ source: source({ model: "our-own-8b" }), formats: ["q8_0"] });
    const weights = 16_060_556_376 / 2;
    expect(job.results[0]?.bytes).toBe(Math.ceil((weights * 8.5) / 8));
    expect(job.notes).toContainEqual(expect.stringContaining("our-own-8b is not in the catalogue"));
    // Nothing says how large its largest tensor is, but that it is in a file.
    const largest = 4_999_802_720 / 2;
    expect(job.memoryBytes).toBe(Math.ceil((2 ** 30 + 10 * largest) / 2 ** 30) * 2 ** 30);
    const whole = planned({ source: source({ model: "our-own-8b", format: "f32" }), formats: ["q8_0"] });
    expect(whole.results[0]?.bytes).toBe(Math.ceil((weights * 8.5) / 8 / 2));
  });

  it("gives each result a version of its own, whose manifest names parent, tools and commands and waits for approval", () => {
    const job = planned({ formats: ["Q5_K_M"], as: "2026-11-21" });
    const [result] = job.results;
    expect(result).toMatchObject({
      version: "2026-11-21-q5_k_m",
      folder: "models/llama-3.1-8b-instruct/2026-11-21-q5_k_m",
      file: "model-q5_k_m.gguf",
      manifest: {
        model: "llama-3.1-8b-instruct",
        format: "q5_k_m",
        container: "gguf",
        license: description.license,
        provenance: {
          revision: description.provenance.revision,
          createdBy: "ml-team",
          parent: { model: "llama-3.1-8b-instruct", version: "2026-11-03", manifest: manifestDigest(source()) },
          making: { image: quantisationImage, commands: job.steps.map(({ argv }) => argv) },
        },
        approval: { status: "pending" },
      },
    });
    // A result's commands are those that made it, and not those of its sisters.
    const both = planned({ formats: ["q4_k_m", "q6_k"] });
    const commands = both.results[1]?.manifest.provenance.making?.commands ?? [];
    expect(commands.map((argv) => argv[0])).toEqual(["python3", "/app/llama-quantize", "/app/llama-completion"]);
    expect(commands[1]).toContain("Q6_K");
  });

  it("makes an F16 version when it is asked for, out of the one conversion", () => {
    const job = planned({ formats: ["f16", "q4_k_m"] });
    expect(job.steps.map(({ kind, format }) => `${kind} ${format}`)).toEqual([
      "convert f16",
      "try f16",
      "quantise q4_k_m",
      "try q4_k_m",
    ]);
    expect(job.results[0]?.made).toBe(job.steps[0]?.file);
  });

  it("says what a person should know before", () => {
    expect(planned({ formats: ["q2_k"] }).notes.join()).toMatch(/Q2_K is not recommended: quality loss significant/);
    expect(planned().notes).toEqual([]);
    const pending = source({ approval: { status: "pending" } });
    expect(planned({ source: pending }).notes.join()).toContain("approve 2026-11-03 before");
  });
});

describe("a quantisation is refused", () => {
  it.each<[string, Partial<QuantisationRequest>, RegExp]>([
    [
      "an unknown format",
      { formats: ["q4_k_x"] },
      /formats\[0\]: "q4_k_x" is no GGUF level \(nearest: q4_k_[ms]\); allowed: q2_k/,
    ],
    ["a format of other engines", { formats: ["awq"] }, /"awq" is no GGUF level/],
    ["a format listed twice", { formats: ["q4_k_m", "Q4_K_M"] }, /formats\[1\]: q4_k_m is listed twice/],
    ["no format", { formats: [] }, /formats: is empty; allowed/],
    [
      "a source that is quantised",
      { source: source({ format: "awq" }) },
      /source\.format: is awq: .*loses twice.*bf16/,
    ],
    ["8 bit of a model trained in 16", { source: source({ format: "fp8" }) }, /source\.format: is fp8/],
    [
      "a GGUF source",
      { source: source({ container: "gguf", format: "q8_0" }, [{ path: "a.gguf", bytes: 1, sha256: digest }]) },
      /source\.container: is gguf/,
    ],
    ["a model without text", { source: source({ model: "bge-m3" }) }, /source\.model: bge-m3 makes embeddings/],
    ["a rejected source", { source: source({ approval: { status: "rejected" } }) }, /approval\.status: is rejected/],
    [
      "an architecture that the converter does not know",
      { architecture: "LlamaForCausalLN" },
      /source\.architecture: .*does not know LlamaForCausalLN \(nearest: LlamaForCausalLM/,
    ],
    [
      "too little disk",
      { freeBytes: 30_000_000_000 },
      /freeBytes: .*has 30000000000 bytes free and needs 3\d{10}; f16: /,
    ],
    [
      "too little memory",
      { machineBytes: 4 * 2 ** 30 },
      /machineBytes: .*has 4294967296 bytes.*trying q6_k takes most, 7 GiB/,
    ],
    ["a tag", { image: "registry.bank.example/llama.cpp:full" }, /image: .*has no digest, and a tag can move: mirror/],
    ["no processor", { cpus: 0 }, /cpus: is 0/],
    ["root", { user: { uid: 0, gid: 0 } }, /user\.uid: is 0.*root/],
    ["a name that no manifest takes", { as: "V 1" }, /as: .*lower-case/],
    ["nobody", { createdBy: "" }, /createdBy: /],
  ])("%s", (_, change, reason) => {
    const problems = refused(change);
    expect(problems.join("\n")).toMatch(reason);
    // Root is wrong twice, as user and as group.
    expect(problems).toHaveLength(change.user === undefined ? 1 : 2);
  });

  it("with every problem at once", () => {
    const problems = refused({
      source: source({ format: "gptq", model: "bge-m3" }),
      formats: ["q4_k_m", "q4_k_m", "q9"],
      image: "llama.cpp:latest",
      architecture: "XLMRobertaModel",
      freeBytes: 1,
      cpus: 1.5,
    });
    expect(problems.map((text) => text.split(":")[0])).toEqual(
      expect.arrayContaining([
        "formats[1]",
        "formats[2]",
        "source.format",
        "source.model",
        "image",
        "cpus",
        "freeBytes",
      ]),
    );
  });

  it("but not for an architecture that a named image may know, nor in a format that a model was trained in", () => {
    const image = `registry.bank.example:5000/mirror/llama.cpp@sha256:${digest}`;
    expect(refused({ architecture: "BrandNewForCausalLM", image })).toEqual([]);
    expect(refused({ source: source({ model: "deepseek-v3", format: "fp8" }) })).toEqual([]);
  });
});

describe("what a model of the catalogue would take", () => {
  const outlook = (id: string, formats?: string[]) => {
    const model = findModel(id);
    if (model === undefined) throw new Error(id);
    return quantisationOutlook(model, formats);
  };

  it("is what its job takes", () => {
    const { diskBytes, memoryBytes, arithmetic } = planned();
    expect(outlook("llama-3.1-8b-instruct")).toMatchObject({ ok: true, needs: { diskBytes, memoryBytes, arithmetic } });
  });

  it("is nothing for a model that cannot be quantised", () => {
    expect(JSON.stringify(outlook("bge-m3", ["q4"]))).toMatch(/is no GGUF level.*makes embeddings/);
    expect(JSON.stringify(outlook("gpt-oss-20b"))).toMatch(/is mxfp4: .*the publisher gives no other/);
  });
});

describe("the image", () => {
  it.each([
    quantisationImage,
    `llama.cpp@sha256:${digest}`,
    `localhost:5000/llama.cpp:full@sha256:${digest}`,
    `registry.bank.example/a/b__c/llama-cpp@sha256:${digest}`,
  ])("takes %s", (image) => {
    expect(imageProblem(image)).toBeUndefined();
  });

  it.each([
    ["ghcr.io/ggml-org/llama.cpp:full", /has no digest/],
    ["ghcr.io/ggml-org/llama.cpp", /has no digest/],
    [`ghcr.io/ggml-org/llama.cpp@sha256:${"a".repeat(63)}`, /has no digest/],
    [`sha256:${digest}`, /has no digest/],
    [`--privileged@sha256:${digest}`, /is no name of an image/],
    [`Upper/Case@sha256:${digest}`, /is no name of an image/],
    [`a b@sha256:${digest}`, /is no name of an image/],
  ])("refuses %s", (image, reason) => {
    expect(imageProblem(image)).toMatch(reason);
  });
});

describe("the Docker command", () => {
  const places = { model: "/srv/models/a", work: "/srv/out, new", job: "/run/job" };

  it("gives the container nothing but three folders and scratch", () => {
    const job = planned({ formats: ["q4_k_m"], user: { uid: 1000, gid: 1000 } });
    const memory = String(job.memoryBytes + 256 * 2 ** 20);
    expect(quantisationDockerCommand(job, places)).toEqual([
      ...["run", "--rm", "--network", "none", "--read-only", "--user", "1000:1000"],
      ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", "1024"],
      ...["--memory", memory, "--memory-swap", memory],
      ...["--mount", "type=bind,source=/srv/models/a,target=/model,readonly"],
      ...["--mount", 'type=bind,"source=/srv/out, new",target=/work'],
      ...["--mount", "type=bind,source=/run/job,target=/job,readonly"],
      ...["--tmpfs", "/tmp:rw,nosuid,nodev,noexec,size=268435456,mode=1777"],
      ...["--workdir", "/tmp", "--entrypoint", "python3", quantisationImage, "-I", "/job/run.py", "/job/job.json"],
    ]);
  });
});

describe("formats", () => {
  it("are the levels of the catalogue, under llama.cpp's names", () => {
    for (const format of quantisationFormats) {
      const quantise = planned({ formats: [format] }).steps.find(({ kind }) => kind === "quantise");
      expect(quantise?.argv[3] ?? "F16").toBe(format.toUpperCase());
    }
  });
});
