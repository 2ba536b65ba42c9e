import type { OfflineEngine } from "../engine/offline-engine";
import type { Sdk } from "../sdk";

/** One run of a program: what it gets to see, and the engine that it talks to. */
export interface ProgramRun {
  readonly sdk: Sdk;
  readonly engine: OfflineEngine;
  /** Settles with the first reason for which the program cannot be planned. */
  readonly refusal: Promise<string>;
  /** File of the program. */
  readonly main: string;
  readonly esModule: boolean;
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly workDir: string;
  readonly rootDirectory: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  readonly timeoutMs: number;
}
