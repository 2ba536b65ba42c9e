import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { proveExposure, type ExposureOptions, type ExposureReport } from "../exposure";
import type { PlannedResource } from "../graph/planned-resource";
import { ResourceGraph } from "../graph/resource-graph";
import { parseUrn } from "../graph/urn";
import { sharedIndexes } from "../rule/evaluate-policies";
import type { Finding } from "../rule/finding";
import type { Waiver } from "../waivers/waiver";
import { hasNamelessImage, withPulledImages } from "../workloads/pulled-images";
import { rawProperties } from "./raw-properties";

/** A graph and the indexes that rules share over it. */
export interface GraphView {
  readonly graph: ResourceGraph;
  readonly shared: ReturnType<typeof sharedIndexes>;
  readonly exposure: () => ExposureReport;
  /** URNs of the containers whose image is named elsewhere in the graph or nowhere. */
  readonly nameless: ReadonlySet<string>;
}

/**
 * What the pack remembers between the calls of one run. The engine shows inputs before a resource is made and outputs at the end;
 * rules judge inputs, so the inputs seen first are kept and joined with the dependencies seen last.
 */
export class PackSession {
  waivers: readonly Waiver[] = [];
  /** Violations of this run, before waivers, to tell which waivers are needed. */
  readonly violations: Finding[] = [];
  exposureOptions: ExposureOptions = {};
  /** What was said of a resource before all were known, so that it is not said again: fingerprints and messages. */
  readonly told = new Set<string>();
  /** By URN, because the engine asks about several resources at once. */
  readonly #seen = new Map<string, PlannedResource>();
  #view: GraphView | undefined;

  /** Notes a resource that the engine shows, before any rule asks about it. */
  async note(args: ResourceValidationArgs): Promise<void> {
    this.#seen.set(args.urn, await planned(args));
  }

  /** The resource that the engine asks about; read anew when nobody noted it, because the first policy was switched off. */
  async resource(args: ResourceValidationArgs): Promise<PlannedResource> {
    return this.#seen.get(args.urn) ?? planned(args);
  }

  /** Begins the judgement of the whole stack: the graph is built once for all rules. */
  async begin(resources: readonly PolicyResource[]): Promise<GraphView> {
    this.#view = await this.#build(resources);
    return this.#view;
  }

  /** The graph of the stack under judgement; built anew when nobody began, because the first policy was switched off. */
  async view(resources: readonly PolicyResource[]): Promise<GraphView> {
    return this.#view ?? this.#build(resources);
  }

  /** Ends the judgement, so that a later run in the same process starts afresh. */
  end(): void {
    this.#view = undefined;
    this.#seen.clear();
    this.violations.length = 0;
    this.told.clear();
  }

  async #build(resources: readonly PolicyResource[]): Promise<GraphView> {
    const planned = await Promise.all(resources.map((resource) => this.#planned(resource)));
    const graph = withPulledImages(new ResourceGraph(planned));
    let exposure: ExposureReport | undefined;
    return {
      graph,
      shared: sharedIndexes(graph),
      nameless: new Set(planned.filter(hasNamelessImage).map(({ urn }) => urn)),
      exposure: () => (exposure ??= proveExposure(graph, this.exposureOptions)),
    };
  }

  async #planned(resource: PolicyResource): Promise<PlannedResource> {
    const outputs = await rawProperties(resource.props);
    const inputs = this.#seen.get(resource.urn)?.inputs ?? outputs;
    const id = outputs.id;
    return {
      urn: resource.urn,
      type: resource.type,
      name: parseUrn(resource.urn)?.name ?? resource.name,
      ...(resource.parent === undefined ? {} : { parent: resource.parent.urn }),
      custom: resource.provider !== undefined || resource.type.startsWith("pulumi:providers:"),
      inputs,
      outputs,
      ...(typeof id === "string" ? { id } : {}),
      dependencies: resource.dependencies.map(({ urn }) => urn),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([key, sources]) => [key, sources.map(({ urn }) => urn)]),
      ),
      protect: resource.opts.protect,
      retainOnDelete: "unseen",
    };
  }
}

async function planned(args: ResourceValidationArgs): Promise<PlannedResource> {
  return {
    urn: args.urn,
    type: args.type,
    name: args.name,
    ...(args.opts.parent === undefined || args.opts.parent === "" ? {} : { parent: args.opts.parent }),
    custom: args.provider !== undefined || args.type.startsWith("pulumi:providers:"),
    inputs: await rawProperties(args.props),
    dependencies: [],
    propertyDependencies: {},
    protect: args.opts.protect,
    retainOnDelete: "unseen",
  };
}
