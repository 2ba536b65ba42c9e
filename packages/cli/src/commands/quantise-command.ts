import type { Command } from "commander";
import type { ExitCode } from "../exit-code";
import type { Terminal } from "../terminal";
import { commaList, whole } from "./option-values";
import type { QuantiseOptions } from "./quantise";

/** `holdfast quantise`; what it does is loaded when it is asked for. */
export function quantiseCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  program
    .command("quantise")
    .description(
      "Make GGUF versions of a model with llama.cpp: convert, quantise, try each. Says what would be done; --run does it, --kubernetes prints it for a cluster.",
    )
    .argument(
      "<source>",
      "folder of a model version (manifest.json and files/), or a model of the catalogue to see what it takes",
    )
    // What is not stated is storage's default, which this file does not load; a test holds the words to it.
    .option("-f, --format <list>", "GGUF levels (default: q4_k_m,q5_k_m,q6_k)", commaList)
    .option("-b, --by <who>", "who has the versions made; somebody else approves them")
    .option("-o, --out <folder>", "where the versions appear, under models/", "out/quantised")
    .option("--as <version>", "beginning of the new versions' names; default: the source's version")
    .option("--image <name@digest>", "llama.cpp's `full` image in your own registry, with its digest")
    .option("--cpus <n>", "processors; default: 8, or as many as there are here", whole)
    .option("--run", "do it now, in a container without a network (Docker)")
    .option("--kubernetes", "print the objects that do it in a cluster (YAML)")
    .option("--namespace <name>", "with --kubernetes: their namespace", "models")
    .option(
      "--model-claim <name>",
      "with --kubernetes: the claim with the source, laid out like a model store",
      "models",
    )
    .option("--model-path <folder>", "with --kubernetes: the source's files on it; default: as in a model store")
    .option("--work-claim <name>", "with --kubernetes: the claim that the versions appear on", "quantised")
    .option("--json", "print the job as JSON; with --run, what was published")
    .action(async (source: string, options: QuantiseOptions) => {
      const { readOwnRecords } = await import("./own-records.js");
      const forgetOwn = readOwnRecords("catalog");
      try {
        const { quantise } = await import("./quantise.js");
        done(await quantise(source, options, terminal));
      } finally {
        forgetOwn();
      }
    });
}
