import type { PolicyViolation } from "@holdfast/testing";

/** One thing that had to be so. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** What was found where it is not so. */
  readonly detail: string;
}

/** One step of a rehearsal. */
export interface StepResult {
  readonly name: string;
  readonly command: string;
  /** When it began, milliseconds after the rehearsal did. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** How many resources got each operation, as the engine counts. */
  readonly counts: Readonly<Record<string, number>>;
  /** What happened, in one line. */
  readonly summary: string;
  readonly checks: readonly Check[];
  /** What the policy pack found. @default nothing */
  readonly findings?: readonly PolicyViolation[];
  /** Lists worth keeping: what was changed, what remained. */
  readonly details?: Readonly<Record<string, readonly string[]>>;
  /** Name of the step's files in the report's folder. */
  readonly log: string;
  /** All that the command line printed. */
  readonly output: string;
}

export function check(what: string, ok: boolean, detail: string): Check {
  return { what, ok, detail: ok ? "" : detail };
}
