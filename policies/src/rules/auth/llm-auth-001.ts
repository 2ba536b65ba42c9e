import type { PlannedResource } from "../../graph/planned-resource";
import type { ResourceGraph } from "../../graph/resource-graph";
import { families, union } from "../../rule/families";
import { fail, undetermined, type Outcome } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { enginesOf, option, type EngineCommand } from "../../workloads/engine-command";
import { workloadTypes } from "../../workloads/workload";
import { addressesOf, coversPort, inlineGroups, portsOf, rulesBySecurityGroup } from "../firewall-rules";

/** Ports that engines listen on when nothing is said. */
const defaultPorts = { vllm: 8000, ollama: 11_434, llamacpp: 8080, tgi: 80 } as const;

export const llmAuth001 = graphRule({
  id: "LLM-AUTH-001",
  title: "Only a gateway reaches an engine",
  word: "MUST",
  source: ["POL-R02", "POL-R10", "SEC-R04"],
  looksAt:
    "what lets connections in to the port of each engine: the security groups of its hosts, the published ports of its container, services in front of its pods",
  remedy:
    "admit the security group of the gateway instead of addresses, publish the container on loopback or an internal network, put a ClusterIP service behind the gateway",
  controls: "identity",
  owasp: ["LLM03", "LLM06"],
  anchors: [],
  doc: "Engines leave routes open although a key is set, so a key does not protect them: only what reaches them does. On hosts a rule for the engine's port has to name security groups; an address lets in whoever has it. Pods are judged together with LLM-NET-022, which asks for a network policy.",
  types: union(workloadTypes, families.modelFleet),
  applies: ({ resource }) => enginesOf(resource).length > 0,
  *check({ resource, graph, shared }) {
    for (const engine of enginesOf(resource)) {
      if (engine.workload.kind === "docker") yield* dockerDoors(resource);
      else if (engine.workload.kind === "pod") yield* podDoors(resource, graph);
      else
        for (const group of groupsOf(resource, graph))
          yield* hostDoors(group, portsOfEngine(engine), shared(rulesBySecurityGroup));
    }
  },
});

function* hostDoors(
  group: PlannedResource,
  ports: readonly number[],
  rules: ReturnType<typeof rulesBySecurityGroup>,
): Generator<Outcome> {
  for (const rule of (rules.get(group) ?? []).filter(({ direction }) => direction === "ingress")) {
    const covers = ports.map((port) => coversPort(rule, port));
    if (!covers.includes(true) && !covers.includes(undefined)) continue;
    const { known, unknown } = addressesOf(rule);
    if (known.length > 0 && covers.includes(true))
      yield fail(
        known[0] ?? rule.value,
        `lets addresses (${known.flatMap(({ text }) => text ?? []).join(", ")}) reach the engine on ${portsOf(rule)} past the gateway`,
        rule.resource,
      );
    else if (unknown.length > 0 || known.length > 0)
      yield undetermined(
        unknown[0] ?? rule.value,
        "whom it lets reach the engine is known only after deployment",
        rule.resource,
      );
  }
}

function* dockerDoors(resource: PlannedResource): Generator<Outcome> {
  const ports = Value.inputsOf(resource).at("ports");
  if (ports.unknown) yield undetermined(ports, "what it publishes is known only after deployment");
  for (const port of ports.items()) {
    const ip = port.at("ip");
    if (ip.unknown) yield undetermined(ip, "where the engine is published is known only after deployment");
    else if (!/^(127\.|::1$)/.test(ip.text ?? "")) yield fail(port, "publishes the engine past the gateway");
  }
}

function* podDoors(resource: PlannedResource, graph: ResourceGraph): Generator<Outcome> {
  const labels = Value.inputsOf(resource).in("spec", "template", "metadata", "labels");
  for (const service of graph.ofType(families.service)) {
    const spec = Value.inputsOf(service).at("spec");
    const selector = spec.at("selector").entries();
    if (
      selector.length === 0 ||
      !selector.every(([name, value]) => labels.at(name).text !== undefined && labels.at(name).text === value.text)
    )
      continue;
    if (spec.at("type").unknown)
      yield undetermined(spec.at("type"), "how it leads to the engine is known only after deployment", service);
    else if (["LoadBalancer", "NodePort"].includes(spec.at("type").text ?? ""))
      yield fail(spec.at("type"), `leads to the engine ${resource.name} past the gateway`, service);
  }
}

/** The security groups of the hosts that a fleet, template or instance starts. */
function groupsOf(resource: PlannedResource, graph: ResourceGraph): readonly PlannedResource[] {
  const hosts = families.modelFleet.has(resource.type)
    ? graph
        .descendants(resource.urn)
        .filter(({ type }) => families.launchTemplate.has(type) || families.instance.has(type))
    : [resource];
  const paths = (host: PlannedResource) => [
    "vpcSecurityGroupIds",
    "securityGroups",
    ...Value.inputsOf(host)
      .at("networkInterfaces")
      .items()
      .map(({ path }) => `${path}.securityGroups`),
  ];
  return [
    ...new Set(
      hosts.flatMap((host) => paths(host).flatMap((path) => graph.references(host, path, inlineGroups).resources)),
    ),
  ];
}

function portsOfEngine(engine: EngineCommand): readonly number[] {
  const given = option(engine, "port");
  const port = given.state === "given" ? Number(given.value) : Number.NaN;
  return [Number.isInteger(port) ? port : defaultPorts[engine.kind]];
}
