/**
 * The tools: llama.cpp's `full` image for processors (convert_hf_to_gguf.py with its Python packages, llama-quantize,
 * llama-completion), build b11223, commit 4da6337767f973e2b4d0797e5b323d77d8565e4a of 2026-09-27.
 *
 * The digest is that of ghcr.io/ggml-org/llama.cpp:full-b11223 as a public benchmark states it that converted and quantised with it as an
 * ordinary user (2026-09-29, read 2026-11-21). A registry gives exactly these bytes or nothing; a mirror keeps the digest.
 */
export const quantisationImage =
  "ghcr.io/ggml-org/llama.cpp:full-b11223@sha256:faa6d3bbf5bead65550bf888138118cd253d865fb50a32e7555ba35ac4e719bf";

const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const reference = new RegExp(
  `^(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\\d{1,5})?/)?${part}(?:/${part})*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?@sha256:[0-9a-f]{64}$`,
);

/** What is wrong with the name of an image; undefined when it is a name with a digest. */
export function imageProblem(image: string): string | undefined {
  if (reference.test(image)) return undefined;
  return /@sha256:[0-9a-f]{64}$/.test(image)
    ? `"${image}" is no name of an image; write registry.example/llama.cpp@sha256:...`
    : `"${image}" has no digest, and a tag can move: mirror the image into your registry and give it as registry.example/llama.cpp@sha256:<64 digits> (\`docker buildx imagetools inspect\` shows the digest)`;
}
