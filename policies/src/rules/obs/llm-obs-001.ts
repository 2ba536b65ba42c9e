import type { ResourceGraph } from "../../graph/resource-graph";
import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { deployedTexts, isProgramOrUnit, textBearing, type DeployedText } from "../../workloads/deployed-texts";

export const llmObs001 = graphRule({
  id: "LLM-OBS-001",
  title: "Every fleet is scraped, alerted on and shown",
  word: "MUST",
  source: ["POL-R13"],
  looksAt: "each fleet of ours, and the Prometheus configurations, alert rules and dashboards that the program deploys",
  remedy: "add an Observability component that is given the fleet",
  controls: "logging",
  anchors: [],
  doc: "A fleet that nobody watches fails unseen: a hung engine still answers its health check. The rule looks for the fleet's own name in the deployed scrape configuration, and for alert rules and dashboards beside it. Where another program does the monitoring, waive the rule and say where.",
  types: families.modelFleet,
  *check({ resource, shared }) {
    const { scrapes, alerts, dashboards } = shared(monitoring);
    const name = new Value(resource.outputs).at("dnsName");
    if (name.unknown)
      yield undetermined(
        "dnsName",
        "the fleet's name is known only after deployment, so whether it is scraped cannot be told",
      );
    else if (!scrapes.some(({ text }) => name.text !== undefined && text.includes(name.text)))
      yield fail("", "no deployed Prometheus configuration scrapes it");
    else if (alerts.length === 0) yield fail("", "is scraped, but no alert rules are deployed");
    else if (dashboards.length === 0) yield fail("", "is scraped, but no dashboard is deployed");
  },
});

function monitoring(graph: ResourceGraph): Record<"scrapes" | "alerts" | "dashboards", readonly DeployedText[]> {
  const texts = graph
    .ofType(textBearing)
    .flatMap(deployedTexts)
    .filter(({ text }) => !isProgramOrUnit(text));
  return {
    scrapes: texts.filter(({ text }) => text.includes("scrape_configs") && /^\s*"?scrape_configs"?:/m.test(text)),
    alerts: texts.filter(({ text }) => text.includes("alert") && /^\s*(- )?"?alert"?: /m.test(text)),
    dashboards: texts.filter(({ text }) => text.startsWith("{") && text.includes('"panels"')),
  };
}
