import {
  exposureLine,
  headline,
  isBlocked,
  plainText,
  resourceName,
  sortFindings,
  type CheckResult,
} from "./check-result";
import type { Finding } from "../rule/finding";

/** GitHub refuses comments above 65,536 characters. */
const longest = 60_000;
const rowsShown = 50;

/** Hidden first line by which a later run finds its own comment and updates it. */
export function commentMarker(subject: string): string {
  return `<!-- holdfast ${subject.replaceAll("--", "- -")} -->`;
}

/**
 * Writes a result as the Markdown of a pull-request comment: the verdict first, then `changes` (Markdown of the caller's, for
 * example what differs from the base branch), what blocks next, the rest folded.
 */
export function commentReport(result: CheckResult, changes = ""): string {
  const { blocking, advisory, open, waived } = sortFindings(result);
  const { exposure } = result;
  const evaluated = result.rules.reduce((sum, { resources }) => sum + resources, 0);
  const parts = [
    commentMarker(result.subject),
    `### Holdfast: ${cell(result.subject)} ${isBlocked(result) ? "is blocked" : "may go ahead"}`,
    "",
    `${headline(result)}. ${result.rules.filter(({ level }) => level !== "disabled").length} rules looked at ${evaluated} places.`,
    ...(changes === "" ? [] : ["", changes]),
    ...(exposure === undefined
      ? []
      : ["", `**Exposure: ${exposure.verdict}.** ${sentence(exposureLine(exposure))}`, ...exposedLines(result)]),
    ...(blocking.length > 0 ? ["", "**These block:**", "", ...table(blocking, result.documentation)] : []),
    ...folded(`Advisory violations (${advisory.length})`, table(advisory, result.documentation), advisory.length),
    ...folded(`Open questions: decided at deployment (${open.length})`, table(open, result.documentation), open.length),
    ...folded(`Waived (${waived.length})`, waivedTable(waived), waived.length),
    ...folded(
      "Warnings",
      (result.warnings ?? []).map((warning) => `- ${cell(warning)}`),
      result.warnings?.length ?? 0,
    ),
    ...folded(
      "What the exposure proof takes for granted",
      (exposure?.assumptions ?? []).map((line) => `- ${cell(line)}`),
      exposure?.assumptions.length ?? 0,
    ),
    "",
    `<sub>Rules of Holdfast ${cell(result.version)}. Controls are named as an aid for auditors; they are not a statement of compliance.</sub>`,
    "",
  ];
  const text = parts.join("\n");
  return text.length <= longest
    ? text
    : `${text.slice(0, longest)}\n\n(cut: the whole list is in the SARIF and JUnit reports)\n`;
}

function exposedLines({ exposure }: CheckResult): readonly string[] {
  const bad = (exposure?.endpoints ?? []).filter(({ verdict }) => verdict !== "none");
  if (bad.length === 0) return [];
  return [
    "",
    "| endpoint | from | way in |",
    "| --- | --- | --- |",
    ...bad
      .slice(0, rowsShown)
      .map(
        ({ endpoint, verdict, from, path, unknown }) =>
          `| ${cell(resourceName(endpoint))} | ${cell(from)} | ${verdict === "exposed" ? "" : "cannot be told: "}${(path ?? unknown ?? []).map(cell).join(" → ")} |`,
      ),
    ...more(bad.length),
  ];
}

function table(findings: readonly Finding[], documentation: string | undefined): readonly string[] {
  const link = (rule: string) =>
    documentation === undefined ? rule : `[${rule}](${documentation}#${rule.toLowerCase()})`;
  return [
    "| rule | resource | what | to do |",
    "| --- | --- | --- | --- |",
    ...findings
      .slice(0, rowsShown)
      .map(
        ({ rule, urn, property, message, remedy }) =>
          `| ${link(rule)} | ${cell(resourceName(urn))}${property === "" ? "" : `<br>${code(property)}`} | ${cell(message)} | ${cell(remedy)} |`,
      ),
    ...more(findings.length),
  ];
}

function waivedTable(findings: readonly Finding[]): readonly string[] {
  return [
    "| rule | resource | reason | owner | ticket | until |",
    "| --- | --- | --- | --- | --- | --- |",
    ...findings
      .slice(0, rowsShown)
      .map(
        ({ rule, urn, waiver }) =>
          `| ${rule} | ${cell(resourceName(urn))} | ${cell(waiver?.reason ?? "")} | ${cell(waiver?.owner ?? "")} | ${cell(waiver?.ticket ?? "")} | ${cell(waiver?.expires ?? "")} |`,
      ),
    ...more(findings.length),
  ];
}

function more(total: number): readonly string[] {
  return total > rowsShown ? ["", `and ${total - rowsShown} more`] : [];
}

function folded(title: string, lines: readonly string[], total: number): readonly string[] {
  return total === 0 ? [] : ["", "<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>"];
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** A text as the content of a table cell: no markup of its own, no mention of people, one line. */
export function markdownText(text: string): string {
  return plainText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/([\\`*_[\]|#~])/g, "\\$1")
    .replaceAll("@", "@\u200b");
}

const cell = markdownText;

function code(text: string): string {
  return `\`${plainText(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}
