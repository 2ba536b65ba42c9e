import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pico from "picocolors";
import { run } from "../main";
import type { Terminal } from "../terminal";

/** What a command wrote on its terminal. */
export function capture(): { readonly shown: { out: string; err: string }; readonly terminal: Terminal } {
  const shown = { out: "", err: "" };
  const terminal: Terminal = {
    out: (text) => (shown.out += text),
    err: (text) => (shown.err += text),
    colours: pico.createColors(false),
    progress: () => undefined,
  };
  return { shown, terminal };
}

/** Runs `holdfast size` with these arguments. */
export async function holdfastSize(...argv: readonly string[]) {
  const { shown, terminal } = capture();
  const code = await run(["node", "holdfast", "size", ...argv], terminal);
  return { code, ...shown };
}

/** A folder of a test file's own. */
export function folderOf(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `holdfast-${name}-`));
  return {
    folder,
    /** Writes a file into it and gives its path. */
    file: (file: string, text: string) => {
      const path = join(folder, file);
      writeFileSync(path, text);
      return path;
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A chat on an 8B model. */
export const chat = [
  "-m",
  "llama-3.1-8b-instruct",
  "-p",
  "1000",
  "-t",
  "300",
  "-r",
  "1",
  "--ttft",
  "2",
  "--tpot",
  "60",
];
