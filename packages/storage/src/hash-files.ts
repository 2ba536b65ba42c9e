import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ModelFile } from "./model-manifest";

/**
 * Reads every file below a folder and returns its path, size and SHA-256: the input of `createManifest` and `verifyManifest`.
 * Anything but folders and plain files is refused, because a link can lead out of the folder.
 */
export async function hashFiles(folder: string): Promise<ModelFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: ModelFile[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const full = join(entry.parentPath, entry.name);
    if (!entry.isFile())
      throw new Error(`${full}: neither a file nor a folder; a model version holds plain files only`);
    files.push({ path: full.slice(folder.replace(/\/+$/, "").length + 1), ...(await hashFile(full)) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function hashFile(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
