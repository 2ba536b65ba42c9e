import type { Problem } from "@holdfast/core";

/** What a command's exit code says, the same for every command. */
export const exitCodes = {
  /** Done and clean. */
  clean: 0,
  /** A mandatory finding, an exposure or a failed check. */
  findings: 1,
  /** Bad input: a document, a file or an option. */
  badInput: 2,
  /** Our own fault. */
  fault: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Input that a person can mend. Printed without a stack trace; exit code 2. */
export class BadInput extends Error {
  constructor(
    readonly summary: string,
    readonly problems: readonly Problem[] = [],
  ) {
    const lines = problems.map(({ path, reason }) => (path === "" ? `  ${reason}` : `  ${path}: ${reason}`));
    super([summary, ...lines].join("\n"));
    this.name = "BadInput";
  }
}
