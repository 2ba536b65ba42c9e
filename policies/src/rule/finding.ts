import { createHash } from "node:crypto";
import type { Level, RuleId } from "./rule";
import type { Verdict } from "./outcome";

/** Why a violation is accepted for now. */
export interface WaiverNote {
  readonly reason: string;
  readonly owner: string;
  readonly approver?: string;
  readonly ticket: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** A rule's verdict about one property of one resource: an entry of `findings[]` in plan.json. */
export interface Finding {
  readonly rule: RuleId;
  readonly level: Level;
  readonly verdict: Verdict;
  readonly urn: string;
  /** For example `ingress[0].cidrBlocks`; empty when it is about the resource as a whole. */
  readonly property: string;
  readonly message: string;
  readonly remedy: string;
  /** For example `SOC 2 CC6.6`. */
  readonly controls: readonly string[];
  /** Present when the violation is accepted for now; it does not block then. */
  readonly waiver?: WaiverNote;
}

/** Whether a finding stops a deployment. */
export function blocks(finding: Finding): boolean {
  return finding.verdict === "fail" && finding.level === "mandatory" && finding.waiver === undefined;
}

/**
 * Recognises the same finding in another run: it depends on the resource, the rule and the property, not on the message or on
 * where the program's source stands.
 */
export function fingerprint(finding: Pick<Finding, "urn" | "rule" | "property">): string {
  return createHash("sha256").update(`${finding.urn}\n${finding.rule}\n${finding.property}`).digest("hex");
}

/** Mandatory before advisory, violations before open questions, then by rule, resource and property. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(b.level === "mandatory") - Number(a.level === "mandatory") ||
    rank(a.verdict) - rank(b.verdict) ||
    compare(a.rule, b.rule) ||
    compare(a.urn, b.urn) ||
    compare(a.property, b.property) ||
    compare(a.message, b.message)
  );
}

function rank(verdict: Verdict): number {
  return verdict === "fail" ? 0 : verdict === "undetermined" ? 1 : 2;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
