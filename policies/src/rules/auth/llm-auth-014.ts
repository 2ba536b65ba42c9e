import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { gatewayDoors, listensLocally, textBearing } from "../../workloads/deployed-texts";

export const llmAuth014 = resourceRule({
  id: "LLM-AUTH-014",
  title: "A gateway limits each client",
  word: "MUST",
  source: ["POL-R18"],
  looksAt: "HAProxy configurations that the program deploys: every frontend that hands requests on",
  remedy: "track clients in a stick table and deny with status 429 above their rate",
  controls: "limits",
  owasp: ["LLM06"],
  anchors: [],
  doc: "Without limits one client takes the engines from all others. The rule asks for a refusal with 429 in each frontend; what the limits are is the gateway's business.",
  types: textBearing,
  applies: ({ resource }) => gatewayDoors(resource).length > 0,
  *check({ resource }) {
    for (const { property, door } of gatewayDoors(resource)) {
      if (!listensLocally(door) && !door.lines.some((line) => /deny_status 429|status 429/.test(line)))
        yield fail(property, `the frontend ${door.name} takes requests without a limit per client`);
    }
  },
});
