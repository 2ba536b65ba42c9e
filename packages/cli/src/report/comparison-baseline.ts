import { readFileSync } from "node:fs";
import { z } from "zod";
import { BadInput } from "../exit-code";
import { planSchema, planSchemaVersion } from "../plan/plan-schema";
import type { ComparedPlan } from "./comparison";

/** What a comparison needs of an earlier plan; what else another version wrote does not matter. */
const baselineSchema = z.looseObject({
  environment: planSchema.shape.environment,
  resources: z.array(planSchema.shape.resources.element.loose()),
  findings: planSchema.shape.findings,
  exposure: planSchema.shape.exposure,
  cost: planSchema.shape.cost.loose(),
  sizing: planSchema.shape.sizing,
});

const advice = "give the plan.json that `holdfast plan` wrote for the base branch";
const shown = 3;

/** Reads an earlier plan.json of the same environment. */
export function readBaseline(file: string, environment: string): ComparedPlan {
  const document = parse(file);
  const version = isRecord(document) ? document.schemaVersion : undefined;
  if (version === undefined) throw new BadInput(`${file} is not a plan: it has no schemaVersion; ${advice}`);
  if (version !== planSchemaVersion) {
    throw new BadInput(
      `${file} has schemaVersion ${JSON.stringify(version)}; this holdfast compares with ${planSchemaVersion}; plan the base branch with the same version of holdfast`,
    );
  }
  const read = baselineSchema.safeParse(document);
  if (!read.success) {
    const { issues } = read.error;
    const rest = issues.length - shown;
    throw new BadInput(`${file} is not a whole plan; ${advice}`, [
      ...issues.slice(0, shown).map(({ path, message }) => ({ path: path.join("."), reason: message })),
      ...(rest > 0 ? [{ path: "", reason: `and ${rest} more` }] : []),
    ]);
  }
  if (read.data.environment !== environment) {
    throw new BadInput(
      `${file} is a plan of ${JSON.stringify(read.data.environment)}; it can only be compared with a plan of the same environment, and this is one of "${environment}"`,
    );
  }
  return read.data;
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new BadInput(`cannot read the baseline ${file}: ${reason(error)}; ${advice}`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new BadInput(`the baseline ${file} is not JSON: ${reason(error)}; ${advice}`);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
