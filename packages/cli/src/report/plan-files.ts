import type { BuiltPlan } from "../plan/build-plan";
import { drawNetwork } from "./html/draw-network";
import { planPage } from "./html/plan-page";

/** Every file of a plan's report, by path under `out/<environment>/`. */
export async function planFiles({ document, artefacts, hosts }: BuiltPlan): Promise<Map<string, string>> {
  const diagram = await drawNetwork(document.accessMatrix, hosts);
  return new Map([
    ["plan.json", `${JSON.stringify(document, null, 2)}\n`],
    ["plan.html", planPage(document, diagram)],
    ...artefacts.map(({ path, content }) => [`rendered/${path}`, content] as const),
  ]);
}
