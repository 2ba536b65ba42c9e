import { checkCatalogue, type CatalogueFinding } from "@holdfast/catalog";
import { exitCodes, type ExitCode } from "../exit-code";
import { count } from "../report/format";
import type { Terminal } from "../terminal";
import { extendAll, judgeOwnRecords } from "./own-records";

export interface CatalogCheckOptions {
  readonly json?: boolean;
  readonly today: string;
  readonly from: string;
}

/** Judges every record. Errors are exit 1; what is only old, or was not read, is said and passes. */
export function catalogCheck(
  { json, today, from }: CatalogCheckOptions,
  { out, colours }: Pick<Terminal, "out" | "colours">,
): ExitCode {
  const own = judgeOwnRecords(from);
  const undo = extendAll(own.filter(({ problems }) => problems.length === 0));
  const judged = checkCatalogue(today);
  undo();
  const files = own.length;
  const { coverage } = judged;
  const findings: CatalogueFinding[] = [
    ...own.flatMap(({ file, problems }) =>
      problems.map(({ path, reason }) => ({
        severity: "error" as const,
        record: file,
        reason: path === "" ? reason : `${path}: ${reason}`,
      })),
    ),
    ...judged.findings,
  ];
  const errors = findings.filter(({ severity }) => severity === "error");
  const exit = errors.length > 0 ? exitCodes.findings : exitCodes.clean;
  if (json === true) {
    out(`${JSON.stringify({ today, ownFiles: files, findings, coverage }, null, 2)}\n`);
    return exit;
  }
  for (const { severity, record, reason } of findings) {
    const mark = severity === "error" ? colours.red("error") : colours.yellow("warning");
    out(`${mark}: ${record}: ${reason}\n`);
  }
  const warnings = findings.length - errors.length;
  const known = [
    `uses ${coverage.uses}`,
    `languages ${coverage.languages}`,
    `tools ${coverage.tools}`,
    `context ${coverage.context}`,
    `licence ${coverage.licence}`,
  ];
  out(`${count(errors.length, "error")}, ${count(warnings, "warning")} on ${today}`);
  out(files > 0 ? `, with ${count(files, "file")} of your own in ${from}\n` : "\n");
  out(`known with a source, of ${coverage.models} models: ${known.join(", ")}; the rest is unknown and says so\n`);
  return exit;
}
