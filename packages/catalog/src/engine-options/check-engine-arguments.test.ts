import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEngineArguments } from "./check-engine-arguments";
import { flagTable, knownEngineVersions } from "./flag-table";

const check = (args: string[], version = "0.32.0") =>
  checkEngineArguments("vllm", version, args).map(({ path, reason }) => `${path}: ${reason}`);

describe("checkEngineArguments", () => {
  it("accepts a plain command line, with and without the subcommand and the model", () => {
    for (const start of [[], ["serve"], ["serve", "/model"], ["/model"]]) {
      expect(
        check([
          ...start,
          "--port",
          "8000",
          "--dtype=bfloat16",
          "--enable-prefix-caching",
          "--served-model-name",
          "a",
          "b",
          "--max-model-len",
          "8K",
        ]),
      ).toEqual([]);
    }
  });

  it.each<[string, string[], string, RegExp]>([
    [
      "an abbreviation, which the engine would guess",
      ["--max-model", "512"],
      "0.32.0",
      /^args\[0\]: vllm 0\.32\.0 has no option --max-model; did you mean --max-model-len\?$/,
    ],
    ["underscores", ["--tensor_parallel_size", "2"], "0.32.0", /did you mean --tensor-parallel-size\?/],
    ["a misspelling", ["--max-num-seq", "2"], "0.32.0", /did you mean --max-num-seqs\?/],
    ["an option of a newer version", ["--fingerprint-mode", "none"], "0.20.2", /no option --fingerprint-mode/],
    ["an option that has gone", ["--swap-space", "4"], "0.32.0", /no option --swap-space/],
    [
      "a removed option that stops new servers",
      ["--disable-log-requests"],
      "0.32.0",
      /no option --disable-log-requests/,
    ],
    [
      "the newest spelling before its time",
      ["--disable-prefix-caching"],
      "0.32.0",
      /no option --disable-prefix-caching/,
    ],
    ["a value after a switch", ["--enable-prefix-caching", "true"], "0.32.0", /"true" belongs to no option/],
    ["a value attached to a switch", ["--enable-prefix-caching=true"], "0.32.0", /takes no value/],
    [
      "a choice that does not exist",
      ["--dtype", "bf16"],
      "0.32.0",
      /--dtype does not take "bf16"; allowed: auto, bfloat16.*/,
    ],
    ["another one", ["--fingerprint-mode", "off"], "0.32.0", /--fingerprint-mode does not take "off"/],
    ["half a number", ["--shutdown-timeout", "1.5"], "0.32.0", /--shutdown-timeout wants a whole number, got "1\.5"/],
    ["a word for a number", ["--gpu-memory-utilization", "most"], "0.32.0", /wants a number/],
    ["an address where a JSON list is wanted", ["--allowed-origins", "https://a"], "0.32.0", /wants JSON/],
    ["a missing value", ["--port"], "0.32.0", /--port needs a value/],
    ["a missing value before the next option", ["--port", "--dtype", "auto"], "0.32.0", /--port needs a value/],
    [
      "an option given twice",
      ["--port", "1", "--port", "2"],
      "0.32.0",
      /^args\[2\]: --port is given twice, first at args\[0\]$/,
    ],
    ["a key in the process list", ["--api-key", "secret"], "0.32.0", /shows a secret/],
    ["a key attached", ["--api-key=secret"], "0.32.0", /shows a secret/],
  ])("refuses %s", (_, args, version, reason) => {
    const problems = check(args, version);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(reason);
  });

  it("knows short spellings as what they stand for", () => {
    expect(check(["-tp", "4", "-q=awq"])).toEqual([]);
    expect(check(["-tp", "four"])).toEqual([expect.stringContaining("--tensor-parallel-size wants a whole number")]);
    expect(check(["-tp", "4", "--tensor-parallel-size", "4"])).toEqual([expect.stringContaining("given twice")]);
    expect(check(["-xx", "4"])).toHaveLength(1);
  });

  it("never repeats a secret", () => {
    expect(check(["--api-key", "hunter2hunter2"]).join()).not.toContain("hunter2");
  });

  it("says which versions are known", () => {
    expect(check(["--port", "1"], "0.31.7")).toEqual([
      "version: the options of vllm 0.31.7 are not known; known versions: 0.11.2, 0.14.1, 0.20.2, 0.24.0, 0.28.0, 0.32.0, 0.33.0",
    ]);
    expect(checkEngineArguments("ollama", "0.32.0", [])).toEqual([
      { path: "version", reason: "no options of ollama are known; they cannot be checked" },
    ]);
  });

  it("accepts what a switch of the version is, and refuses it with one letter changed", () => {
    const switches = [...(flagTable("vllm", "0.33.0") ?? [])]
      .filter(([, flag]) => flag.takes === "none")
      .map(([option]) => option);
    fc.assert(
      fc.property(fc.constantFrom(...switches), fc.nat(), (option, seed) => {
        expect(check([option], "0.33.0")).toEqual([]);
        const at = 2 + (seed % (option.length - 2));
        const broken = `${option.slice(0, at)}Q${option.slice(at + 1)}`;
        expect(check([broken], "0.33.0")).toHaveLength(1);
      }),
    );
  });

  it("never throws and always ends", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom("--port", "--served-model-name", "-", "--", "=", "--=", "--dtype=", "-1"),
    );
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(...knownEngineVersions("vllm")), (args, version) => {
        checkEngineArguments("vllm", version, args);
      }),
    );
  });
});

describe("flagTable", () => {
  it("holds as many options as were read from each parser", () => {
    // 430 and 485 in the parsers' registries, less -h and 23 short spellings.
    expect(flagTable("vllm", "0.32.0")?.size).toBe(430 - 24);
    expect(flagTable("vllm", "0.33.0")?.size).toBe(485 - 24);
  });

  it("knows when options came and went", () => {
    const has = (option: string) =>
      knownEngineVersions("vllm").filter((version) => flagTable("vllm", version)?.has(option));
    expect(has("--shutdown-timeout")[0]).toBe("0.20.2");
    expect(has("--fingerprint-mode")[0]).toBe("0.24.0");
    expect(has("--max-num-queued-reqs")).toEqual(["0.32.0", "0.33.0"]);
    expect(has("--swap-space")).toEqual(["0.11.2", "0.14.1"]);
    // The one spelling that all versions take.
    expect(has("--no-enable-prefix-caching")).toEqual(knownEngineVersions("vllm"));
  });
});
