import { isDeepStrictEqual } from "node:util";
import { findGpu, findModel, findRegion, instances, regions, useRecords } from "./catalogue";
import type { GpuRecord } from "./gpu";
import type { InstanceRecord } from "./instance";
import { licences, useOwnLicences, type LicenceRecord } from "./licence";
import type { ModelRecord } from "./model";
import { nearestNames } from "./nearest-names";
import { countParameters } from "./parameters";
import { useOwnPrices, type InstancePriceList, type Offering } from "./price";
import { useOwnProfiles, type ModelProfile } from "./profile";
import { recordSchemas } from "./schema";

/** Records of one's own. Every part may be left out. */
export interface CatalogueAdditions {
  readonly models?: readonly ModelRecord[];
  readonly profiles?: readonly ModelProfile[];
  readonly licences?: readonly LicenceRecord[];
  readonly gpus?: readonly GpuRecord[];
  readonly instances?: readonly InstanceRecord[];
  /** A price for a type that is listed already takes the place of the listed one. */
  readonly prices?: readonly InstancePriceList[];
  /** Zones that offer an instance type, where the catalogue does not know it. */
  readonly offerings?: readonly Offering[];
}

/** What is wrong with a record, and where it is. */
export interface RecordProblem {
  /** Path into the additions, for example `models[0].parameters`. */
  readonly path: string;
  readonly reason: string;
}

export type CheckedAdditions =
  | { readonly ok: true; readonly value: CatalogueAdditions }
  | { readonly ok: false; readonly problems: readonly RecordProblem[] };

let own: readonly CatalogueAdditions[] = [];
let revision = 0;

/** A number that changes with the records of the catalogue: whoever keeps what was worked out from them knows when to forget it. */
export function catalogueRevision(): number {
  return revision;
}

/** Judges records of one's own: form, totals, and names that have to be known or have to be free. Changes nothing. */
export function checkAdditions(input: unknown): CheckedAdditions {
  const parsed = recordSchemas().additions.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: pathText(path), reason: message }));
    return { ok: false, problems };
  }
  // Zod writes `undefined` into the type of optional fields; a document has none of them.
  const value = parsed.data as CatalogueAdditions;
  const problems = [...modelProblems(value), ...hardwareProblems(value)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value };
}

/**
 * Takes records of one's own into the catalogue of this process, so that sizing, components and checks find them by name. The same
 * records again change nothing; a record that contradicts one that is there is refused. The answer takes them out again.
 */
export function extendCatalogue(input: unknown): () => void {
  const checked = checkAdditions(input);
  if (!checked.ok) {
    const lines = checked.problems.map(({ path, reason }) => (path === "" ? `  ${reason}` : `  ${path}: ${reason}`));
    throw new RangeError(["records that the catalogue cannot take", ...lines].join("\n"));
  }
  const additions = checked.value;
  if (own.some((one) => isDeepStrictEqual(one, additions))) return () => undefined;
  own = [...own, additions];
  apply();
  return () => {
    own = own.filter((one) => one !== additions);
    apply();
  };
}

/** Takes every record of one's own out again, whoever brought it; how many additions that were. */
export function forgetAdditions(): number {
  const { length } = own;
  own = [];
  if (length > 0) apply();
  return length;
}

function apply(): void {
  revision += 1;
  useRecords({
    models: distinct(own.flatMap((one) => one.models ?? [])),
    gpus: distinct(own.flatMap((one) => one.gpus ?? [])),
    instances: distinct(own.flatMap((one) => one.instances ?? [])),
  });
  useOwnLicences(distinct(own.flatMap((one) => one.licences ?? [])));
  useOwnProfiles(own.flatMap((one) => one.profiles ?? []));
  useOwnPrices(
    own.flatMap((one) => one.prices ?? []),
    own.flatMap((one) => one.offerings ?? []),
  );
}

