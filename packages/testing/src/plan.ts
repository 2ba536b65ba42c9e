import type { PropertyMap, ResourceGraph } from "@holdfast/policies";

/** Values as a provider or another stack would return them: JSON, without Outputs. */
export type AnswerValues = Readonly<Record<string, unknown>>;

/** What a resource is at the moment its outputs are asked for. Unknowns and secrets in the inputs are markers. */
export interface AskedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: PropertyMap;
}

/** What the cloud would say, for programs that cannot be planned without it. Nothing is answered by default. */
export interface Answers {
  /** Results of provider functions by token, for example `aws:ec2/getAmi:getAmi`. A function gets the arguments. */
  readonly invokes?: Readonly<Record<string, AnswerValues | ((args: AnswerValues) => AnswerValues)>>;
  /** Outputs of other stacks by name, for example `organization/network/prod`. */
  readonly stackReferences?: Readonly<Record<string, AnswerValues>>;
  /**
   * Identifier and further outputs of a resource that is created or read. Without an answer its outputs are its inputs, and
   * everything else about it is unknown.
   */
  readonly resource?: (
    resource: AskedResource,
  ) => { readonly id?: string; readonly outputs?: AnswerValues } | undefined;
}

interface PlanSettings {
  readonly project: string;
  readonly stack: string;
  /** @default "organization", the name that file and other self-managed backends use */
  readonly organization?: string;
  /** Configuration by full key, for example `{ "aws:region": "eu-central-1" }`. Objects are JSON texts, as Pulumi passes them. */
  readonly config?: Readonly<Record<string, string>>;
  /**
   * Keys of `config` that are secret. A key that is here and not in `config` is a secret of unknown value: what
   * `secure:` in a stack file is to someone without the passphrase.
   */
  readonly secretKeys?: readonly string[];
  /** Working directory of the program. @default the folder of `main`, or the current one */
  readonly workDir?: string;
  /** Folder that holds Pulumi.yaml; source positions are relative to it. @default `workDir` */
  readonly rootDirectory?: string;
  readonly answers?: Answers;
  /**
   * What to do with components that live in a provider plugin (for example of `awsx`), whose resources cannot be known
   * without running it: refuse the program, or plan the component as one opaque resource and warn.
   * @default "refuse"
   */
  readonly remoteComponents?: "refuse" | "opaque";
  /** Longest time for the program, milliseconds. @default 120000 */
  readonly timeoutMs?: number;
}

/** A program in a file, run unmodified. */
export interface ProgramFile extends PlanSettings {
  /** The program: a file, or a folder with a package.json or an index file. JavaScript or TypeScript. */
  readonly main: string;
  /**
   * `inline`: in this process, in a store of its own. `process`: by the SDK's own runner in a process of its own; slower, but
   * an endless loop can be stopped and native ES modules can be run.
   * @default "inline", or "process" for programs that are ES modules
   */
  readonly mode?: "inline" | "process";
}

/** A program given as a function, for tests of components. */
export interface ProgramFunction extends PlanSettings {
  /** Creates resources. What it returns, or resolves to, are the stack's outputs. */
  readonly program: () => unknown;
}

export type PlanRequest = ProgramFile | ProgramFunction;

/** Something that the program or the SDK said. */
export interface PlanDiagnostic {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
  /** URN of the resource that it is about. */
  readonly urn?: string;
}

/** A provider function that the program called. */
export interface PlannedInvoke {
  readonly token: string;
  readonly args: PropertyMap;
}

/** What a program would create. */
export interface Plan {
  readonly graph: ResourceGraph;
  /** What the program exports. Unknowns and secrets are markers. */
  readonly stackOutputs: PropertyMap;
  readonly diagnostics: readonly PlanDiagnostic[];
  /** Provider functions that were answered from `answers`. */
  readonly invokes: readonly PlannedInvoke[];
  /** Package and version of the providers that the program gets without asking for one. */
  readonly defaultProviders: readonly { readonly package: string; readonly version?: string }[];
  /** Time from the call to the finished plan, milliseconds. */
  readonly durationMs: number;
}

/** The program failed, or does something that cannot be planned. The message is written for the program's author. */
export class ProgramError extends Error {
  /** Everything that went wrong; the first is in the message too. */
  readonly problems: readonly string[];
  /** Everything that was said up to then. */
  readonly diagnostics: readonly PlanDiagnostic[];

  constructor(problems: readonly string[], diagnostics: readonly PlanDiagnostic[], cause?: unknown) {
    super(problems.join("\n"), cause === undefined ? undefined : { cause });
    this.name = "ProgramError";
    this.problems = problems;
    this.diagnostics = diagnostics;
    // Where this harness stood is of no use to the author of a program.
    this.stack = `${this.name}: ${this.message}`;
  }
}
