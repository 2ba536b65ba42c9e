import { validCidrs } from "../../addresses/address-set";
import { coversInternet } from "../../addresses/internet";
import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmNet018 = resourceRule({
  id: "LLM-NET-018",
  title: "Ingresses do not face the internet",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "the scheme and source ranges in the annotations of ingresses",
  remedy:
    "set alb.ingress.kubernetes.io/scheme to internal, or name the client networks in the annotation of the controller",
  controls: "exposure",
  anchors: ["C-0256", "C-0266"],
  doc: "What an ingress without annotations is depends on the controller behind its class, which a plan often does not show, so that stays open.",
  types: families.ingress,
  *check({ inputs }) {
    const annotations = inputs.in("metadata", "annotations");
    const scheme = annotations.at("alb.ingress.kubernetes.io/scheme");
    if (scheme.text === "internal") return;
    const ranges = annotations.either(
      "alb.ingress.kubernetes.io/inbound-cidrs",
      "nginx.ingress.kubernetes.io/whitelist-source-range",
      "haproxy.org/allow-list",
      "haproxy.org/whitelist",
    );
    if (ranges.text !== undefined) {
      if (coversInternet(validCidrs(ranges.text.split(",")))) yield fail(ranges, "admits the whole internet");
    } else if (scheme.text === "internet-facing") yield fail(scheme, "faces the internet");
    else if (annotations.unknown || scheme.unknown || ranges.unknown)
      yield notInPlan(annotations, "whether it faces the internet");
    else
      yield {
        verdict: "undetermined",
        property: "metadata.annotations",
        message:
          "says neither its scheme nor whom it admits, so whether it faces the internet depends on the controller",
      };
  },
});
