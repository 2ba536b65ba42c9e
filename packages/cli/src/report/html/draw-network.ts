import type { PlanDocument } from "../../plan/plan-schema";
import { networkDiagramDot, type DiagramHosts } from "./network-diagram";

/** Draws the network of a plan as an SVG element that takes its colours from the page. */
export async function drawNetwork(
  flows: PlanDocument["accessMatrix"],
  hosts: readonly DiagramHosts[],
): Promise<string> {
  if (flows.length === 0) return "";
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(networkDiagramDot(flows, hosts));
  return svg
    .slice(svg.indexOf("<svg"))
    .replace(/ (?:fill|stroke)="(?!none)[^"]*"/g, "")
    .replace(/<!--[\s\S]*?-->/g, "");
}
