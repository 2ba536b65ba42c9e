import { appendFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule, TestRunEndReason } from "vitest/node";

/** What no installation step can bring: a check may be skipped for its absence even where no other skip is allowed. */
const mayBeAbsent = /^no (terraform-provider-aws|moto_server|Go|Docker engine|llama\.cpp)\b/;

/**
 * Says in the last lines of a run what did not run. A test that lacks the program it needs is skipped, never passed, and with
 * HOLDFAST_NO_SKIPS=1 (as in CI) a skip fails the run, but for the programs above. HOLDFAST_SKIPS may name a file that gets
 * the skips, too, for who runs several times.
 */
export default class ClosingLine implements Reporter {
  /** A long run says at once why a test failed, not at its end. */
  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    const flaky = test.diagnostic()?.flaky === true;
    if (result.state !== "failed" && !flaky) return;
    const why = (result.errors ?? []).map(({ message }) => message).join("\n");
    process.stdout.write(`${flaky ? "PASSED ONLY WHEN TRIED AGAIN" : "FAILED"}: ${test.fullName}\n${why}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const of = (state: string) => tests.filter((test) => test.result().state === state);
    const skipped = of("skipped");
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const lines = skipped.map((test) => {
      const reason = because(test);
      return `NOT RUN: ${test.fullName}${reason === "" ? "" : ` (${reason})`}`;
    });
    if (skipped.length > 0) {
      if (process.env.HOLDFAST_SKIPS !== undefined) appendFileSync(process.env.HOLDFAST_SKIPS, `${lines.join("\n")}\n`);
      lines.push(`${skipped.length} checks were not run; a green run that skipped a check is not proof of it`);
      const absent = new Set(skipped.flatMap((test) => mayBeAbsent.exec(because(test))?.[1] ?? []));
      if (absent.size > 0) lines.push(`truly absent from this machine: ${[...absent].sort().join(", ")}`);
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
  return result.state === "skipped" ? (result.note ?? "") : "";
}
