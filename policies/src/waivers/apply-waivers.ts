import type { Finding } from "../rule/finding";
import type { Waiver } from "./waiver";

/** What became of the waivers of a run. */
export interface WaiverUse {
  /** In force and needed. */
  readonly active: readonly Waiver[];
  /** Past their last day: what they covered is a violation again. */
  readonly expired: readonly Waiver[];
  /** In force, but nothing is left that they cover: they should be deleted. */
  readonly unused: readonly Waiver[];
}

/** Marks the violations that a waiver in force covers. Only violations can be waived, not open questions. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  today: string,
): { findings: readonly Finding[]; use: WaiverUse } {
  const compiled = waivers.map((waiver) => ({
    waiver,
    urn: glob(waiver.urn),
    property: glob(waiver.property ?? "*"),
    expired: waiver.expires < today,
  }));
  const used = new Set<Waiver>();
  const marked = findings.map((finding): Finding => {
    if (finding.verdict !== "fail") return finding;
    const covering = compiled.filter(
      ({ waiver, urn, property }) =>
        waiver.rule === finding.rule && urn.test(finding.urn) && property.test(finding.property),
    );
    const inForce = covering.find(({ expired }) => !expired);
    if (inForce !== undefined) {
      used.add(inForce.waiver);
      const { reason, owner, approver, ticket, expires } = inForce.waiver;
      return {
        ...finding,
        waiver: { reason, owner, ...(approver === undefined ? {} : { approver }), ticket, expires },
      };
    }
    const past = covering[0]?.waiver;
    return past === undefined
      ? finding
      : {
          ...finding,
          message: `${finding.message} (the waiver of ${past.owner}, ${past.ticket}, expired on ${past.expires})`,
        };
  });
  return {
    findings: marked,
    use: {
      active: waivers.filter((waiver) => used.has(waiver)),
      expired: waivers.filter((waiver) => waiver.expires < today),
      unused: waivers.filter((waiver) => waiver.expires >= today && !used.has(waiver)),
    },
  };
}

function glob(pattern: string): RegExp {
  const literal = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "s");
}
