import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { run } from "../main";
import { capture } from "./captured-size.fixture";

/** A person at a terminal who gives one answer to each question, in order. */
async function answering(answers: [RegExp, string][]) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
  let shown = "";
  output.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    const [next] = answers;
    if (!next?.[0].test(shown)) return;
    answers.shift();
    shown = "";
    setTimeout(() => {
      for (const key of next[1]) input.write(key);
    }, 20);
  });
  const { shown: written, terminal } = capture();
  const code = await run(["node", "holdfast", "size"], { ...terminal, dialogue: { input, output } });
  return { code, ...written, shown: () => shown };
}

const down = "\u001b[B";

describe("the dialogue of holdfast size", () => {
  it("asks on a terminal and sizes what was answered; the use fills in lengths and targets", async () => {
    const answers: [RegExp, string][] = [
      [/Model \(type to search\)/, "qwen3-8b\r"],
      [/What is it for/, "\r"],
      [/Prompt tokens.*2000/s, "\r"],
      [/Output tokens.*400/s, "\r"],
      [/Requests per second/, "\r"],
      [/Time to the first token/, "\r"],
      [/Time per further token/, "\r"],
      [/Replicas at least/, "\r"],
      [/Where will it run/, "\r"],
      [/GPU class/, "\r"],
      [/AWS region/, "\r"],
    ];
    const { code, out, shown } = await answering(answers);
    expect(answers).toEqual([]);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ x \S+: qwen3-8b \w+, /m);
    expect(shown()).toContain(
      "holdfast size -m qwen3-8b -p 2000 -t 400 -r 1 --ttft 1 --tpot 50 --replicas 2 --region us-east-1",
    );
  });

  it("on servers of one's own it asks for the card and checks the site", async () => {
    const answers: [RegExp, string][] = [
      [/Model \(type to search\)/, "qwen3-8b\r"],
      [/What is it for/, "\r"],
      [/Prompt tokens/, "\r"],
      [/Output tokens/, "\r"],
      [/Requests per second/, "\r"],
      [/Time to the first token/, "\r"],
      [/Time per further token/, "\r"],
      [/Replicas at least/, "\r"],
      [/Where will it run/, `${down}\r`],
      [/GPU class/, "\r"],
    ];
    const { code, out } = await answering(answers);
    expect(answers).toEqual([]);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ x server with \d x \S+: qwen3-8b \w+, .* without people$/m);
    expect(out).toMatch(/^power +ok /m);
  });

  it("for both places it asks for card and region, and shows them side by side", async () => {
    const answers: [RegExp, string][] = [
      [/Model \(type to search\)/, "qwen3-8b\r"],
      [/What is it for/, "\r"],
      [/Prompt tokens/, "\r"],
      [/Output tokens/, "\r"],
      [/Requests per second/, "\r"],
      [/Time to the first token/, "\r"],
      [/Time per further token/, "\r"],
      [/Replicas at least/, "\r"],
      [/Where will it run/, `${down}${down}\r`],
      [/GPU class/, "\r"],
      [/AWS region/, "\r"],
    ];
    const { code, out, shown } = await answering(answers);
    expect(answers).toEqual([]);
    expect(code).toBe(0);
    expect(out).toMatch(/^cloud +\d+ x /m);
    expect(out).toMatch(/^own servers +\d+ x server with /m);
    expect(shown()).toContain("--replicas 2 --region us-east-1 --compare");
  });

  it("Ctrl-C stops it; nothing is sized", async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
    output.once("data", () => setTimeout(() => input.write("\u0003"), 20));
    const { shown, terminal } = capture();
    expect(await run(["node", "holdfast", "size"], { ...terminal, dialogue: { input, output } })).toBe(2);
    expect(shown.err).toContain("nothing was sized");
  });
});
