import { readFileSync } from "node:fs";
import { findModel } from "@holdfast/catalog";
import { purchaseNames, type OwnFigures } from "@holdfast/sizing";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { BadInput } from "../exit-code";

const figure = z.number().positive();
const share = z.number().gt(0).max(1);
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, "must be a day such as 2026-11-20");

const costsSchema = z.strictObject({
  shares: z.partialRecord(z.enum(purchaseNames), share).optional(),
  hosted: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        model: z.string().min(1),
        inputUsd: z.number().min(0),
        outputUsd: z.number().min(0),
        source: z.string().min(1),
        asOf: day,
      }),
    )
    .optional(),
  site: z
    .strictObject({
      serverUsd: figure,
      lifeYears: figure,
      residualShare: z.number().min(0).lt(1),
      utilisation: share,
      pue: z.number().min(1),
      usdPerKwh: z.number().min(0),
      hostingUsdPerMonth: z.number().min(0),
      maintenanceShare: z.number().min(0).max(1),
      people: z.number().min(0),
      usdPerPersonYear: z.number().min(0),
    })
    .partial()
    .optional(),
});

/** One's own prices and costs: a YAML or JSON file. */
export function readCosts(file: string): OwnFigures {
  let document: unknown;
  try {
    // Days stay text: YAML's own dates would lose what was written.
    document = parseYaml(readFileSync(file, "utf8"), { schema: "core" });
  } catch (error) {
    throw new BadInput(`cannot read the costs in ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const outcome = costsSchema.safeParse(document ?? {});
  if (!outcome.success)
    throw new BadInput(
      `${file} does not hold costs`,
      outcome.error.issues.map((issue) => ({ path: issue.path.join("."), reason: issue.message })),
    );
  const { shares, hosted, site } = outcome.data;
  const models = (hosted ?? []).map((offer) => ({ ...offer, model: findModel(offer.model)?.id ?? offer.model }));
  return {
    ...(shares === undefined ? {} : { shares: defined(shares) }),
    ...(hosted === undefined ? {} : { hosted: models }),
    ...(site === undefined ? {} : { site: defined(site) }),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same without the keys that hold nothing. */
function defined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
