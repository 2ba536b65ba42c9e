import type { PlannedResource } from "../../graph/planned-resource";
import type { ResourceGraph } from "../../graph/resource-graph";
import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { readPolicy } from "../policy-document";

export const llmTls012 = graphRule({
  id: "LLM-TLS-012",
  title: "Elastic file systems refuse mounts without TLS",
  word: "MUST",
  source: ["SEC-R02"],
  looksAt: "each file system's policy: a Deny when aws:SecureTransport is false",
  remedy:
    "add an aws.efs.FileSystemPolicy with a Deny for everyone when aws:SecureTransport is false, and mount with the option tls",
  controls: "transit",
  anchors: [],
  doc: "The option tls of the client is a habit, the policy is a rule: without it a mount in plain text works.",
  types: families.fileSystem,
  *check({ resource, shared }) {
    const policies = (shared(policiesByFileSystem).get(resource) ?? []).map((policy) => ({
      policy,
      value: Value.inputsOf(policy).at("policy"),
    }));
    const readings = policies.map(({ value }) => readPolicy(value));
    const refuses = readings.some(
      (reading) =>
        reading.state === "known" &&
        reading.statements.some(
          ({ allow, conditions }) =>
            !allow && conditions.some(({ key, values }) => key === "aws:securetransport" && values.includes("false")),
        ),
    );
    if (refuses) return;
    const open = policies[readings.findIndex(({ state }) => state === "unknown" || state === "malformed")];
    if (open !== undefined)
      yield undetermined(
        open.value,
        "the policy is known only after deployment, so whether it refuses plain mounts cannot be told",
        open.policy,
      );
    else yield fail("", "accepts mounts without TLS");
  },
});

function policiesByFileSystem(graph: ResourceGraph): ReadonlyMap<PlannedResource, readonly PlannedResource[]> {
  const index = new Map<PlannedResource, PlannedResource[]>();
  for (const policy of graph.ofType(families.fileSystemPolicy)) {
    for (const system of graph.references(policy, "fileSystemId", families.fileSystem).resources)
      index.set(system, [...(index.get(system) ?? []), policy]);
  }
  return index;
}
