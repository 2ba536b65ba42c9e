import { commentReport, junitReport, sarifReport } from "@holdfast/policies";
import type { BuiltPlan } from "../plan/build-plan";
import { comparisonComment } from "./comparison-comment";
import { drawNetwork } from "./html/draw-network";
import { planPage } from "./html/plan-page";
import { isoDate, priceDoubts } from "./price-doubts";

/** What the reports are called. */
export const reportNames: readonly string[] = ["plan.html", "findings.sarif", "junit.xml", "comment.md"];
/** What the files and folders of a plan are called. */
export const planNames: readonly string[] = ["plan.json", "comparison.json", ...reportNames, "rendered"];

/** The four reports of a plan or a check: a page for people, and one each for code scanning, test reports and pull requests. */
export async function reportFiles(
  { document, result, hosts }: BuiltPlan,
  today = isoDate(new Date()),
): Promise<Map<string, string>> {
  const { comparison, cost } = document;
  const doubts = priceDoubts(cost.lines, today);
  const extra = [
    ...(comparison === undefined ? [] : [comparisonComment(comparison)]),
    ...(doubts.length === 0 ? [] : [`Prices: ${doubts.join("; ")}; plan.html names each.`]),
  ].join("\n\n");
  const diagram = await drawNetwork(document.accessMatrix, hosts);
  return new Map([
    ["plan.html", planPage(document, diagram, today)],
    ["findings.sarif", `${JSON.stringify(sarifReport(result), null, 2)}\n`],
    ["junit.xml", junitReport(result)],
    ["comment.md", commentReport(result, extra)],
  ]);
}

/**
 * Every file of a plan, by path under `out/<environment>/`: the reports, the document for programs, what differs from an
 * earlier one, and every deployed text.
 */
export async function planFiles(built: BuiltPlan): Promise<Map<string, string>> {
  const { comparison } = built.document;
  return new Map([
    ["plan.json", `${JSON.stringify(built.document, null, 2)}\n`],
    ...(comparison === undefined ? [] : [["comparison.json", `${JSON.stringify(comparison, null, 2)}\n`] as const]),
    ...(await reportFiles(built)),
    ...built.artefacts.map(({ path, content }) => [`rendered/${path}`, content] as const),
  ]);
}
