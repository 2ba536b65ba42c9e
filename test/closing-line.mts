import type { Reporter, TestCase, TestModule, TestRunEndReason } from "vitest/node";

/** What no installation step can bring: a check may be skipped for its absence even where no other skip is allowed. */
const mayBeAbsent = /\((no terraform-provider-aws|no moto_server|no Go)\b/;

/**
 * Says in the last lines of a run what did not run. A test that lacks the program it needs is skipped, never passed, and with
 * HOLDFAST_NO_SKIPS=1 (as in CI) a skip fails the run.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const of = (state: string) => tests.filter((test) => test.result().state === state);
    const skipped = of("skipped");
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const lines = skipped.map((test) => `NOT RUN: ${test.fullName}${because(test)}`);
    if (skipped.length > 0) {
      lines.push(`${skipped.length} checks were not run; a green run that skipped a check is not proof of it`);
      const avoidable = skipped.filter((test) => !mayBeAbsent.test(because(test)));
      if (process.env.HOLDFAST_NO_SKIPS === "1" && avoidable.length > 0) {
        lines.push(`${avoidable.length} of them need not have been skipped, and HOLDFAST_NO_SKIPS is set`);
        process.exitCode = 1;
      }
    }
    if (reason === "interrupted") lines.push("the run was interrupted");
    lines.push(`${of("passed").length} passed, ${of("failed").length + broken} failed, ${skipped.length} skipped`);
    process.stdout.write(`\n${lines.join("\n")}\n`);
  }
}

function because(test: TestCase): string {
  const result = test.result();
  return result.state === "skipped" && result.note ? ` (${result.note})` : "";
}
