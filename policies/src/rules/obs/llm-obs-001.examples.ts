import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const fleet = { type: "serving:index:ModelFleet", name: "chat", outputs: { dnsName: "chat.llm.internal" } };
const file = (name: string, content: string) => ({
  type: "aws:s3/bucketObjectv2:BucketObjectv2",
  name,
  inputs: { key: name, content },
});
const scrape = file(
  "prometheus.yml",
  "scrape_configs:\n  - job_name: chat\n    dns_sd_configs:\n      - names: [chat.llm.internal]\n",
);
const alerts = file(
  "alerts.yml",
  "groups:\n  - name: engine\n    rules:\n      - alert: EngineDown\n        expr: up == 0\n",
);
const dashboard = file("engine.json", '{"title":"engine","panels":[]}');

export const llmObs001Examples: RuleExamples = {
  rule: "LLM-OBS-001",
  pass: [{ name: "all three", resources: [fleet, scrape, alerts, dashboard], expect: [] }],
  fail: [
    { name: "nothing", resources: [fleet], expect: ["fail chat"] },
    {
      name: "another fleet is scraped",
      resources: [{ ...fleet, outputs: { dnsName: "code.llm.internal" } }, scrape, alerts, dashboard],
      expect: ["fail chat"],
    },
    { name: "no alerts", resources: [fleet, scrape, dashboard], expect: ["fail chat"] },
    { name: "no dashboard", resources: [fleet, scrape, alerts], expect: ["fail chat"] },
  ],
  undetermined: [
    {
      name: "a name that is not known yet",
      resources: [{ ...fleet, outputs: { dnsName: unknownValue } }, scrape, alerts, dashboard],
      expect: ["undetermined chat dnsName"],
    },
  ],
};
