import {
  dataClassNames,
  findProfile,
  licences,
  models,
  modelUses,
  type DataClassName,
  type ModelRecord,
  type ModelUse,
} from "@holdfast/catalog";
import type { Problem } from "@holdfast/core";
import { nearest } from "@holdfast/core";
import { shortlistModels, type QualityNeed, type ShortlistedModel, type ShortlistQuestion } from "@holdfast/sizing";
import { BadInput } from "../exit-code";
import { plainTable, tableText } from "../report/plain-table";
import { recordsWith } from "./records-with";

export interface ModelFilters {
  readonly use?: string;
  readonly language?: readonly string[];
  readonly tools?: boolean;
  readonly licence?: readonly string[];
  readonly commercial?: boolean;
  readonly dataClass?: string;
  readonly eu?: boolean;
  readonly fits?: number;
  readonly context?: number;
  readonly quality?: string;
  readonly why?: boolean;
}

/** Models that contain a text and meet every filter, and the table of them. */
export function listModels(
  text: string | undefined,
  filters: ModelFilters,
): { readonly records: readonly object[]; readonly text: string } {
  const question = questionOf(filters);
  const { chosen, others } = shortlistModels(question);
  const meant = new Set(recordsWith(models, namesOf, text));
  const contains = ({ model }: { readonly model: ModelRecord }) => meant.has(model);
  const asked = Object.keys(question).length > 0;
  // Without a question the catalogue's own order, which keeps families together.
  const found = asked
    ? chosen.filter(contains)
    : models.flatMap((model) => chosen.filter((one) => one.model === model && contains(one)));
  const table = plainTable(
    ["id", "parameters", "context", filters.fits === undefined ? "format" : "fits in", "tools", "licence", "good for"],
    [0, 3, 4, 5, 6],
  );
  for (const one of found) table.push(row(one, question.use));
  const lines = [tableText(table), ""];
  if (filters.why === true) lines.push(...reasons(found, others.filter(contains)), "");
  if (asked)
    lines.push(
      `${found.length} of ${models.length} models; ${others.filter(contains).length} fell out (--why says why)`,
    );
  else lines.push(`${found.length} of ${models.length} models`);
  const records = found.map(({ model, format, conditions }) => ({
    ...model,
    profile: findProfile(model.id) ?? null,
    ...(asked ? { chosenFormat: format, conditions } : {}),
  }));
  return { records, text: `${lines.join("\n")}\n` };
}

/** Without the aliases: that of a GPTQ release would make a record one of `gpt`. */
const namesOf = ({ id, repository, family }: ModelRecord) => [id, repository, family];

function row({ model, format }: ShortlistedModel, use: ModelUse | undefined): (string | number)[] {
  const profile = findProfile(model.id);
  const uses = [...new Set((profile?.uses ?? []).map((one) => one.use))].filter((one) => one !== use);
  const billions = `${(model.parameters / 1e9).toLocaleString("en-US", { maximumFractionDigits: 1 })} B`;
  return [
    model.id,
    billions,
    model.contextTokens.toLocaleString("en-US"),
    format,
    profile?.tools?.parser ?? (profile?.tools?.use === true ? "yes" : "unknown"),
    model.licence,
    [...(use === undefined ? [] : [use]), ...uses].join(", ") || "unknown",
  ];
}

function reasons(
  found: readonly ShortlistedModel[],
  others: readonly { readonly model: ModelRecord; readonly reason: string }[],
) {
  return [
    ...found.flatMap(({ model, why, conditions }) => [
      model.id,
      ...why.map((line) => `  ${line}`),
      ...conditions.map((line) => `  condition: ${line}`),
    ]),
    "",
    ...others.map(({ model, reason }) => `not ${model.id}: ${reason}`),
  ];
}

/** The filters as a question, every one that is not understood named at once. */
function questionOf(filters: ModelFilters): ShortlistQuestion {
  const problems: Problem[] = [];
  const oneOf = <T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T | undefined => {
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value.toLowerCase());
    if (found === undefined) {
      const near = nearest(value, allowed);
      problems.push({
        path: option,
        reason: `got "${value}"${near ? `; did you mean "${near}"?` : ""}; allowed: ${allowed.join(", ")}`,
      });
    }
    return found;
  };
  const use = oneOf<ModelUse>("--use", filters.use, modelUses);
  const dataClass = oneOf<DataClassName>("--data-class", filters.dataClass, dataClassNames);
  const known = licences.map(({ id }) => id);
  for (const licence of filters.licence ?? []) oneOf("--licence", licence, known);
  const percent = Number(filters.quality);
  const named = ["maximum", "high", "balanced", "fast"] as const;
  const quality: QualityNeed | undefined =
    filters.quality !== undefined && percent > 0 && percent <= 100
      ? percent
      : oneOf<(typeof named)[number]>("--quality", filters.quality, named);
  if (problems.length > 0) throw new BadInput("filters that are not understood", problems);
  return {
    ...(use === undefined ? {} : { use }),
    ...(filters.language === undefined ? {} : { languages: filters.language }),
    ...(filters.tools === true ? { tools: true } : {}),
    ...(filters.licence === undefined ? {} : { licences: filters.licence.map((one) => one.toLowerCase()) }),
    ...(filters.commercial === true ? { commercial: true } : {}),
    ...(dataClass === undefined ? {} : { dataClass }),
    ...(filters.eu === true ? { inEu: true, dataClass: dataClass ?? "public" } : {}),
    ...(filters.fits === undefined ? {} : { memoryGb: filters.fits, ...(quality === undefined ? {} : { quality }) }),
    ...(filters.context === undefined ? {} : { contextTokens: filters.context }),
  };
}
