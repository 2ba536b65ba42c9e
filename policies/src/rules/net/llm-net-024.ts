import { families } from "../../rule/families";
import { graphRule } from "../../rule/rule";

export const llmNet024 = graphRule({
  id: "LLM-NET-024",
  title: "Nobody outside reaches an endpoint",
  word: "MUST",
  source: ["POL-R03"],
  looksAt:
    "the whole graph: a search for a way from the internet, and from each declared client network, to every endpoint",
  remedy: "close one of the hops of the path; if the endpoint is meant to be public, approve it with a reason",
  controls: "exposure",
  owasp: ["LLM02"],
  anchors: [],
  doc: "The other rules of this area judge one resource at a time; this one is the exposure proof, whose report names the path hop by hop, or what would have to be known. It is evaluated when the proof is handed in, as the command line and the pack do.",
  types: families.stack,
  applies: ({ exposure }) => exposure !== undefined,
  *check({ exposure }) {
    for (const { endpoint, verdict, from, path, unknown } of exposure?.endpoints ?? []) {
      if (verdict === "exposed")
        yield {
          verdict: "fail",
          property: "",
          urn: endpoint,
          message: `can be reached from ${from}: ${(path ?? []).join(" -> ")}`,
        };
      else if (verdict === "undetermined")
        yield {
          verdict: "undetermined",
          property: "",
          urn: endpoint,
          message: `whether it can be reached from ${from} cannot be told: ${(unknown ?? []).join("; ")}`,
        };
    }
  },
});
