import { engines, findGpu, findInstance, gpus, instances, models, regions } from "./catalogue";
import { licences } from "./licence";
import { countParameters } from "./parameters";
import { instancePrice, instancePrices, servicePrices, type InstancePriceList } from "./price";
import { purchasePrices, type PurchasePriceList } from "./purchase-price";
import { evidenceExpiryDays, modelProfiles, type Citation, type ModelProfile } from "./profile";
import { daysBetween, priceExpiryDays, type Sourced } from "./record";
import { recordSchemas } from "./schema";

/** `error`: a record is wrong or says no source. `warning`: it has grown old, or nobody read what it stands on. */
export interface CatalogueFinding {
  readonly severity: "error" | "warning";
  /** Kind and id, for example `model qwen3-32b`. */
  readonly record: string;
  readonly reason: string;
}

/** How much is known; what is not counted here is honestly unknown. */
export interface CatalogueCoverage {
  readonly models: number;
  readonly uses: number;
  readonly languages: number;
  readonly tools: number;
  readonly context: number;
  readonly licence: number;
}

export interface CatalogueCheck {
  readonly findings: readonly CatalogueFinding[];
  readonly coverage: CatalogueCoverage;
}

/** Judges every record of the catalogue, those of one's own included, on a day (YYYY-MM-DD). */
export function checkCatalogue(today: string): CatalogueCheck {
  const profiles = modelProfiles();
  const known = (test: (profile: ModelProfile) => unknown) => profiles.filter((one) => Boolean(test(one))).length;
  return {
    findings: [...formFindings(), ...meaningFindings(profiles), ...ageFindings(today, profiles)],
    coverage: {
      models: models.length,
      uses: known(({ uses }) => uses.length > 0),
      languages: known(({ languages }) => languages),
      tools: known(({ tools }) => tools),
      context: known(({ context }) => context),
      licence: known(({ licence }) => licence),
    },
  };
}

function formFindings(): CatalogueFinding[] {
  const schemas = recordSchemas();
  const judged = [
    ...models.map((one) => [`model ${one.id}`, schemas.model.safeParse(one)] as const),
    ...modelProfiles().map((one) => [`profile ${one.id}`, schemas.profile.safeParse(one)] as const),
    ...licences.map((one) => [`licence ${one.id}`, schemas.licence.safeParse(one)] as const),
    ...gpus.map((one) => [`GPU ${one.id}`, schemas.gpu.safeParse(one)] as const),
    ...instances.map((one) => [`instance ${one.type}`, schemas.instance.safeParse(one)] as const),
    ...instancePrices().map((one) => [`prices of ${one.region}`, schemas.prices.safeParse(one)] as const),
    ...purchasePrices().map((one) => [purchaseRecord(one), schemas.purchases.safeParse(one)] as const),
  ];
  const form = judged.flatMap(([record, parsed]) =>
    parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => error(record, `${path.map(String).join(".")}: ${message}`)),
  );
  const sourced: (readonly [string, Sourced])[] = [
    ...engines.map((one) => [`engine ${one.kind} ${one.version}`, one] as const),
    ...regions.map((one) => [`region ${one.id}`, one] as const),
    ...servicePrices().map((one) => [`price ${one.id}`, one] as const),
  ];
  return [
    ...form,
    ...sourced.flatMap(([record, { source, asOf }]) => [
      ...(source.length > 5 ? [] : [error(record, "source: state the document, repository and commit, or page")]),
      ...(/^\d{4}-\d\d-\d\d$/.test(asOf) ? [] : [error(record, "asOf: must be the day of the source, YYYY-MM-DD")]),
    ]),
  ];
}

