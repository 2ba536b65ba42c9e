import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container } from "../engine-examples";

const image = "quay.io/prometheus/prometheus:v3.5.0";

export const llmAuth005Examples: RuleExamples = {
  rule: "LLM-AUTH-005",
  pass: [
    { name: "neither interface", resources: [container(["--config.file=/etc/prometheus.yml"], [], image)], expect: [] },
    {
      name: "behind a login",
      resources: [container(["--web.enable-lifecycle", "--web.config.file=/etc/web.yml"], [], image)],
      expect: [],
    },
  ],
  fail: [
    {
      name: "the administration interface",
      resources: [container(["--web.enable-admin-api"], [], image)],
      expect: ["fail engine command[0]"],
    },
  ],
  undetermined: [
    { name: "an unknown argument", resources: [container([unknownValue], [], image)], expect: ["undetermined engine"] },
  ],
};
