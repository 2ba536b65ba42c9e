import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { gatewayDoors, listensLocally, textBearing } from "../../workloads/deployed-texts";

export const llmAuth015 = resourceRule({
  id: "LLM-AUTH-015",
  title: "A gateway asks every client for a key or certificate",
  word: "MUST",
  source: ["POL-R10", "SEC-R04"],
  looksAt: "HAProxy configurations that the program deploys: every frontend that hands requests on",
  remedy: "refuse with status 401 whoever brings no known key, or require a client certificate with verify required",
  controls: "identity",
  owasp: ["LLM03"],
  anchors: [],
  doc: "An engine's own key guards some of its routes only, so the gateway has to ask. The rule wants a refusal with 401 or 403, or a required client certificate, in each frontend that hands requests on.",
  types: textBearing,
  applies: ({ resource }) => gatewayDoors(resource).length > 0,
  *check({ resource }) {
    for (const { property, door } of gatewayDoors(resource)) {
      if (
        !listensLocally(door) &&
        !door.lines.some((line) => /status 40[13]|verify required|http-request auth/.test(line))
      )
        yield fail(property, `the frontend ${door.name} hands requests on without asking who sends them`);
    }
  },
});
