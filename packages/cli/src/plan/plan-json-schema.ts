import { z } from "zod";
import { planSchema } from "./plan-schema";

/** JSON Schema of plan.json. */
export function planJsonSchema(): Record<string, unknown> {
  return { title: "Holdfast plan", ...z.toJSONSchema(planSchema, { io: "output", unrepresentable: "any" }) };
}
