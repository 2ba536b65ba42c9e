import { createHash } from "node:crypto";
import { createManifest, type ModelDescription, type ModelFile, type ModelManifest } from "../model-manifest";

export const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

/** A publisher's version of a model in the catalogue, as it was brought in. */
export const description: ModelDescription = {
  model: "llama-3.1-8b-instruct",
  version: "2026-11-03",
  format: "bf16",
  container: "safetensors",
  license: { name: "Llama 3.1 Community License", url: "https://www.llama.com/llama3_1/license/" },
  provenance: {
    source: "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct",
    revision: "0e9e39f249a16976918f6564b8830bc894c89659",
    retrieved: "2026-11-03",
    createdBy: "ops-team",
  },
  approval: { status: "approved", approvedBy: "security-team", approvedOn: "2026-11-10" },
};

const file = (path: string, bytes: number): ModelFile => ({ path, bytes, sha256: sha256(path) });

/** Sizes as published: four files of weights, 16.06 GB together. */
export const files: readonly ModelFile[] = [
  file("LICENSE", 7_627),
  file("config.json", 855),
  file("model-00001-of-00004.safetensors", 4_976_698_672),
  file("model-00002-of-00004.safetensors", 4_999_802_720),
  file("model-00003-of-00004.safetensors", 4_915_916_176),
  file("model-00004-of-00004.safetensors", 1_168_138_808),
  file("tokenizer.json", 9_085_657),
];

export function source(change: Partial<ModelDescription> = {}, list = files): ModelManifest {
  return createManifest({ ...description, ...change }, list);
}

/** Stand-ins for llama.cpp's programs, by name. Each writes down how it was called, and does what `behaviour.json` beside it says. */
export const standIns: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ["convert_hf_to_gguf.py", "target = sys.argv[sys.argv.index('--outfile') + 1]"],
      ["llama-quantize", "target = sys.argv[2]"],
      ["llama-completion", "target = None"],
    ] as const
  ).map(([name, target]) => [
    name,
    `#!/usr/bin/env python3
import json, os, sys, time
here = os.path.dirname(os.path.realpath(__file__))
with open(os.path.join(here, "calls"), "a") as calls:
    print(json.dumps({"argv": sys.argv, "environment": dict(os.environ), "pid": os.getpid()}), file=calls)
with open(os.path.join(here, "behaviour.json")) as handle:
    behaviour = json.load(handle).get("${name}", {})
${target}
if target is not None and behaviour.get("writes", True):
    with open(target, "wb") as out:
        out.write(behaviour.get("content", "GGUF of " + os.path.basename(target)).encode())
if target is None:
    print(behaviour.get("says", "a text of a few words"))
    print("common_perf_print: prompt eval time =       0.74 ms /     7 tokens (    0.11 ms per token)", file=sys.stderr)
    if behaviour.get("counts", True):
        print("common_perf_print:        eval time =      58.49 ms /   %d runs   (    0.11 ms per token)" % behaviour.get("runs", 511), file=sys.stderr)
if "makes" in behaviour:
    os.makedirs(behaviour["makes"], exist_ok=True)
if behaviour.get("hangs"):
    time.sleep(600)
sys.exit(behaviour.get("code", 0))
`,
  ]),
);
