import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "vitest";
import { root } from "../project-copy";
import type { Rehearsed } from "./real-engine";

/** The commands of one runbook, by the name beside the `sh` of their block. */
function blocks(runbook: string): Map<string, string> {
  const text = readFileSync(join(root, `docs/runbooks/${runbook}.md`), "utf8");
  const found = text.matchAll(/^ *```sh name=([\w-]+)\n(.*?)^ *```$/gms);
  return new Map([...found].map(([, name = "", script = ""]) => [name, script]));
}

/** Does what a runbook says, with its own commands, to a stack in a rehearsal. AWS is asked through a stand-in for its CLI. */
export class Runbook {
  readonly #stack: Rehearsed;
  readonly #blocks: ReadonlyMap<string, string>;
  readonly followed = new Set<string>();

  constructor(context: TestContext, stack: Rehearsed, runbook: string) {
    try {
      execFileSync("jq", ["--version"], { stdio: "ignore" });
    } catch {
      context.skip("no jq");
    }
    this.#stack = stack;
    this.#blocks = blocks(runbook);
    const tools = join(stack.home.folder, "tools");
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, "aws"), `#!${process.execPath}\n${awsStandIn}`);
    chmodSync(join(tools, "aws"), 0o755);
  }

  get names(): readonly string[] {
    return [...this.#blocks.keys()];
  }

  /** Runs one block, which has to succeed; gives the lines that it prints. */
  do(name: string, variables: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const script = this.#blocks.get(name);
    if (script === undefined) throw new Error(`the runbook has no commands called ${name}`);
    this.followed.add(name);
    const { environment, folder, project, stack } = this.#stack.home;
    const PATH = [join(folder, "tools"), environment.PATH].join(delimiter);
    return new Promise((done, reject) => {
      execFile(
        "bash",
        ["-euo", "pipefail", "-c", script],
        {
          cwd: project,
          env: { ...environment, HOLDFAST_STACK_FRAMES: "2", STACK: stack, ...variables, PATH },
          maxBuffer: 2 ** 26,
        },
        (error, out, err) => {
          if (error === null) done(out.split("\n").filter((line) => line !== ""));
          else reject(new Error(`${name}: ${error.message}\n${out}\n${err}`));
        },
      );
    });
  }
}

/** What the runbook asks AWS, answered from the files of the pretend cloud, and the one thing that it deletes there. */
const awsStandIn = `
const { readdirSync, readFileSync, rmSync } = require("node:fs");
const folder = process.env.HOLDFAST_CLOUD;
const files = readdirSync(folder).map((name) => folder + "/" + name);
const all = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
const [, , service, command, ...options] = process.argv;
const option = (name) => options[options.indexOf(name) + 1];
const unseen = ["aws:iam/role:Role", "aws:autoscaling/group:Group"];
const print = (lines) => process.stdout.write(lines.map((line) => line + "\\n").join(""));
const selected = () =>
  all.filter(({ type, outputs }) => type === "aws:backup/selection:Selection" && outputs.planId === option("--backup-plan-id"));
const named = (type) => {
  const [, start] = /starts_with\\(\\w+, '([^']+)'\\)/.exec(option("--query"));
  print(all.filter((one) => one.type === type && one.id.startsWith(start)).map(({ id }) => id));
};
switch (service + " " + command) {
  case "resourcegroupstaggingapi get-resources": {
    const [, key, value] = /^Key=([^,]+),Values=(.+)$/.exec(option("--tag-filters"));
    const tagged = all.filter(({ type, outputs }) => !unseen.includes(type) && outputs.tagsAll?.[key] === value);
    print(tagged.map(({ outputs }) => outputs.arn));
    break;
  }
  case "iam list-roles": named("aws:iam/role:Role"); break;
  case "autoscaling describe-auto-scaling-groups": named("aws:autoscaling/group:Group"); break;
  case "backup list-backup-selections":
    print(selected().map(({ id, outputs }) => [outputs.planId, id, outputs.name, "2026-11-21T12:00:00"].join("\\t")));
    break;
  case "backup delete-backup-selection": {
    const at = all.indexOf(selected().find(({ id }) => id === option("--selection-id")));
    rmSync(files[at]);
    break;
  }
  default: throw new Error("the stand-in knows no " + service + " " + command);
}
`;
