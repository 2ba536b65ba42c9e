import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pico from "picocolors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../main";
import type { Terminal } from "../terminal";
import { size } from "./size";
import { hostOf } from "./size-need";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-sections-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function capture() {
  const shown = { out: "", err: "" };
  const terminal: Terminal = {
    out: (text) => (shown.out += text),
    err: (text) => (shown.err += text),
    colours: pico.createColors(false),
    progress: () => undefined,
  };
  return { shown, terminal };
}

async function holdfast(...argv: readonly string[]) {
  const { shown, terminal } = capture();
  const code = await run(["node", "holdfast", "size", ...argv], terminal);
  return { code, ...shown };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const chat = ["-m", "llama-3.1-8b-instruct", "-p", "1000", "-t", "300", "-r", "1", "--ttft", "2", "--tpot", "60"];
const on24 = [...chat, "--gpu", "l4", "--format", "bf16"];

describe("the default output", () => {
  it("says in one line what it costs, and in one what was assumed", async () => {
    const { out } = await holdfast("-m", "llama-3.1-8b-instruct");
    expect(out).toMatch(
      /^money: \$[\d,]+ a month on demand.* = \$[\d.]+ per million output tokens at [\d.]+ % .* \(assumed\)/m,
    );
    expect(out).toMatch(
      /^assumed: prompt tokens 1000 \(state --prompt-tokens or --traffic\); output tokens 300 .*; requests per second 1 .*; no latency targets/m,
    );
    expect((await holdfast(...chat)).out).not.toContain("assumed:");
    expect(out).not.toContain("to have it");
  });

  it("SIZ-R07: golden: Llama 3.1 8B on 24 GB and its neighbours, with what each gives up", async () => {
    const { out } = await holdfast(...on24, "--kv", "auto", "--context", "8192", "--replicas", "1");
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
    const { out } = await holdfast(...chat, "--money", "--explain", "--decide");
    expect(out).not.toMatch(/ \n/);
  });
});

describe("--money", () => {
  it("shows every way of having the fleet per month and per million tokens, and hosted offers with their break-even", async () => {
    const { out } = await holdfast(...chat, "--gpu", "h100", "--money");
    for (const way of ["on-demand", "reserved-1y", "reserved-3y", "spot", "capacity-block", "owned"])
      expect(out, way).toMatch(new RegExp(`^${way} +~?\\$[\\d,]+ +~?[\\d.]+ +20\\d\\d-`, "m"));
    expect(out).toMatch(/^bedrock\/llama-3\.1-8b-instruct +\$0\.22 \/ \$0\.22 +\$[\d,]+ +2026-11-09/m);
    expect(out).toContain("even with on-demand");
    expect(out).toMatch(/tokens a day; by volume alone above 1,000,000: host it yourself; by price /);
  });

  it("a stale price says so, in the text, in JSON and on the page", async () => {
    const page = join(folder, "stale.html");
    const options = { model: "qwen3-32b", region: "us-east-1", replicas: 1, money: true, html: page };
    const { shown, terminal } = capture();
    await size(options, terminal, "2027-06-01");
    expect(shown.out).toMatch(/^money: .* on demand STALE/m);
    expect(shown.out).toMatch(/^on-demand .* 2026-\d\d-\d\d STALE/m);
    expect(shown.out).toMatch(/^bedrock\/qwen3-32b .* 2026-11-09 STALE/m);
    expect(shown.out).toContain("STALE, older than 90 days: ");
    expect(readFileSync(page, "utf8")).toContain('<span class="warn"> STALE</span>');
    const json = capture();
    await size({ ...options, json: true }, json.terminal, "2027-06-01");
    const { money } = JSON.parse(json.shown.out) as { money: { ways: { name: string; stale: boolean }[] } };
    expect(money.ways[0]).toMatchObject({ name: "on-demand", stale: true });
  });

  it("a young list price is not called stale", async () => {
    const { shown, terminal } = capture();
    await size({ model: "qwen3-32b", region: "us-east-1", replicas: 1 }, terminal, "2026-09-01");
    expect(shown.out).not.toContain("STALE");
  });

  it("--utilisation decides the tokens of a month", async () => {
    const cost = async (percent: string) => {
      const { out } = await holdfast(...chat, "--json", "--utilisation", percent);
      return (JSON.parse(out) as { money: { ways: { usdPerMillion: number }[] } }).money.ways[0]?.usdPerMillion ?? 0;
    };
    expect(await cost("20")).toBeCloseTo(2 * (await cost("40%")), 6);
    expect((await holdfast(...chat, "--utilisation", "120")).code).toBe(2);
  });

  it("--costs puts one's own figures in place of the assumptions; a wrong key is named", async () => {
    const costs = file(
      "costs.yaml",
      "shares:\n  spot: 0.3\nsite:\n  serverUsd: 20000\n  usdPerKwh: 0.3\n  people: 0\nhosted:\n  - id: ours\n    model: meta-llama/Llama-3.1-8B-Instruct\n    inputUsd: 0.01\n    outputUsd: 0.02\n    source: our contract\n    asOf: 2026-11-01\n",
    );
    const { code, out } = await holdfast(...chat, "--gpu", "l40s", "--money", "--explain", "--costs", costs);
    expect(code).toBe(0);
    expect(out).toMatch(/^ours +\$0\.01/m);
    expect(out).toContain("x $0.3 = ");
    expect(out).toContain("owned, people: 0 x ");
    const bad = await holdfast(...chat, "--costs", file("bad.yaml", "shares:\n  sport: 0.3\nsite:\n  pue: 0.5\n"));
    expect(bad.code).toBe(2);
    expect(bad.err).toContain("does not hold costs");
    expect(bad.err).toContain("site.pue: ");
    expect((await holdfast(...chat, "--costs", join(folder, "none"))).err).toContain("cannot read the costs");
  });
});

describe("--traffic", () => {
  const rows = Array.from({ length: 200 }, (_, i) => `${i * 0.5},${100 + i},${50 + (i % 10)}`).join("\n");

  it("takes 95th percentiles and the busiest minute from recorded requests; nothing is assumed then", async () => {
    const requests = file("requests.csv", `timestamp,prompt_tokens,output_tokens\n${rows}\n`);
    const { code, out } = await holdfast("-m", "llama-3.1-8b-instruct", "--ttft", "2", "--traffic", requests, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      assumptions: [],
      need: { workload: { promptTokens: 289, outputTokens: 59, requestsPerSecond: 2.017 } },
      traffic: { requests: 200, prompt: { p50: 199, p95: 289 }, variation: 0 },
    });
  });

  it("time stamps in milliseconds, as some logs write them, are recognised by their size", async () => {
    const lines = Array.from({ length: 120 }, (_, i) => `${1_763_000_000_000 + i * 1000},100,50`).join("\n");
    const requests = file("ms.csv", `timestamp,prompt_tokens,output_tokens\n${lines}\n`);
    const { out } = await holdfast("-m", "llama-3.1-8b-instruct", "--traffic", requests, "--json");
    expect(JSON.parse(out)).toMatchObject({ traffic: { requestsPerSecond: 1.017 } });
  });

  it.each([
    [
      "trace.csv",
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,374,44\n2023-11-16 18:15:50.99,396,109\n",
      396,
      109,
    ],
    [
      "trace.jsonl",
      '{"timestamp":0,"input_length":700,"output_length":20}\n{"timestamp":3000,"input_length":900,"output_length":30}\n',
      900,
      30,
    ],
    ["list.json", '[{"prompt_tokens":10,"completion_tokens":5},{"prompt_tokens":20,"completion_tokens":6}]', 20, 6],
    ["histogram.csv", "up_to,prompt_count,output_count\n1000,95,0\n2000,5,100\n", 1000, 1950],
    [
      "bins.json",
      '{"promptTokens":[{"upTo":1000,"count":100}],"outputTokens":{"bins":[{"upTo":200,"count":1}]},"requestsPerSecond":3}',
      950,
      190,
    ],
    [
      "percentiles.json",
      '{"prompt_tokens":{"p50":500,"p95":1500},"output_tokens":{"p50":100,"p90":200,"p95":250}}',
      1500,
      250,
    ],
  ])("reads %s", async (name, text, prompt, output) => {
    const { code, out, err } = await holdfast("-m", "llama-3.1-8b-instruct", "--traffic", file(name, text), "--json");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ need: { workload: { promptTokens: prompt, outputTokens: output } } });
  });

  it("a public trace is known by its name, and says where it is from; its rate is not taken for yours", async () => {
    const { out } = await holdfast("-m", "llama-3.1-8b-instruct", "--traffic", "azure-chat", "--explain");
    expect(out).toContain("4083 prompt, 451 output tokens");
    expect(out).toContain("- traffic: azure-chat: conversations in one Azure service");
    expect(out).toContain("CC-BY-4.0");
    expect(out).toContain("assumed: requests per second 1");
  });

  it("what is stated wins over the traffic", async () => {
    const { out } = await holdfast("-m", "llama-3.1-8b-instruct", "--traffic", "sharegpt", "-p", "123", "--json");
    expect(JSON.parse(out)).toMatchObject({ need: { workload: { promptTokens: 123, outputTokens: 920 } } });
  });

  it.each([
    ["none.csv", undefined, "cannot read the traffic file"],
    [
      "words.csv",
      "prompt_tokens,output_tokens\nmany,3\n,4\n",
      'request 1: prompt_tokens must be a number of at least 1, got "many"',
    ],
    ["columns.csv", "a,b\n1,2\n", "no prompt tokens among a, b"],
    [
      "time.csv",
      "timestamp,prompt_tokens,output_tokens\nyesterday,3,4\n",
      "timestamp must be seconds or an ISO 8601 time",
    ],
    ["empty.csv", "", "no prompt tokens among nothing"],
    ["broken.json", "{", "is not JSON"],
    ["other.json", "{}", "is not traffic that can be read"],
    [
      "fall.json",
      '{"promptTokens":{"p50":5,"p95":3},"outputTokens":{"p50":1,"p95":2}}',
      "percentiles must not fall, got 5, 3",
    ],
    ["no-requests.csv", "up_to,prompt_count,output_count\n10,0,1\n", "the prompt histogram holds no requests"],
  ])("%s is refused with what --traffic takes", async (name, text, message) => {
    const path = text === undefined ? join(folder, name) : file(name, text);
    const { code, out, err } = await holdfast("-m", "llama-3.1-8b-instruct", "--traffic", path);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(message);
  });
});

