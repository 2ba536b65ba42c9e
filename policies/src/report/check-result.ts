import type { ExposureReport } from "../exposure";
import type { RuleSummary } from "../rule/evaluate-policies";
import type { Finding } from "../rule/finding";
import type { WaiverUse } from "../waivers/apply-waivers";

/** Everything that the reports of a check are made from. Every report is a pure function of it. */
export interface CheckResult {
  /** What was checked, for example `prod`. */
  readonly subject: string;
  /** Version of the rules. */
  readonly version: string;
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleSummary[];
  readonly waivers?: WaiverUse;
  /** What weakens the run itself. */
  readonly warnings?: readonly string[];
  readonly exposure?: ExposureReport;
  /** File of the program that findings are shown at, relative to the repository. @default "Pulumi.yaml" */
  readonly file?: string;
  /** Where the documentation of the rules stands; `#llm-net-001` and so on is added. */
  readonly documentation?: string;
}

/** The findings of a result by what they mean for the reader. */
export function sortFindings({
  findings,
}: Pick<CheckResult, "findings">): Record<"blocking" | "advisory" | "open" | "waived", readonly Finding[]> {
  const violations = findings.filter(({ verdict, waiver }) => verdict === "fail" && waiver === undefined);
  return {
    blocking: violations.filter(({ level }) => level === "mandatory"),
    advisory: violations.filter(({ level }) => level === "advisory"),
    open: findings.filter(({ verdict }) => verdict === "undetermined"),
    waived: findings.filter(({ waiver }) => waiver !== undefined),
  };
}

/** Whether a result stops a deployment: a mandatory violation that is not waived, or something exposed. */
export function isBlocked(result: CheckResult): boolean {
  return sortFindings(result).blocking.length > 0 || result.exposure?.verdict === "exposed";
}

/** One line that sums a result up. */
export function headline(result: CheckResult): string {
  const { blocking, advisory, open, waived } = sortFindings(result);
  const counts = [
    count(blocking.length, "mandatory violation"),
    count(advisory.length, "advisory violation"),
    count(open.length, "open question"),
    ...(waived.length > 0 ? [`${waived.length} waived`] : []),
  ];
  return counts.join(", ");
}

/** What the exposure proof found, in a sentence. */
export function exposureLine(exposure: ExposureReport): string {
  const { verdict, endpoints } = exposure;
  const by = (wanted: typeof verdict) => endpoints.filter((endpoint) => endpoint.verdict === wanted).length;
  if (verdict === "none") return `proven unreachable for outsiders: ${count(endpoints.length, "endpoint")}`;
  if (verdict === "exposed")
    return `${by("exposed")} of ${count(endpoints.length, "endpoint")} can be reached by outsiders`;
  return `${by("undetermined")} of ${count(endpoints.length, "endpoint")} could not be decided`;
}

/** The last part of a URN: what the program calls the resource. */
export function resourceName(urn: string): string {
  const [, , types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return name.length === 0 ? urn : `${name.join("::")} (${types.slice(types.lastIndexOf("$") + 1)})`;
}

/** A text without control characters, so that a value from a program cannot steer a terminal or break a file. */
export function plainText(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\p{Cc}\ufffe\uffff]/gu, "");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