function meaningFindings(profiles: readonly ModelProfile[]): CatalogueFinding[] {
  const licenceIds = new Set(licences.map(({ id }) => id));
  const profiled = new Set(profiles.map(({ id }) => id));
  return [
    ...models.flatMap((model) => {
      const record = `model ${model.id}`;
      const total = countParameters(model.architecture).total;
      return [
        ...(licenceIds.has(model.licence) ? [] : [error(record, `unknown licence "${model.licence}"`)]),
        ...(total === model.parameters
          ? []
          : [error(record, `states ${model.parameters} parameters, its shape adds up to ${total}`)]),
        ...(profiled.has(model.id)
          ? []
          : [warning(record, "no profile: nothing is known of what it is good for, its languages or its tools")]),
      ];
    }),
    ...profiles
      .filter(({ id }) => !models.some((model) => model.id === id))
      .map(({ id }) => error(`profile ${id}`, "no model of that id")),
    ...instances
      .filter(({ gpu }) => findGpu(gpu) === undefined)
      .map(({ type, gpu }) => error(`instance ${type}`, `unknown GPU "${gpu}"`)),
    ...licences
      .filter(({ commercial }) => commercial === "unknown")
      .map(({ id, unverified }) => warning(`licence ${id}`, unverified ?? "its text was not read")),
    ...purchasePrices().flatMap(purchaseFindings),
    ...duplicates(
      "model",
      models.map(({ id }) => id),
    ),
    ...duplicates(
      "GPU",
      gpus.map(({ id }) => id),
    ),
    ...duplicates(
      "instance",
      instances.map(({ type }) => type),
    ),
  ];
}

const purchaseRecord = ({ kind, region }: PurchasePriceList) => `${kind} prices of ${region}`;

/** Between these shares of on-demand a price is believed: below, it is one per GPU or a floor that nobody pays; above, of another day. */
const shareBounds = { from: 0.15, to: 1.05 };

function purchaseFindings(list: PurchasePriceList): CatalogueFinding[] {
  return Object.entries(list.usdPerHour).flatMap(([type, usd]) => {
    if (findInstance(type) === undefined) return [error(purchaseRecord(list), `unknown instance type "${type}"`)];
    const share = usd / (instancePrice(type, list.region === "*" ? "us-east-1" : list.region)?.usd ?? usd);
    return share < shareBounds.from || share > shareBounds.to
      ? [error(purchaseRecord(list), `${type} at ${usd} is ${Math.round(share * 100)} % of its on-demand price`)]
      : [];
  });
}

function ageFindings(today: string, profiles: readonly ModelProfile[]): CatalogueFinding[] {
  const old = (record: string, { asOf }: Pick<Sourced, "asOf">, days: number, what: string) => {
    const age = daysBetween(asOf, today);
    return age > days
      ? [warning(record, `${what} of ${asOf} is ${age} days old, more than ${days}: read it again`)]
      : [];
  };
  const oldPrices = (record: string, list: InstancePriceList) => {
    const types = Object.keys(list.usdPerHour);
    const some = types.length > 3 ? `${types.slice(0, 3).join(", ")} and ${types.length - 3} more` : types.join(", ");
    return old(record, list, priceExpiryDays, `the list with ${some}`);
  };
  return [
    ...instancePrices().flatMap((list) => oldPrices(`prices of ${list.region}`, list)),
    ...purchasePrices().flatMap((list) => oldPrices(purchaseRecord(list), list)),
    ...servicePrices().flatMap((one) => old(`price ${one.id}`, one, priceExpiryDays, "the price")),
    ...gpus.flatMap(({ id, purchaseUsd }) =>
      purchaseUsd === undefined ? [] : old(`GPU ${id}`, purchaseUsd, priceExpiryDays, "the purchase price"),
    ),
    ...profiles.flatMap((profile) => {
      const dates = citations(profile).map(({ asOf }) => asOf);
      const oldest = dates.sort()[0];
      return oldest === undefined
        ? []
        : old(`profile ${profile.id}`, { asOf: oldest }, evidenceExpiryDays, "evidence read on a day");
    }),
    ...licences.flatMap((one) => old(`licence ${one.id}`, one, evidenceExpiryDays, "the reading")),
  ];
}

/** Every citation of a profile. */
export function citations(profile: ModelProfile): Citation[] {
  const { released, uses, languages, tools, reasoningParser, context, licence, remoteCode, training } = profile;
  return [...uses, released, languages, tools, reasoningParser, context, licence, remoteCode, training].filter(
    (one): one is NonNullable<typeof one> => one !== undefined,
  );
}

function duplicates(what: string, ids: readonly string[]): CatalogueFinding[] {
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => error(`${what} ${id}`, "there are two of that id"));
}

function error(record: string, reason: string): CatalogueFinding {
  return { severity: "error", record, reason };
}

function warning(record: string, reason: string): CatalogueFinding {
  return { severity: "warning", record, reason };
}
