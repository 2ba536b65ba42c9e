import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmTls007 = resourceRule({
  id: "LLM-TLS-007",
  title: "Ingresses end TLS for every host that they name",
  word: "MUST",
  source: ["POL-R01", "SEC-R02"],
  looksAt: "the hosts of an ingress, its tls section, and the certificate annotation of AWS balancers",
  remedy: "add a tls entry with a secret for each host, or alb.ingress.kubernetes.io/certificate-arn",
  controls: "transit",
  anchors: ["C-0263"],
  doc: "A host that no tls entry covers is answered in plain text, or with the controller's own certificate.",
  types: families.ingress,
  *check({ inputs }) {
    const spec = inputs.at("spec");
    const certificate = inputs.in("metadata", "annotations").at("alb.ingress.kubernetes.io/certificate-arn");
    if (!certificate.absent) return;
    const tls = spec.at("tls");
    if (tls.unknown || spec.at("rules").unknown) {
      yield notInPlan(tls.unknown ? tls : spec.at("rules"), "whether it ends TLS");
      return;
    }
    const covered = tls.items().flatMap((entry) => entry.at("hosts").texts());
    if (tls.items().length === 0) yield fail(tls, "has no tls section");
    else
      for (const host of spec
        .at("rules")
        .items()
        .map((rule) => rule.at("host"))) {
        if (host.unknown) yield notInPlan(host, "whether TLS covers it");
        else if (
          !covered.some(
            (name) =>
              name === (host.text ?? "") ||
              (name.startsWith("*.") && host.text?.split(".").slice(1).join(".") === name.slice(2)),
          )
        )
          yield fail(
            host,
            host.absent
              ? "a rule for every host is covered by no certificate"
              : `the host ${host.text ?? ""} is in no tls entry`,
          );
      }
  },
});
