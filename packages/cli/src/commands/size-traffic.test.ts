import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { folderOf, holdfastSize } from "./captured-size.fixture";

const { folder, file, remove } = folderOf("size-traffic");
afterAll(remove);

describe("--traffic", () => {
  const rows = Array.from({ length: 200 }, (_, i) => `${i * 0.5},${100 + i},${50 + (i % 10)}`).join("\n");

  it("takes 95th percentiles and the busiest minute from recorded requests; nothing is assumed then", async () => {
    const requests = file("requests.csv", `timestamp,prompt_tokens,output_tokens\n${rows}\n`);
    const { code, out } = await holdfastSize(
      "-m",
      "llama-3.1-8b-instruct",
      "--ttft",
      "2",
      "--traffic",
      requests,
      "--json",
    );
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
    const { out } = await holdfastSize("-m", "llama-3.1-8b-instruct", "--traffic", requests, "--json");
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
    const { code, out, err } = await holdfastSize(
      "-m",
      "llama-3.1-8b-instruct",
      "--traffic",
      file(name, text),
      "--json",
    );
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ need: { workload: { promptTokens: prompt, outputTokens: output } } });
  });

  it("a public trace is known by its name, and says where it is from; its rate is not taken for yours", async () => {
    const { out } = await holdfastSize("-m", "llama-3.1-8b-instruct", "--traffic", "azure-chat", "--explain");
    expect(out).toContain("4083 prompt, 451 output tokens");
    expect(out).toContain("- traffic: azure-chat: conversations in one Azure service");
    expect(out).toContain("CC-BY-4.0");
    expect(out).toContain("assumed: requests per second 1");
  });

  it("what is stated wins over the traffic", async () => {
    const { out } = await holdfastSize("-m", "llama-3.1-8b-instruct", "--traffic", "sharegpt", "-p", "123", "--json");
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
    const { code, out, err } = await holdfastSize("-m", "llama-3.1-8b-instruct", "--traffic", path);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(message);
  });
});
