import type { Finding } from "../rule/finding";
import { plainText, resourceName, sortFindings, type CheckResult } from "./check-result";

/** How wide and how long the table may be. */
export interface TableSize {
  /** Characters in a line. @default 100 */
  readonly width?: number;
  /** Rows; the rest is counted in a last line. @default every row */
  readonly rows?: number;
}

/** Writes the findings as a table of plain text: what blocks first, then advice, then open questions, then what is waived. */
export function findingsTable(
  result: Pick<CheckResult, "findings">,
  { width = 100, rows = Number.POSITIVE_INFINITY }: TableSize = {},
): string {
  const { blocking, advisory, open, waived } = sortFindings(result);
  const entries = [
    ...blocking.map((finding) => row("fail", finding)),
    ...advisory.map((finding) => row("advice", finding)),
    ...open.map((finding) => row("open", finding)),
    ...waived.map((finding) => row("waived", finding)),
  ];
  if (entries.length === 0) return "no findings";
  const shown = entries.slice(0, rows);
  const widths = [0, 1].map((column) => Math.max(...shown.map((entry) => entry[column]?.length ?? 0)));
  const left = (widths[0] ?? 0) + (widths[1] ?? 0) + 4;
  const lines = shown.flatMap(([kind = "", rule = "", where = "", what = ""]) => {
    const first = `${kind.padEnd(widths[0] ?? 0)}  ${rule.padEnd(widths[1] ?? 0)}  `;
    return wrap(`${where}: ${what}`, Math.max(20, width - left)).map(
      (part, index) => (index === 0 ? first : " ".repeat(left)) + part,
    );
  });
  const hidden = entries.length - shown.length;
  return [...lines, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join("\n");
}

function row(kind: string, { rule, urn, property, message, waiver }: Finding): readonly string[] {
  const where = `${resourceName(urn)}${property === "" ? "" : ` ${property}`}`;
  return [
    kind,
    rule,
    plainText(where),
    plainText(waiver === undefined ? message : `${message} (until ${waiver.expires}: ${waiver.reason})`),
  ];
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