describe("--use", () => {
  it("MOD-R44: takes a model for a use by evidence, and prints the choice with reasons and what else would do", async () => {
    const { code, out } = await holdfast(
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
    const { model, modelChoice } = JSON.parse((await holdfast("--use", "embeddings", "--json")).out) as {
      model: string;
      modelChoice: { use: string; model: string; why: string[] };
    };
    expect(modelChoice).toMatchObject({ use: "embeddings", model });
    expect(modelChoice.why.length).toBeGreaterThan(0);
  });

  it("an unknown use, one that nothing meets, and a model besides are refused", async () => {
    expect((await holdfast("--use", "poetry")).err).toContain('unknown use "poetry"; known: ');
    const none = await holdfast("--use", "code_generation", "--memory", "0.5");
    expect(none.code).toBe(2);
    expect(none.err).toContain("no model in the catalogue is for code_generation under these conditions");
    expect((await holdfast("--use", "embeddings", "-m", "qwen3-8b")).err).toContain("state --model or --use, not both");
  });
});

describe("on premises", () => {
  it("sizes servers of one's own, with power, heat, supplies, disks, memory and network", async () => {
    const { code, out } = await holdfast(...chat, "--on-prem", "--gpu", "rtx-4090", "--replicas", "2");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\d x server with \d x rtx-4090: llama-3\.1-8b-instruct \w+, \$[\d,]+ a month without people$/m,
    );
    for (const check of ["power", "cooling", "rack", "memory", "disk", "network", "redundancy", "profile"])
      expect(out, check).toMatch(new RegExp(`^${check} +ok +`, "m"));
    expect(out).toMatch(/kWh a month, \$[\d,]+ of power; heat [\d,]+ BTU\/h = [\d.]+ tons/);
  });

  it("a stated profile or host that fails a check ends with 1; a proposed one does not", async () => {
    const profile = await holdfast(...chat, "--profile", "small", "--gpu", "rtx-4090");
    expect(profile.code).toBe(1);
    expect(profile.out).toMatch(/^power +FAILS +1 x rtx-4090 draw 1117\.6 W; a supply of 1341\.2 W is recommended/m);
    const host = [
      "--host",
      "gpus=1,cores=16,memory=128,storage=1000,disk=7000,network=10,supplies=1600+1600,cooling=900",
    ];
    expect((await holdfast(...chat, "--gpu", "rtx-4090", ...host)).code).toBe(0);
    expect((await holdfast(...chat, "--gpu", "rtx-4090", "--host", "gpus=1,memory=16")).code).toBe(1);
  });

  it("a card without a known price says that the servers themselves are not in the sum, until their price is stated", async () => {
    const bare = await holdfast(...chat, "--on-prem", "--gpu", "l40s");
    expect(bare.out).toContain("assumed: nothing for the servers themselves: no purchase price of l40s is known");
    const costs = file("l40s.yaml", "site:\n  serverUsd: 15000\n");
    expect((await holdfast(...chat, "--on-prem", "--gpu", "l40s", "--costs", costs)).out).not.toContain("assumed:");
  });

  it("a profile without that card, and an unknown card, are refused", async () => {
    expect((await holdfast(...chat, "--profile", "small", "--gpu", "h100")).err).toContain(
      "the small profile has no h100",
    );
    expect((await holdfast(...chat, "--on-prem", "--gpu", "rtx-9090")).err).toContain('unknown GPU class "rtx-9090"');
  });

  it("what does not fit is refused with exit code 2", async () => {
    const { code, err } = await holdfast("-m", "llama-3.1-70b-instruct", "--format", "bf16", "--profile", "small");
    expect(code).toBe(2);
    expect(err).toContain("cannot be served");
  });

  it("--host names every bad part at once", () => {
    expect(hostOf("gpus=2,supplies=1000+1000")).toEqual({ gpus: 2, supplies: [1000, 1000] });
    expect(() => hostOf("ram=3,cores=many,memory=1+2")).toThrow(
      /ram: not a figure of a host; known: gpus .*\n {2}cores: must be processor cores, above 0, got "many"\n {2}memory: must be GB of host memory/,
    );
  });
});

