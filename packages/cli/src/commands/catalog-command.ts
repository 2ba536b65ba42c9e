import type { Command } from "commander";
import type { ExitCode } from "../exit-code";
import type { Terminal } from "../terminal";
import type { CatalogAddOptions } from "./catalog-add";
import type { CatalogCheckOptions } from "./catalog-check";
import type { CatalogOptions } from "./catalog";
import { commaList, day, natural, positive } from "./option-values";

const ownFolder = "folder with records of your own (*.json), read when it is there";

/** `holdfast catalog` with its subcommands; each is loaded when it is asked for. */
export function catalogCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  // `catalog check --json` is an option of check, not of the list: commander asks for it on every level.
  program.enablePositionalOptions();
  const catalogue = program
    .command("catalog")
    .enablePositionalOptions()
    .description("What the catalogue knows: lists and filters records, or shows one whole.")
    .argument("[kind]", "models, gpus, instances, engines or licences")
    .argument(
      "[text]",
      "a name: that record with all its sources; part of one: those records; another text: records that contain it",
    )
    .option("--use <use>", "models: good for that by evidence, for example agents, code_generation, embeddings")
    .option("--language <codes>", "models: the publisher names these languages, for example de,fr", commaList)
    .option("--tools", "models: call tools, with a parser that vLLM has")
    .option("--licence <ids>", "models: only under these licences, for example apache-2.0,mit", commaList)
    .option("--commercial", "models: a commercial service is allowed by a text that was read")
    .option("--data-class <class>", "models: not refused for that data: public, internal, confidential, restricted")
    .option("--eu", "models: the operator is in the European Union")
    .option("--fits <GB>", "models: fit the memory of one replica in a format of the wanted quality", positive)
    .option("--context <tokens>", "models: so many tokens of context, beside the weights with --fits", positive)
    .option("--quality <need>", "with --fits: maximum, high, balanced, fast, or percent", "balanced")
    .option("--region <region>", "instances: prices and zones of this region", "us-east-1")
    .option("--plannable", "instances: only those that plans choose from, without parts of a GPU and racks")
    .option("--why", "models: the evidence for each, and why the others fell out")
    .option("--json", "print the records as JSON")
    .option("--today <date>", "judge ages on that day (YYYY-MM-DD)", day, today())
    .option("--from <folder>", ownFolder, "catalog")
    .action(async (kind: string | undefined, text: string | undefined, options: CatalogOptions) => {
      const { catalog } = await import("./catalog.js");
      done(catalog(kind, text, options, terminal));
    });

  catalogue
    .command("add")
    .description(
      "Write a record for a new model: its parameters counted from config.json and held against every stated total.",
    )
    .requiredOption("--config <file>", "the publisher's config.json")
    .requiredOption("--repository <name>", "repository on the Hugging Face hub")
    .requiredOption("--licence <id>", "licence in the catalogue, for example apache-2.0")
    .requiredOption("--source <text>", "where the files are from: repository and commit")
    .option("--id <id>", "id in the catalogue; default: the last part of the repository")
    .option("--index <file>", "model.safetensors.index.json of the same weights")
    .option("--gguf <file>", "a GGUF file of the model")
    .option("--total <n>", "the publisher's total of parameters", natural)
    .option("--to <folder>", "folder that the record is written to, as <id>.json", "catalog")
    .option("--force", "replace a record of that name in the folder")
    .option("--print", "print the document instead of writing it")
    .action(async (options: CatalogAddOptions) => {
      const { catalogAdd } = await import("./catalog-add.js");
      done(await catalogAdd(options, terminal));
    });

  catalogue
    .command("check")
    .description("Judge every record, your own included: a missing source is an error (exit 1), a stale one a warning.")
    .option("--json", "print the findings as JSON")
    .option("--today <date>", "judge ages on that day (YYYY-MM-DD)", day, today())
    .option("--from <folder>", ownFolder, "catalog")
    .action(async (options: CatalogCheckOptions) => {
      const { catalogCheck } = await import("./catalog-check.js");
      done(catalogCheck(options, terminal));
    });
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
