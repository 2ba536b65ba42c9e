import type { PlanDocument } from "@holdfast/cli";

export type Judged = Pick<PlanDocument, "findings" | "exposure">;

/** A verdict in the words of `expected-findings.ts`. */
export function told({ findings, exposure }: Judged) {
  return {
    exposure: exposure.verdict,
    exposed: exposure.endpoints
      .flatMap(({ endpoint, verdict }) => (verdict === "exposed" ? [name(endpoint)] : []))
      .sort(),
    findings: findings
      .map(({ rule, level, verdict, urn, property = "" }) =>
        `${rule} ${verdict === "undetermined" ? "?" : level} ${name(urn)} ${property}`.trim(),
      )
      .sort(),
  };
}

function name(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