/** The same record may come twice: an environment is parsed by the plan and again by the program. */
function distinct<T>(records: readonly T[]): T[] {
  return records.filter((record, index) => records.findIndex((other) => isDeepStrictEqual(other, record)) === index);
}

function modelProblems({
  models = [],
  licences: ownLicences = [],
  profiles = [],
}: CatalogueAdditions): RecordProblem[] {
  const problems: RecordProblem[] = [];
  const known = [...licences, ...ownLicences].map(({ id }) => id);
  ownLicences.forEach((licence, index) => {
    const there = licences.find(({ id }) => id === licence.id);
    if (there !== undefined && !isDeepStrictEqual(there, licence))
      problems.push({ path: `licences[${index}].id`, reason: taken(licence.id, "licence") });
  });
  const seen = new Set<string>();
  models.forEach((model, index) => {
    const at = `models[${index}]`;
    for (const [field, name] of [
      ["id", model.id],
      ["repository", model.repository],
      ...model.aliases.map((alias, i) => [`aliases[${i}]`, alias] as const),
    ] as const) {
      const there = findModel(name);
      if ((there !== undefined && !isDeepStrictEqual(there, model)) || seen.has(name.toLowerCase()))
        problems.push({ path: `${at}.${field}`, reason: taken(name, "model") });
      seen.add(name.toLowerCase());
    }
    if (!known.includes(model.licence))
      problems.push({ path: `${at}.licence`, reason: unknownName(model.licence, "licence", known) });
    const total = countParameters(model.architecture).total;
    if (total !== model.parameters)
      problems.push({
        path: `${at}.parameters`,
        reason: `got ${model.parameters}, the shape adds up to ${total}: one of the two is wrong`,
      });
  });
  profiles.forEach((profile, index) => {
    if (findModel(profile.id) === undefined && !models.some(({ id }) => id === profile.id))
      problems.push({
        path: `profiles[${index}].id`,
        reason: `no model "${profile.id}" in the catalogue or in these records`,
      });
  });
  return problems;
}

function hardwareProblems({
  gpus = [],
  instances: types = [],
  prices = [],
  offerings = [],
}: CatalogueAdditions): RecordProblem[] {
  const problems: RecordProblem[] = [];
  gpus.forEach((gpu, index) => {
    for (const [field, name] of [
      ["id", gpu.id],
      ...gpu.aliases.map((alias, i) => [`aliases[${i}]`, alias] as const),
    ] as const) {
      const there = findGpu(name);
      if (there !== undefined && !isDeepStrictEqual(there, gpu))
        problems.push({ path: `gpus[${index}].${field}`, reason: taken(name, "GPU") });
    }
  });
  types.forEach((instance, index) => {
    const there = instances.find(({ type }) => type === instance.type);
    if (there !== undefined && !isDeepStrictEqual(there, instance))
      problems.push({ path: `instances[${index}].type`, reason: taken(instance.type, "instance type") });
    if (findGpu(instance.gpu) === undefined && !gpus.some(({ id }) => id === instance.gpu))
      problems.push({
        path: `instances[${index}].gpu`,
        reason: `unknown GPU "${instance.gpu}": add its record to \`gpus\``,
      });
  });
  [
    ...prices.map(({ region }, index) => [`prices[${index}].region`, region] as const),
    ...offerings.map(({ region }, index) => [`offerings[${index}].region`, region] as const),
  ].forEach(([path, region]) => {
    if (findRegion(region) === undefined)
      problems.push({
        path,
        reason: unknownName(
          region,
          "region",
          regions.map(({ id }) => id),
        ),
      });
  });
  return problems;
}

function taken(name: string, what: string): string {
  return `"${name}" is another ${what} of the catalogue already: give yours a name of its own`;
}

function unknownName(name: string, what: string, known: readonly string[]): string {
  return `unknown ${what} "${name}", nearest: ${nearestNames(name, known).join(", ")}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}
