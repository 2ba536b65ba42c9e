import { check, type Problem } from "@holdfast/core";
import { z } from "zod";

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a day, for example "2026-12-31"' })
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text), {
    error: "is not a day of the calendar",
  });

/** A text that must say something. */
const text = (what: string) =>
  z
    .string()
    .trim()
    .refine((given) => given !== "", { error: `is empty; say ${what}` });

export const waiverSchema = z
  .strictObject({
    /** The rule that is waived, for example `LLM-NET-009`. */
    rule: z.string().regex(/^LLM-[A-Z]+-\d{3}$/, { error: 'must be the id of a rule, for example "LLM-NET-009"' }),
    /** The URN of the resource; `*` stands for any text. */
    urn: text("which resource, as its URN; * stands for any text"),
    /** The property, for example `ingress[0].cidrBlocks`; `*` stands for any text. @default every property */
    property: z.string().optional(),
    reason: text("why the violation is acceptable"),
    /** Who answers for it. */
    owner: text("who answers for it"),
    /** Who agreed to it. */
    approver: text("who agreed to it").optional(),
    ticket: text("where the decision is recorded"),
    created: day,
    /** The last day on which it holds. */
    expires: day,
  })
  .refine(({ created, expires }) => created <= expires, {
    path: ["expires"],
    error: "lies before the day it was created",
  })
  .refine(({ urn }) => !/^[*:]+$/.test(urn), {
    path: ["urn"],
    error: "matches every resource; a waiver is for one resource or a narrow group",
  });

/** An accepted violation: one rule, one resource or a narrow group, a reason, an owner and an end. */
export type Waiver = z.output<typeof waiverSchema>;

export const waiverFileSchema = z.strictObject({ waivers: z.array(waiverSchema) });

/** The content of a waiver file was not usable. Lists every problem. */
export class WaiverFileError extends Error {
  readonly problems: readonly Problem[];

  constructor(source: string, problems: readonly Problem[]) {
    super(
      `${source}: ${problems.length} problem${problems.length === 1 ? "" : "s"} in the waivers\n${problems.map(({ path, reason }) => `  ${path === "" ? "(file)" : path}: ${reason}`).join("\n")}`,
    );
    this.name = "WaiverFileError";
    this.problems = problems;
  }
}

/**
 * Reads the document of a waiver file, which holds `waivers:` and a list. `source` names the file in messages; `knownRules` are
 * the rules that can be waived.
 */
export function parseWaivers(document: unknown, source: string, knownRules: readonly string[]): readonly Waiver[] {
  const checked = check(waiverFileSchema, document);
  if (!checked.ok) throw new WaiverFileError(source, checked.problems);
  const unknown = checked.value.waivers.flatMap(({ rule }, index) =>
    knownRules.includes(rule)
      ? []
      : [{ path: `waivers[${index}].rule`, reason: `no rule "${rule}"; known rules are listed in docs/policies.md` }],
  );
  if (unknown.length > 0) throw new WaiverFileError(source, unknown);
  return checked.value.waivers;
}
