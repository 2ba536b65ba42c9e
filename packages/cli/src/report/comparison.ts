import { fingerprint } from "@holdfast/policies";
import type {
  ComparedEndpoint,
  ComparedFinding,
  ComparedFleet,
  ComparedResource,
  Comparison,
  Standing,
} from "../plan/comparison-schema";
import type { PlanDocument, PlannedFinding, PlannedSizing } from "../plan/plan-schema";

export type { ComparedFinding, Comparison } from "../plan/comparison-schema";

/** What a comparison reads of a plan. An earlier plan.json has at least this. */
export type ComparedPlan = Pick<
  PlanDocument,
  "environment" | "resources" | "findings" | "exposure" | "cost" | "sizing"
>;

/** Compares a plan with an earlier one of the same environment. */
export function comparePlans(before: ComparedPlan, after: ComparedPlan, baseline: string): Comparison {
  return {
    schemaVersion: 1,
    environment: after.environment,
    baseline,
    findings: compareFindings(before.findings, after.findings),
    exposure: {
      before: before.exposure.verdict,
      after: after.exposure.verdict,
      endpoints: compareEndpoints(before.exposure.endpoints, after.exposure.endpoints),
    },
    resources: compareResources(before.resources, after.resources),
    fleets: compareFleets(before.sizing, after.sizing),
    cost: compareCost(before.cost, after.cost),
  };
}

function compareFindings(before: readonly PlannedFinding[], after: readonly PlannedFinding[]): Comparison["findings"] {
  const earlier = byKey(before, findingKey);
  const now = byKey(after, findingKey);
  return {
    new: [...now].flatMap(([key, finding]) => (earlier.has(key) ? [] : [comparedFinding(finding)])),
    fixed: [...earlier].flatMap(([key, finding]) => (now.has(key) ? [] : [comparedFinding(finding)])),
    unchanged: [...now].flatMap(([key, finding]) => {
      const old = earlier.get(key);
      if (old === undefined) return [];
      const was = standing(old);
      return [{ ...comparedFinding(finding), ...(was === standing(finding) ? {} : { was }) }];
    }),
  };
}

function findingKey({ urn, rule, property = "" }: PlannedFinding): string {
  return fingerprint({ urn, property, rule: rule as Parameters<typeof fingerprint>[0]["rule"] });
}

function comparedFinding(finding: PlannedFinding): ComparedFinding {
  const { rule, urn, property = "", message } = finding;
  return { rule, urn, property, message, standing: standing(finding) };
}

function standing({ waiver, verdict, level }: PlannedFinding): Standing {
  if (waiver !== undefined) return "waived";
  if (verdict === "undetermined") return "undetermined";
  return level === "mandatory" ? "blocks" : "advises";
}

type Endpoints = PlanDocument["exposure"]["endpoints"];

function compareEndpoints(before: Endpoints, after: Endpoints): ComparedEndpoint[] {
  // One endpoint is judged once for each place that somebody may come from.
  const key = ({ endpoint, from }: Endpoints[number]) => `${endpoint}\n${typeof from === "string" ? from : ""}`;
  const earlier = byKey(before, key);
  const now = byKey(after, key);
  const lasting = [...now].flatMap(([name, { endpoint, verdict, path }]) => {
    const old = earlier.get(name)?.verdict;
    if (old === verdict || (old === undefined && verdict === "none")) return [];
    return [
      {
        endpoint,
        ...(old === undefined ? {} : { before: old }),
        after: verdict,
        ...(path === undefined ? {} : { path }),
      },
    ];
  });
  const gone = [...earlier].flatMap(([name, { endpoint, verdict }]) =>
    now.has(name) || verdict === "none" ? [] : [{ endpoint, before: verdict }],
  );
  return [...lasting, ...gone];
}

type Resource = PlanDocument["resources"][number];

function compareResources(before: readonly Resource[], after: readonly Resource[]): Comparison["resources"] {
  const earlier = new Map(before.filter(({ custom }) => custom).map((resource) => [resource.urn, resource]));
  const now = after.filter(({ custom }) => custom);
  const kept = new Set(now.map(({ urn }) => urn));
  const added: string[] = [];
  const changed: ComparedResource[] = [];
  const met = new Set<string>();
  for (const resource of now) {
    const renamed = resource.aliases?.find((alias) => earlier.has(alias) && !kept.has(alias));
    const old = earlier.get(resource.urn) ?? (renamed === undefined ? undefined : earlier.get(renamed));
    if (old === undefined) {
      added.push(resource.urn);
      continue;
    }
    met.add(old.urn);
    const properties = differences(old, resource);
    const was = old.urn === resource.urn ? {} : { was: old.urn };
    if (properties.length > 0 || "was" in was) changed.push({ urn: resource.urn, properties, ...was });
  }
  return {
    added,
    removed: [...earlier.keys()].filter((urn) => !met.has(urn)),
    changed,
    unchanged: met.size - changed.length,
  };
}

function differences(before: Resource, after: Resource): string[] {
  const names = new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)]);
  const inputs = [...names].filter((name) => !same(before.inputs[name], after.inputs[name])).sort();
  const options = (["protect", "retainOnDelete", "provider", "parent"] as const).filter(
    (option) => (before[option] ?? false) !== (after[option] ?? false),
  );
  return [...inputs, ...options];
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with the keys of every object in one order: programs are free to write them in another. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function compareFleets(before: readonly PlannedSizing[], after: readonly PlannedSizing[]): ComparedFleet[] {
  const earlier = new Map(before.map((sizing) => [sizing.fleet, hostsOf(sizing)]));
  const now = new Map(after.map((sizing) => [sizing.fleet, hostsOf(sizing)]));
  return [...new Set([...now.keys(), ...earlier.keys()])].flatMap((fleet) => {
    const [old, fresh] = [earlier.get(fleet), now.get(fleet)];
    if (old === fresh) return [];
    return [{ fleet, ...(old === undefined ? {} : { before: old }), ...(fresh === undefined ? {} : { after: fresh }) }];
  });
}

function hostsOf({ instances, replicas, instanceType, model, format }: PlannedSizing): string {
  return `${Number(instances ?? replicas)} x ${instanceType} (${model} ${format})`;
}

function compareCost(before: PlanDocument["cost"], after: PlanDocument["cost"]): Comparison["cost"] {
  const sums = new Map<string, { before: number; after: number }>();
  for (const [side, { lines }] of [["before", before] as const, ["after", after] as const]) {
    for (const { what, monthlyUsd } of lines) {
      const sum = sums.get(what) ?? { before: 0, after: 0 };
      sum[side] += monthlyUsd;
      sums.set(what, sum);
    }
  }
  const lines = [...sums].map(([what, sum]) => ({ what, before: cents(sum.before), after: cents(sum.after) }));
  return {
    before: before.monthlyUsd,
    after: after.monthlyUsd,
    difference: cents(after.monthlyUsd - before.monthlyUsd),
    lines: lines
      .filter((line) => line.before !== line.after)
      .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.what < b.what ? -1 : 1)),
  };
}

/** By key; where several share one, they are told apart by their order. */
function byKey<T>(list: readonly T[], key: (item: T) => string): Map<string, T> {
  const map = new Map<string, T>();
  const seen = new Map<string, number>();
  for (const item of list) {
    const name = key(item);
    const place = seen.get(name) ?? 0;
    seen.set(name, place + 1);
    map.set(`${name}#${place}`, item);
  }
  return map;
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