describe("the engine", () => {
  it("is recommended by substrate, load and format, with the reason", async () => {
    const engine = async (...argv: readonly string[]) => {
      const { out } = await holdfast(...chat, "--json", ...argv);
      return (JSON.parse(out) as { engineChoice: { engine: string; why: string } }).engineChoice;
    };
    expect((await engine()).engine).toBe("vllm");
    expect((await engine("--substrate", "docker", "--format", "q4_k_m", "--gpu", "l4")).engine).toBe("llamacpp");
    expect((await engine("--substrate", "docker")).why.length).toBeGreaterThan(20);
    expect((await holdfast(...chat, "--substrate", "nomad")).code).toBe(2);
  });

  it("of a stated version is planned with that version's rules; an unknown one is refused", async () => {
    const share = async (engine: string) => {
      const { out } = await holdfast(...on24, "--json", "--engine", engine);
      return (JSON.parse(out) as { engine: { gpuMemoryUtilization: number } }).engine.gpuMemoryUtilization;
    };
    expect(await share("vllm")).toBe(0.92);
    expect(await share("vllm@0.19.0")).toBe(0.9);
    expect((await holdfast(...chat, "--engine", "magic")).err).toContain('unknown engine "magic"; known: ');
  });
});

describe("--cpu", () => {
  it("GPU-R08: nine requests an hour are accepted, a busy one and a 70B are refused with the arithmetic", async () => {
    const host = ["--cpu", "--host", "cores=32,memory=64"];
    const few = await holdfast("-m", "codellama-7b-instruct", "-r", "0.0025", "-p", "500", "-t", "100", ...host);
    expect(few.code).toBe(0);
    expect(few.out).toContain("codellama-7b-instruct q4_k_m on 32 cores and 64 GB: the large tier");
    expect(few.out).toContain("9 requests an hour need no proof");
    expect(few.out).toContain("engine: ollama: ");
    const many = await holdfast("-m", "codellama-7b-instruct", "-r", "1", ...host);
    expect(many.code).toBe(2);
    expect(many.err).toMatch(/keep the host \d+ % busy, 80 is the most; leave out --cpu/);
    expect((await holdfast("-m", "llama-3.1-70b-instruct", "-r", "0.001", ...host)).err).toContain("never on a CPU");
  });

  it("prints JSON", async () => {
    const { out } = await holdfast(
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
    const { out } = await holdfast(...chat, "--decide", "--data-class", "confidential", "--regulation", "HIPAA", "SOX");
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
    const { out } = await holdfast(...little, "--data-class", "public");
    expect(out).toContain("self-hosting or a cloud: buy tokens");
    expect((await holdfast(...little)).out).not.toContain("self-hosting or a cloud:");
    expect((await holdfast(...little, "--no-agreement", "--regulation", "GDPR")).out).toContain(
      "without a data processing agreement",
    );
  });
});

describe("--help", () => {
  it("groups the options, gives examples and names the exit codes", async () => {
    const { code, out } = await holdfast("--help");
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
      const { code, out, err } = await holdfast(...words);
      expect(err, words.join(" ")).toBe("");
      expect(out.length, words.join(" ")).toBeGreaterThan(100);
      expect(code, words.join(" ")).toBe(words.includes("small") ? 1 : 0);
    }
  });

  it("has costs and a traffic summary that are read as they stand", async () => {
    const [, costs = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
    const [, traffic = ""] = /```json\n(.*?)```/s.exec(guide) ?? [];
    const files = ["--costs", file("guide.yaml", costs), "--traffic", file("guide.json", traffic)];
    const { code, out } = await holdfast("-m", "llama-3.1-70b-instruct", "--gpu", "h100", "--money", ...files);
    expect(code).toBe(0);
    expect(out).toMatch(/^our contract +\$0\.55/m);
    expect(out).toContain("2400 prompt, 800 output tokens, 4 requests/s in the busiest minute");
  });
});
