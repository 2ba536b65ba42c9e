import {
  allRules,
  evaluatePolicies,
  proveExposure,
  readRunSettings,
  read,
  type CheckResult,
  type PolicyOptions,
  type ResourceGraph,
} from "@holdfast/policies";
import { version } from "../../package.json";
import type { DiagramHosts } from "../report/html/network-diagram";
import { artefactsOf, type Artefact } from "./artefacts";
import { priceGraph } from "./cost";
import { planSchemaVersion, type PlanDocument } from "./plan-schema";

/** A graph to report on, and where it comes from. */
export interface PlannedGraph {
  readonly graph: ResourceGraph;
  readonly environment: string;
  readonly project: string;
  /** Region of resources that name none. */
  readonly region: string;
  /** Milliseconds by step, so far. */
  readonly timingsMs: Readonly<Record<string, number>>;
  /** Rules, levels and waivers. @default every rule at its own level */
  readonly policy?: PolicyOptions;
  /** File that findings are shown at. @default Pulumi.yaml */
  readonly file?: string;
}

/** Everything that is known about a plan: the document for programs, and what its reports need besides. */
export interface BuiltPlan {
  readonly document: PlanDocument;
  readonly artefacts: readonly Artefact[];
  /** What the policies and the proof said, for their reports. */
  readonly result: CheckResult;
  readonly hosts: readonly DiagramHosts[];
}

/** Turns a resource graph into a plan: its texts, sizes, costs, findings and the exposure proof. Pure but for the clock. */
export function buildPlan(planned: PlannedGraph): BuiltPlan {
  const { graph, environment, project, region, timingsMs } = planned;
  const timings: Record<string, number> = { ...timingsMs };
  const timed = <T>(step: string, work: () => T): T => {
    const start = performance.now();
    const result = work();
    timings[step] = Math.round(performance.now() - start);
    return result;
  };
  const artefacts = timed("artefacts", () => artefactsOf(graph));
  const sizing = sizingOf(graph);
  const cost = timed("cost", () => priceGraph(graph, region, sizing));
  const run = readRunSettings(
    planned.policy?.config?.holdfast,
    allRules.map(({ id }) => id),
  );
  const exposure = timed("exposure", () => proveExposure(graph, run.exposure));
  // The proof is one of the rules: what it finds is also a finding.
  const policy = timed("policies", () =>
    evaluatePolicies(graph, {
      ...planned.policy,
      waivers: [...(planned.policy?.waivers ?? []), ...run.waivers],
      exposure,
    }),
  );
  const document: PlanDocument = {
    schemaVersion: planSchemaVersion,
    environment,
    project,
    holdfastVersion: version,
    resources: graph.resources.map(documentResource),
    accessMatrix: accessMatrixOf(graph),
    sizing,
    cost: { ...cost, ...budgetOf(graph) },
    exposure: plain(exposure) as PlanDocument["exposure"],
    findings: plain(policy.findings) as PlanDocument["findings"],
    policy: {
      rules: policy.rules.filter(({ level }) => level !== "disabled").length,
      evaluated: policy.rules.reduce((sum, rule) => sum + rule.resources, 0),
    },
    artefacts: artefacts.map(({ path, reader, sha256 }) => ({ path, reader, sha256 })),
    timingsMs: timings,
  };
  const result: CheckResult = {
    subject: environment,
    version,
    findings: policy.findings,
    rules: policy.rules,
    waivers: policy.waivers,
    warnings: policy.warnings,
    exposure,
    ...(planned.file === undefined ? {} : { file: planned.file }),
  };
  return { document, artefacts, result, hosts: hostsOf(graph) };
}

/** Resources that have their sizing as a component output: fleets. */
function sizingOf(graph: ResourceGraph): PlanDocument["sizing"] {
  return graph
    .ofType("serving:index:ModelFleet")
    .map((fleet): unknown => fleet.outputs?.sizing)
    .filter(isRecord) as unknown as PlanDocument["sizing"];
}

function accessMatrixOf(graph: ResourceGraph): PlanDocument["accessMatrix"] {
  return graph.ofType("network:index:PrivateNetwork").flatMap((network): readonly unknown[] => {
    const matrix: unknown = network.outputs?.accessMatrix;
    return Array.isArray(matrix) ? matrix : [];
  }) as PlanDocument["accessMatrix"];
}

/** The budget of the environment document, which the component carries as its input. */
function budgetOf(graph: ResourceGraph): { budgetUsd?: number } {
  const [environment] = graph.ofType("environment:index:Environment");
  const budget = read(environment?.inputs, "document.budget.monthlyUsd");
  return budget.state === "known" && typeof budget.value === "number" ? { budgetUsd: budget.value } : {};
}

/** What stands in which segment, for the drawn network: client networks, balancers and host pools. */
function hostsOf(graph: ResourceGraph): DiagramHosts[] {
  const clients = graph.ofType("network:index:PrivateNetwork").flatMap((network) => {
    const declared = network.inputs.clients;
    if (!Array.isArray(declared)) return [];
    return declared.flatMap((client: unknown) =>
      isRecord(client) && typeof client.name === "string"
        ? [{ segment: "clients", label: `${client.name} ${String(client.cidr)}` }]
        : [],
    );
  });
  const pools = graph.ofType("compute:index:HostPool").map((pool) => {
    const { segment, instanceType, size } = pool.inputs;
    const hosts = typeof size === "number" ? size : isRecord(size) ? (size.desired ?? size.min) : undefined;
    const label = `${pool.name.replace(/-hosts$/, "")}: ${typeof hosts === "number" ? `${hosts} x ` : ""}${typeof instanceType === "string" ? instanceType : "unknown type"}`;
    return { segment: typeof segment === "string" ? segment : "serving", label };
  });
  return [...clients, ...pools];
}

function documentResource(resource: ResourceGraph["resources"][number]): PlanDocument["resources"][number] {
  const { urn, type, name, parent, custom, inputs, outputs, dependencies, propertyDependencies, protect } = resource;
  const { retainOnDelete, provider, aliases, version: providerVersion, ignoreChanges } = resource;
  return plain({
    urn,
    type,
    name,
    parent,
    custom,
    inputs,
    outputs,
    dependencies,
    propertyDependencies,
    protect,
    retainOnDelete,
    provider,
    aliases,
    version: providerVersion,
    ignoreChanges,
  }) as PlanDocument["resources"][number];
}

/** Drops fields that are undefined, as JSON does. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plain(item)]])),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
