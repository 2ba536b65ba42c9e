import { findLicence, type LicenceRecord } from "./licence";
import type { ModelRecord } from "./model";
import { findProfile, type ModelProfile } from "./profile";

/** How sensitive prompts are, least first; the classes of environments. */
export const dataClassNames = ["public", "internal", "confidential", "restricted"] as const;
export type DataClassName = (typeof dataClassNames)[number];

/** `suitable` < `conditions` (can be met) < `unknown` (a text has to be read first) < `refused`. */
export const suitabilities = ["suitable", "conditions", "unknown", "refused"] as const;
export type Suitability = (typeof suitabilities)[number];

/** One thing that licence, terms or provenance mean for the data, with the rule that says so. */
export interface DataClassFinding {
  readonly rule: string;
  readonly verdict: Exclude<Suitability, "suitable">;
  readonly reason: string;
  readonly source: string;
}

export interface DataClassAssessment {
  readonly verdict: Suitability;
  readonly findings: readonly DataClassFinding[];
}

export interface DataClassQuestion {
  readonly dataClass: DataClassName;
  /** The operator lives in, or has its principal place of business in, the European Union. @default not stated */
  readonly inEu?: boolean;
  /** Part of a commercial product or operation. @default true */
  readonly commercial?: boolean;
}

interface Facts {
  readonly model: ModelRecord;
  readonly licence: LicenceRecord | undefined;
  readonly profile: ModelProfile | undefined;
  readonly question: DataClassQuestion;
  /** Confidential or restricted: a leak or a loss of the right to use the model would hurt. */
  readonly sensitive: boolean;
}

type Rule = (facts: Facts) => readonly Omit<DataClassFinding, "rule">[];

/** Rules over recorded facts, not opinions about makers: the same facts give the same verdict. */
const rules: Readonly<Record<string, Rule>> = {
  "licence-not-read": ({ model, licence }) =>
    licence !== undefined && licence.commercial !== "unknown"
      ? []
      : [
          {
            verdict: "unknown",
            reason: `the text of "${licence?.name ?? model.licence}" was not read: nobody here knows what it allows`,
            source: licence?.source ?? "no record of this licence",
          },
        ],
  "commercial-use": ({ licence, question }) =>
    licence?.commercial === "no" && question.commercial !== false
      ? licence.obligations
          .filter(({ kind }) => kind === "authorisation")
          .map(({ text, clause }) => ({
            verdict: "refused" as const,
            reason: `${text} (${clause})`,
            source: licence.source,
          }))
      : [],
  "not-in-the-eu": ({ licence, question }) =>
    question.inEu === false
      ? []
      : (licence?.obligations ?? [])
          .filter(({ kind }) => kind === "territory")
          .map(({ text, clause }) => ({
            verdict: question.inEu === true ? ("refused" as const) : ("conditions" as const),
            reason: `${text} (${clause})`,
            source: licence?.source ?? "",
          })),
  "licence-unsourced": ({ model, profile, sensitive }) =>
    sensitive && profile?.licence === undefined && model.unverified.some((one) => /^licen[cs]e$/.test(one))
      ? [
          {
            verdict: "conditions",
            reason: `that ${model.id} is under ${model.licence} rests on no source that was read: check it in the repository at the revision that is mirrored`,
            source: model.source,
          },
        ]
      : [],
  "use-limits": ({ licence, question, sensitive }) =>
    (licence?.useLimits ?? [])
      .filter(({ about }) => (about === "personal-data" ? sensitive : question.dataClass === "restricted"))
      .map(({ text, clause }) => ({
        verdict: "conditions" as const,
        reason: `${text} (${clause})`,
        source: licence?.source ?? "",
      })),
  revocable: ({ licence, sensitive }) =>
    sensitive
      ? (licence?.obligations ?? [])
          .filter(({ kind }) => kind === "revocable")
          .map(({ text, clause }) => ({
            verdict: "conditions" as const,
            reason: `${text} (${clause}): have a second model approved that does the same work`,
            source: licence?.source ?? "",
          }))
      : [],
  "code-from-the-repository": ({ profile, sensitive }) =>
    sensitive && profile?.remoteCode !== undefined
      ? [
          {
            verdict: "conditions",
            reason:
              "the recipe runs Python out of the model's repository (--trust-remote-code), next to the prompts: serve it without, or read and pin that code",
            source: profile.remoteCode.source,
          },
        ]
      : [],
  "training-data": ({ profile, question }) =>
    question.dataClass === "restricted" &&
    profile?.training !== undefined &&
    /posts|interactions/.test(profile.training.says)
      ? [
          {
            verdict: "conditions",
            reason: `trained on people's data (${profile.training.says}): it may repeat some of it, so name that in the assessment`,
            source: profile.training.source,
          },
        ]
      : [],
};

/** The ids of the rules, for documents and tests. */
export const dataClassRules: readonly string[] = Object.keys(rules);

/**
 * What licence, terms and provenance of a model mean for data of a class. Where the prompts go is another matter: weights that one
 * runs oneself send nothing to their maker.
 */
export function assessDataClass(model: ModelRecord, question: DataClassQuestion): DataClassAssessment {
  const facts: Facts = {
    model,
    licence: findLicence(model.licence),
    profile: findProfile(model.id),
    question,
    sensitive: question.dataClass === "confidential" || question.dataClass === "restricted",
  };
  const findings = Object.entries(rules).flatMap(([rule, judge]) => judge(facts).map((one) => ({ rule, ...one })));
  const worst = Math.max(0, ...findings.map(({ verdict }) => suitabilities.indexOf(verdict)));
  return { verdict: suitabilities[worst] ?? "suitable", findings };
}
