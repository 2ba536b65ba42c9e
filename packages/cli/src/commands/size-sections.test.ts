import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chat, folderOf, holdfastSize } from "./captured-size.fixture";

const { file, remove } = folderOf("size-sections");
afterAll(remove);

const on24 = [...chat, "--gpu", "l4", "--format", "bf16"];

describe("the default output", () => {
  it("says in one line what it costs, and in one what was assumed", async () => {
    const { out } = await holdfastSize("-m", "llama-3.1-8b-instruct");
    expect(out).toMatch(
      /^money: \$[\d,]+ a month on demand.* = \$[\d.]+ per million output tokens at [\d.]+ % .* \(assumed\)/m,
    );
    expect(out).toMatch(
      /^assumed: prompt tokens 1000 \(state --prompt-tokens or --traffic\); output tokens 300 .*; requests per second 1 .*; no latency targets/m,
    );
    expect((await holdfastSize(...chat)).out).not.toContain("assumed:");
    expect(out).not.toContain("to have it");
  });

  it("SIZ-R07: golden: Llama 3.1 8B on 24 GB and its neighbours, with what each gives up", async () => {
    const { out } = await holdfastSize(...on24, "--kv", "auto", "--context", "8192", "--replicas", "1");
    const from = out.indexOf("on the same GPUs");
    const table = out.slice(from, out.indexOf("\n\n", from));
    // Times move with the fit of the time model: the rest is arithmetic.
    const golden = table.split("\n").map((line) =>
      line
        .replace(/\d+ ms +\d+/, "TIME")
        .replace(/\d+ %/g, "N %")
        .replace(/ {2,}/g, " | "),
    );
    expect(golden[0]).toBe("on the same GPUs | KV GiB | contexts | slots | per token | tokens/s | gains; gives up");
    expect(golden.slice(1).map((line) => line.split(" | ")[0])).toEqual([
      "chosen",
      "fp8 KV cache",
      "longer context",
      "fewer slots",
      "fp8 weights",
      "4-bit weights",
    ]);
    expect(golden[3]).toMatch(
      /\| \d+ x 16384 \| \d+ \| TIME \| requests up to 16384 tokens; \d+ such at once, and they delay others$/,
    );
    expect(golden[4]).toMatch(/TIME \| N % less time per token; N % less throughput; more requests queue$/);
    for (const line of table.split("\n")) expect(line.length, line).toBeLessThanOrEqual(135);
  });

  it("lines have no blanks at their ends", async () => {
    const { out } = await holdfastSize(...chat, "--money", "--explain", "--decide");
    expect(out).not.toMatch(/ \n/);
  });
});

describe("--use", () => {
  it("MOD-R44: takes a model for a use by evidence, and prints the choice with reasons and what else would do", async () => {
    const { code, out } = await holdfastSize(
      "--use",
      "code_generation",
      "--memory",
      "48",
      "-p",
      "2000",
      "-t",
      "400",
      "-r",
      "1",
    );
    expect(code).toBe(0);
    expect(out).toMatch(
      /^model: (\S+) for code_generation: code_generation: .+; also: .+ \(holdfast catalog models --use code_generation --why\)$/m,
    );
    const { model, modelChoice } = JSON.parse((await holdfastSize("--use", "embeddings", "--json")).out) as {
      model: string;
      modelChoice: { use: string; model: string; why: string[] };
    };
    expect(modelChoice).toMatchObject({ use: "embeddings", model });
    expect(modelChoice.why.length).toBeGreaterThan(0);
  });

  it("an unknown use, one that nothing meets, and a model besides are refused", async () => {
    expect((await holdfastSize("--use", "poetry")).err).toContain('unknown use "poetry"; known: ');
    const none = await holdfastSize("--use", "code_generation", "--memory", "0.5");
    expect(none.code).toBe(2);
    expect(none.err).toContain("no model in the catalogue is for code_generation under these conditions");
    expect((await holdfastSize("--use", "embeddings", "-m", "qwen3-8b")).err).toContain(
      "state --model or --use, not both",
    );
  });
});

describe("the engine", () => {
  it("is recommended by substrate, load and format, with the reason", async () => {
    const engine = async (...argv: readonly string[]) => {
      const { out } = await holdfastSize(...chat, "--json", ...argv);
      return (JSON.parse(out) as { engineChoice: { engine: string; why: string } }).engineChoice;
    };
    expect((await engine()).engine).toBe("vllm");
    expect((await engine("--substrate", "docker", "--format", "q4_k_m", "--gpu", "l4")).engine).toBe("llamacpp");
    expect((await engine("--substrate", "docker")).why.length).toBeGreaterThan(20);
    expect((await holdfastSize(...chat, "--substrate", "nomad")).code).toBe(2);
  });

  it("of a stated version is planned with that version's rules; an unknown one is refused", async () => {
    const share = async (engine: string) => {
      const { out } = await holdfastSize(...on24, "--json", "--engine", engine);
      return (JSON.parse(out) as { engine: { gpuMemoryUtilization: number } }).engine.gpuMemoryUtilization;
    };
    expect(await share("vllm")).toBe(0.92);
    expect(await share("vllm@0.19.0")).toBe(0.9);
    expect((await holdfastSize(...chat, "--engine", "magic")).err).toContain('unknown engine "magic"; known: ');
  });
});

