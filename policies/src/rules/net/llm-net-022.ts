import type { PlannedResource } from "../../graph/planned-resource";
import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { enginesOf } from "../../workloads/engine-command";
import { namespaceOf, podLabels } from "../../workloads/pod-templates";

export const llmNet022 = graphRule({
  id: "LLM-NET-022",
  title: "A network policy lets only named pods reach an engine",
  word: "MUST",
  source: ["POL-R02", "POL-R03"],
  looksAt: "pods that run an engine, and the network policies of their namespace that select them",
  remedy: "add a NetworkPolicy that selects the engine's pods and admits the gateway and the scraper by label",
  controls: "exposure",
  owasp: ["LLM08"],
  anchors: ["CKV2_K8S_6", "C-0260", "C-0206"],
  doc: "Other tools ask only that some policy selects the pod, so a policy that admits everyone passes them. Policies add up: one that admits everyone undoes the others. Namespaces are compared by name, or by the resource that makes them while it is unknown.",
  types: families.podBearing,
  applies: ({ resource }) => enginesOf(resource).length > 0,
  *check({ resource, graph }) {
    const labels = podLabels(resource);
    const policies = graph.ofType(families.networkPolicy).filter((policy) => sameNamespace(resource, policy));
    if (labels.unknown) {
      yield undetermined(
        labels,
        "the labels are known only after deployment, so which policies select the pod cannot be told",
      );
      return;
    }
    const selecting = policies.filter(
      (policy) =>
        selects(Value.inputsOf(policy).in("spec", "podSelector"), labels) && limitsIngress(Value.inputsOf(policy)),
    );
    if (selecting.length === 0) yield fail("", "no network policy of its namespace limits who reaches it");
    for (const policy of selecting) {
      const rules = Value.inputsOf(policy).in("spec", "ingress");
      if (rules.unknown) yield undetermined(rules, "whom it admits is known only after deployment", policy);
      for (const rule of rules.items()) {
        const from = rule.at("from");
        if (from.unknown) yield undetermined(from, "whom it admits is known only after deployment", policy);
        else if (from.items().length === 0) yield fail(from, `admits everyone to ${resource.name}`, policy);
        for (const peer of from.items()) {
          const empty = (key: string) => peer.at(key).map !== undefined && peer.at(key).entries().length === 0;
          const block = peer.in("ipBlock", "cidr").text;
          if ((empty("podSelector") && peer.at("namespaceSelector").absent) || empty("namespaceSelector"))
            yield fail(
              peer,
              `admits every pod of ${empty("namespaceSelector") ? "every" : "its"} namespace to ${resource.name}`,
              policy,
            );
          else if (block !== undefined)
            yield fail(peer, `admits addresses (${block}) to ${resource.name} instead of named pods`, policy);
        }
      }
    }
  },
});

function limitsIngress(policy: Value): boolean {
  const types = policy.in("spec", "policyTypes");
  return types.absent || types.texts().includes("Ingress");
}

/** Whether a selector matches labels; a selector by expressions matches when it cannot be ruled out. */
function selects(selector: Value, labels: Value): boolean {
  const wanted = selector.at("matchLabels").entries();
  return wanted.every(
    ([name, value]) => value.unknown || labels.at(name).unknown || labels.at(name).text === value.text,
  );
}

function sameNamespace(a: PlannedResource, b: PlannedResource): boolean {
  const [first, second] = [namespaceOf(a), namespaceOf(b)];
  if (!first.unknown && !second.unknown) return (first.text ?? "default") === (second.text ?? "default");
  const sources = (resource: PlannedResource) => resource.propertyDependencies.metadata ?? [];
  return sources(a).some((urn) => sources(b).includes(urn));
}
