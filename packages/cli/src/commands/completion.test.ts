import pico from "picocolors";
import { afterEach, describe, expect, it, vi } from "vitest";
import { run } from "../main";
import type { Terminal } from "../terminal";

afterEach(() => {
  vi.restoreAllMocks();
});

/** The library writes to the console itself: that is what a shell reads. */
async function asked(...words: readonly string[]) {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text: unknown) => lines.push(String(text)));
  const terminal: Terminal = {
    out: (text) => lines.push(text),
    err: (text) => lines.push(text),
    colours: pico.createColors(false),
    progress: () => undefined,
  };
  const code = await run(["node", "holdfast", ...words], terminal);
  return { code, text: lines.join("\n") };
}

const complete = async (...words: readonly string[]) => (await asked("complete", "--", ...words)).text.split("\n");
const first = (line: string) => line.split("\t")[0] ?? "";

describe("shell completion", () => {
  it.each(["bash", "zsh", "fish", "powershell"])("prints a script for %s", async (shell) => {
    const { code, text } = await asked("completion", shell);
    expect(code).toBe(0);
    expect(text).toContain(`${shell} completion for holdfast`);
  });

  it("an unknown shell is refused with the known ones", async () => {
    const { code, text } = await asked("completion", "ash");
    expect(code).toBe(2);
    expect(text).toContain("zsh, bash, fish, powershell");
  });

  it("knows the commands, and the options of a command", async () => {
    expect((await complete("")).map(first)).toEqual(expect.arrayContaining(["plan", "check", "size", "catalog"]));
    expect((await complete("size", "--")).map(first)).toEqual(
      expect.arrayContaining(["--model", "--traffic", "--on-prem", "--money", "--decide"]),
    );
  });

  it("knows the models, GPUs and regions of the catalogue, and choices", async () => {
    expect((await complete("size", "--model", "llama-3.1-8")).map(first)).toContain("llama-3.1-8b-instruct");
    expect((await complete("size", "--gpu", "h")).map(first)).toEqual(expect.arrayContaining(["h100", "h200"]));
    expect((await complete("size", "--region", "eu-central")).map(first)).toContain("eu-central-1");
    expect((await complete("size", "--traffic", "azure")).map(first)).toEqual(["azure-code", "azure-chat", ":4"]);
    expect((await complete("size", "--profile", "")).map(first)).toEqual(
      expect.arrayContaining(["small", "medium", "large"]),
    );
    expect((await complete("catalog", "mo")).map(first)).toContain("models");
    expect((await complete("quantise", "--format", "q5")).map(first)).toEqual(
      expect.arrayContaining(["q5_k_m", "q5_k_s", "q5_0"]),
    );
  });

  it("is no part of a run that does not ask for it", async () => {
    const { text } = await asked("--help");
    expect(text).not.toMatch(/^ {2}complete /m);
    expect(text).toContain("source <(holdfast completion bash)");
  });
});