describe("--cpu", () => {
  it("GPU-R08: nine requests an hour are accepted, a busy one and a 70B are refused with the arithmetic", async () => {
    const host = ["--cpu", "--host", "cores=32,memory=64"];
    const few = await holdfastSize("-m", "codellama-7b-instruct", "-r", "0.0025", "-p", "500", "-t", "100", ...host);
    expect(few.code).toBe(0);
    expect(few.out).toContain("codellama-7b-instruct q4_k_m on 32 cores and 64 GB: the large tier");
    expect(few.out).toContain("9 requests an hour need no proof");
    expect(few.out).toContain("engine: ollama: ");
    const many = await holdfastSize("-m", "codellama-7b-instruct", "-r", "1", ...host);
    expect(many.code).toBe(2);
    expect(many.err).toMatch(/keep the host \d+ % busy, 80 is the most; leave out --cpu/);
    expect((await holdfastSize("-m", "llama-3.1-70b-instruct", "-r", "0.001", ...host)).err).toContain(
      "never on a CPU",
    );
  });

  it("prints JSON", async () => {
    const { out } = await holdfastSize(
      "-m",
      "codellama-7b-instruct",
      "-r",
      "0.002",
      "-p",
      "500",
      "-t",
      "100",
      "--cpu",
      "--json",
    );
    expect(JSON.parse(out)).toMatchObject({ tier: "production", engine: { engine: "ollama" }, cores: 16 });
  });
});

describe("--decide", () => {
  it("GOV-R01: eight factors, each with the way it leans and why, and what was assumed", async () => {
    const { out } = await holdfastSize(
      ...chat,
      "--decide",
      "--data-class",
      "confidential",
      "--regulation",
      "HIPAA",
      "SOX",
    );
    expect(out).toContain("self-hosting or a cloud: host it yourself");
    for (const factor of [
      "data sensitivity",
      "compliance",
      "cost",
      "latency",
      "customisation",
      "expertise",
      "uptime",
      "internet",
    ])
      expect(out, factor).toMatch(new RegExp(`^${factor} +(self REQUIRED|self|either|cloud) +\\S`, "m"));
    expect(out).toContain("HIPAA, SOX, with a data processing agreement");
    expect(out).toContain("assumed: 200 ms on the network (--network-ms)");
  });

  it("one of its inputs is enough to ask for it, and a small public load is told to buy tokens", async () => {
    const little = ["-m", "llama-3.1-8b-instruct", "-p", "100", "-t", "50", "-r", "0.01"];
    const { out } = await holdfastSize(...little, "--data-class", "public");
    expect(out).toContain("self-hosting or a cloud: buy tokens");
    expect((await holdfastSize(...little)).out).not.toContain("self-hosting or a cloud:");
    expect((await holdfastSize(...little, "--no-agreement", "--regulation", "GDPR")).out).toContain(
      "without a data processing agreement",
    );
  });
});

describe("--help", () => {
  it("groups the options, gives examples and names the exit codes", async () => {
    const { code, out } = await holdfastSize("--help");
    expect(code).toBe(0);
    for (const group of ["What is needed:", "Where it runs:", "What it costs:", "Self-hosting or a cloud:", "Output:"])
      expect(out).toContain(`\n${group}\n`);
    expect(out).toContain("Exit codes: 0 sized; 1 a stated server fails a check; 2 bad input, or nothing fits");
  });
});

describe("docs/sizing.md", () => {
  const guide = readFileSync(join(__dirname, "../../../../docs/sizing.md"), "utf8");
  const commands = [...guide.matchAll(/^holdfast size (.+)$/gm)].map(([, words = ""]) => words.split(" "));

  it("has commands that run as they stand; only the profile that must fail fails", async () => {
    expect(commands.length).toBeGreaterThan(6);
    for (const words of commands) {
      const { code, out, err } = await holdfastSize(...words);
      expect(err, words.join(" ")).toBe("");
      expect(out.length, words.join(" ")).toBeGreaterThan(100);
      expect(code, words.join(" ")).toBe(words.includes("small") ? 1 : 0);
    }
  });

  it("has costs and a traffic summary that are read as they stand", async () => {
    const [, costs = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
    const [, traffic = ""] = /```json\n(.*?)```/s.exec(guide) ?? [];
    const files = ["--costs", file("guide.yaml", costs), "--traffic", file("guide.json", traffic)];
    const { code, out } = await holdfastSize("-m", "llama-3.1-70b-instruct", "--gpu", "h100", "--money", ...files);
    expect(code).toBe(0);
    expect(out).toMatch(/^our contract +\$0\.55/m);
    expect(out).toContain("2400 prompt, 800 output tokens, 4 requests/s in the busiest minute");
  });
});
