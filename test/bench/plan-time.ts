import { buildPlan, planEnvironment } from "@holdfast/cli";
import { Environment } from "@holdfast/environment";
import {
  allRules,
  evaluatePolicies,
  proveExposure,
  readResourceDocument,
  unknownValue,
  type ResourceGraph,
} from "@holdfast/policies";
import { planProgram, readStackConfig } from "@holdfast/testing";
import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { median } from "./whole-process";

interface Fleet {
  readonly workload: { readonly promptTokens: number };
}

type Document = Record<string, unknown> & {
  fleets: Record<string, Fleet>;
  gateway: { clients: Record<string, { models: string[] }> };
};

/** The document of `prod`. */
function prodDocument(root: string): Document {
  return JSON.parse(readStackConfig(root, "prod").config["holdfast:environment"] ?? "{}") as Document;
}

let enlargements = 0;

/** The document of `prod` with its fleet `chat` so many times and no other; each time under another load, so that it is sized anew. */
function enlarged(root: string, times: number): Document {
  const document = prodDocument(root);
  const { chat } = document.fleets;
  if (chat === undefined) throw new Error("prod has no fleet chat");
  enlargements += 1;
  const { workload } = chat;
  const fleet = { ...chat, workload: { ...workload, promptTokens: workload.promptTokens + enlargements } };
  const names = Array.from({ length: times }, (_, index) => (index === 0 ? "chat" : `chat-${index}`));
  const fleets = Object.fromEntries(names.map((name) => [name, fleet]));
  for (const client of Object.values(document.gateway.clients)) client.models = ["chat"];
  return { ...document, fleets };
}

async function planDocument(document: Document): Promise<{ graph: ResourceGraph; ms: number }> {
  const start = performance.now();
  const { graph } = await planProgram({
    project: "bench",
    stack: "prod",
    program: () => {
      new Environment("prod", { document });
    },
  });
  return { graph, ms: performance.now() - start };
}

export interface GrowthTiming {
  readonly fleets: number;
  readonly resources: number;
  readonly ms: number;
  readonly msPerResource: number;
}

/** Plan time as the number of fleets grows. */
export async function timeGrowth(
  root: string,
  factors: readonly number[] = [1, 4, 16],
  rounds = 3,
): Promise<GrowthTiming[]> {
  await planDocument(enlarged(root, 1));
  const timings: GrowthTiming[] = [];
  for (const factor of factors) {
    const runs: { graph: ResourceGraph; ms: number }[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await planDocument(enlarged(root, factor)));
    const ms = median(runs.map((run) => run.ms));
    const resources = runs[0]?.graph.resources.length ?? 0;
    timings.push({ fleets: factor, resources, ms, msPerResource: ms / resources });
  }
  return timings;
}

export interface OverheadTiming {
  readonly resources: number;
  readonly componentsMs: number;
  readonly rawMs: number;
  readonly addedMsPerResource: number;
}

type ResourceClass = new (
  name: string,
  inputs: pulumi.Inputs,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const load = createRequire(__filename);

/** The provider's own class of a type token, for example `aws:ec2/vpc:Vpc`. */
function classOf(token: string): ResourceClass {
  const [provider = "", module = "", name = ""] = token.split(":");
  const classes = load(`@pulumi/${provider}/${module.split("/")[0] ?? ""}`) as Record<
    string,
    ResourceClass | undefined
  >;
  const found = classes[name];
  if (found === undefined) throw new Error(`no class for ${token}`);
  return found;
}

/** What our components cost over the same resources registered one by one, with the same inputs, in the same process. */
export async function timeOverhead(root: string, rounds = 7): Promise<OverheadTiming> {
  const document = prodDocument(root);
  const { graph } = await planDocument(document);
  const custom = graph.resources.filter((resource) => resource.custom);
  const unknown = () =>
    pulumi.output(
      new Promise<string>((settle) => {
        settle(unknownValue);
      }),
    );
  const raw = () => {
    const names = new Set<string>();
    for (const resource of custom) {
      const key = `${resource.type}::${resource.name}`;
      if (names.has(key)) continue;
      names.add(key);
      new (classOf(resource.type))(resource.name, withOutputs(resource.inputs, unknown) as pulumi.Inputs, {
        protect: resource.protect,
      });
    }
  };
  const components: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    components.push((await planDocument(document)).ms);
    const start = performance.now();
    await planProgram({ project: "bench", stack: "prod", program: raw });
    bare.push(performance.now() - start);
  }
  const [componentsMs, rawMs] = [median(components), median(bare)];
  return { resources: custom.length, componentsMs, rawMs, addedMsPerResource: (componentsMs - rawMs) / custom.length };
}

/** In the raw program an unknown is an Output as well, so both programs carry the same number of them. */
function withOutputs(value: unknown, unknown: () => pulumi.Output<string>): unknown {
  if (value === unknownValue) return unknown();
  if (Array.isArray(value)) return value.map((item) => withOutputs(item, unknown));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withOutputs(item, unknown)]));
}

export interface PolicyTiming {
  readonly rules: number;
  readonly allMs: number;
  readonly oneMs: number;
  readonly ratio: number;
  /** The evaluation of all rules alone. */
  readonly evaluationMs: number;
}

/**
 * A whole check of `prod`, from the text of plan.json to the findings and the proof, with all rules against the same with one
 * rule; and the evaluation alone, on a graph that was read before.
 */
export async function timePolicies(root: string, rounds = 9): Promise<PolicyTiming> {
  const text = JSON.stringify(buildPlan(await planEnvironment(root, "prod")).document);
  const check = (rules: typeof allRules) => () => {
    const { graph } = readResourceDocument(JSON.parse(text));
    evaluatePolicies(graph, { rules, exposure: proveExposure(graph) });
  };
  const one = allRules.slice(0, 1);
  const all: number[] = [];
  const single: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    single.push(timed(check(one)));
    all.push(timed(check(allRules)));
    const { graph } = readResourceDocument(JSON.parse(text));
    alone.push(timed(() => evaluatePolicies(graph)));
  }
  const [allMs, oneMs] = [median(all), median(single)];
  return { rules: allRules.length, allMs, oneMs, ratio: allMs / oneMs, evaluationMs: median(alone) };
}

/** A whole plan in this process, by step, after a warm-up. */
export async function timeSteps(root: string): Promise<Record<string, number>> {
  buildPlan(await planEnvironment(root, "prod"));
  return buildPlan(await planEnvironment(root, "prod")).document.timingsMs;
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
