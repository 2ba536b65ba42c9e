import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { catalogCommand } from "./commands/catalog-command";
import type { CheckOptions } from "./commands/check";
import type { PlanOptions } from "./commands/plan";
import type { RehearseOptions } from "./commands/rehearse";
import { quantiseCommand } from "./commands/quantise-command";
import { sizeOptions, type SizeOptions } from "./commands/size-options";
import { BadInput, exitCodes, type ExitCode } from "./exit-code";
import { makeTerminal, type Terminal } from "./terminal";

/** Runs the command line and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // `holdfast ... | head` closes the pipe early: that is the reader's choice and no fault of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const terminal = makeTerminal(process.stdout, process.stderr, process.env);
  // A terminal that claims no width cannot show questions.
  const people = process.stdin.isTTY && process.stdout.isTTY && process.stdout.columns > 0;
  const dialogue = { input: process.stdin, output: process.stdout };
  process.exitCode = await run(argv, people ? { ...terminal, dialogue } : terminal);
}

/** Runs one command and returns its exit code. Commands are loaded when they are asked for: `--help` is instant. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.clean;
  const program = commands(terminal, (result) => {
    code = result;
  });
  try {
    if (argv[2] === "completion" || argv[2] === "complete") {
      const { addCompletion } = await import("./commands/completion.js");
      await addCompletion(program);
    }
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    return failure(error, terminal);
  }
}

function commands(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command("holdfast")
    .description("Plans, sizes, prices and checks private large language model platforms, before anything is deployed.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError("(holdfast --help lists the commands)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done and clean; 1 mandatory findings, exposure or a failed check; 2 bad input; 3 our fault.\n" +
        "Colour: only on a terminal; NO_COLOR=1 turns it off.\n" +
        "Completion: source <(holdfast completion bash); zsh, fish and powershell too.",
    );

  program
    .command("plan")
    .description("Run an environment's program offline: resources, sizes, cost, findings and the exposure proof.")
    .argument("<environment>", "name of the environment, for example prod (stacks/config/Pulumi.prod.yaml)")
    .option("-o, --out <folder>", "where the reports go", "out/<environment>")
    .option("--json", "print plan.json instead of the summary")
    .option("--baseline <file>", "an earlier plan.json to compare with")
    .option("--cwd <folder>", "folder of the project (Pulumi.yaml)", ".")
    .action(async (environment: string, options: PlanOptions) => {
      const { plan } = await import("./commands/plan.js");
      done(await plan(environment, options, terminal));
    });

  program
    .command("check")
    .description(
      "The policies and the exposure proof on any program's plan: plan.json, `pulumi preview --json` or `pulumi stack export`.",
    )
    .argument("<file>", "the document to check; - reads standard input")
    .option("-o, --out <folder>", "where the reports go", "out/check")
    .option("--json", "print exposure and findings in the form of plan.json")
    .option("--waivers <file>", "dated, owned exceptions (YAML)")
    .option("--config <file>", "levels and settings of rules (YAML)")
    .action(async (file: string, options: CheckOptions) => {
      const { check } = await import("./commands/check.js");
      done(await check(file, options, terminal));
    });

  program
    .command("rehearse")
    .description(
      "The real Pulumi engine takes an environment through its whole life, with stand-ins for the cloud: nothing is deployed.",
    )
    .argument("<environment>", "name of the environment")
    .option("-o, --out <folder>", "where the report and the engine's event log go", "out/<environment>/rehearsal")
    .option("--json", "print the report as JSON")
    .option("--keep", "keep the engine's temporary home and state, and say where they are")
    .option("--config <file>", "levels and settings of policies (YAML)")
    .addOption(
      program
        .createOption("--cloud <kind>", "moto: an emulator of AWS makes the resources; structural: they are made up")
        .choices(["moto", "structural"]),
    )
    .option("--cwd <folder>", "folder of the project (Pulumi.yaml)", ".")
    .action(async (environment: string, options: RehearseOptions) => {
      const { rehearse } = await import("./commands/rehearse.js");
      done(await rehearse(environment, options, terminal));
    });

  sizeOptions(
    program
      .command("size")
      .description(
        "Capacity planning without an environment: the cheapest hardware that fits and meets the targets. Without options on a terminal it asks.",
      ),
  ).action(async (options: SizeOptions) => {
    const { readOwnRecords } = await import("./commands/own-records.js");
    const forgetOwn = readOwnRecords("catalog");
    try {
      const { size } = await import("./commands/size.js");
      done(await size(options, terminal));
    } finally {
      forgetOwn();
    }
  });

  catalogCommand(program, terminal, done);
  quantiseCommand(program, terminal, done);

  return program;
}

function failure(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.badInput;
  if (error instanceof BadInput) {
    terminal.err(`${terminal.colours.red("error:")} ${error.message}\n`);
    return exitCodes.badInput;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`${terminal.colours.red("holdfast failed, and it is our fault:")}\n${detail}\n`);
  return exitCodes.fault;
}
