import type { ExposureReport } from "../exposure";
import type { PlannedResource } from "../graph/planned-resource";
import type { ResourceGraph } from "../graph/resource-graph";
import { allRules } from "../rules/all-rules";
import { applyWaivers, type WaiverUse } from "../waivers/apply-waivers";
import type { Waiver } from "../waivers/waiver";
import { withPulledImages } from "../workloads/pulled-images";
import { controlsOf } from "./controls";
import { blocks, compareFindings, type Finding } from "./finding";
import type { Outcome } from "./outcome";
import { resolveConfig, type PolicyConfig, type RuleSettings } from "./policy-config";
import type { Level, Rule, RuleId } from "./rule";
import { Value } from "./value";

export interface PolicyOptions {
  /** @default every rule of the pack */
  readonly rules?: readonly Rule[];
  /** Levels and settings by rule id. @default the rules' own */
  readonly config?: PolicyConfig;
  readonly waivers?: readonly Waiver[];
  /** The day on which waivers are judged, `YYYY-MM-DD`. @default today, UTC */
  readonly today?: string;
  /** Whether `findings` also holds an entry for each resource that passes, as evidence. @default false */
  readonly includePasses?: boolean;
  /** The exposure proof of the same graph, which LLM-NET-024 then reports. @default that rule is not evaluated */
  readonly exposure?: ExposureReport;
}

/** What became of one rule. */
export interface RuleSummary {
  readonly rule: RuleId;
  readonly title: string;
  readonly level: Level | "disabled";
  /** Resources that the rule had something to say about. */
  readonly resources: number;
  /** How many of them have no violation and no open question. */
  readonly passed: number;
  /** Violations that are not waived. */
  readonly failed: number;
  readonly undetermined: number;
  readonly waived: number;
}

export interface PolicyReport {
  /** Violations and open questions, the ones that block first. */
  readonly findings: readonly Finding[];
  /** The findings that stop a deployment. */
  readonly blocking: readonly Finding[];
  /** One entry for each rule, in the order of their ids. */
  readonly rules: readonly RuleSummary[];
  readonly waivers: WaiverUse;
  /** What weakens the run itself: disabled mandatory rules, expired and unused waivers. */
  readonly warnings: readonly string[];
}

/** Judges a graph by every rule. Pure: the same graph, configuration and day give the same report. */
export function evaluatePolicies(planned: ResourceGraph, options: PolicyOptions = {}): PolicyReport {
  const graph = withPulledImages(planned);
  const rules = options.rules ?? allRules;
  const settings = resolveConfig(rules, options.config);
  const raw: Finding[] = [];
  const counts = new Map<Rule, { resources: number; passed: number }>();
  const shared = sharedIndexes(graph);
  const extra = options.exposure === undefined ? {} : { exposure: options.exposure };
  const byType = rulesByType(rules.filter((rule) => settings.get(rule)?.level !== "disabled"));
  for (const resource of graph.resources) {
    for (const rule of byType.get(resource.type) ?? []) {
      const own = settings.get(rule);
      if (own === undefined) continue;
      const outcomes = judge(rule, { resource, graph, shared, settings: own, ...extra });
      if (outcomes === "not applicable") continue;
      const count = counts.get(rule) ?? { resources: 0, passed: 0 };
      counts.set(rule, { resources: count.resources + 1, passed: count.passed + (outcomes.length === 0 ? 1 : 0) });
      raw.push(...toFindings(rule, own, resource, outcomes));
      if (outcomes.length === 0 && options.includePasses === true) raw.push(passed(rule, own, resource));
    }
  }
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const { findings, use } = applyWaivers(raw.sort(compareFindings), options.waivers ?? [], today);
  return {
    findings,
    blocking: findings.filter(blocks),
    rules: rules.map((rule) => summary(rule, settings, counts.get(rule), findings)),
    waivers: use,
    warnings: warningsOf(rules, settings, use),
  };
}

export interface JudgeContext {
  readonly resource: PlannedResource;
  readonly graph: ResourceGraph;
  readonly shared: <T>(build: (graph: ResourceGraph) => T) => T;
  readonly settings: Pick<RuleSettings, "config">;
  readonly exposure?: ExposureReport;
}

/** Asks one rule about one resource. */
export function judge(
  rule: Rule,
  { resource, settings, ...beyond }: JudgeContext,
): readonly Outcome[] | "not applicable" {
  const subject = { resource, inputs: Value.inputsOf(resource), config: settings.config };
  const outcomes = rule.scope === "resource" ? ask(rule, subject) : ask(rule, { ...subject, ...beyond });
  return outcomes === "not applicable" ? outcomes : distinct(outcomes);
}

/** Turns a rule's outcomes into findings under its level and its way with unknowns. */
export function toFindings(
  rule: Rule,
  settings: RuleSettings,
  resource: PlannedResource,
  outcomes: readonly Outcome[],
): readonly Finding[] {
  return outcomes.flatMap((outcome): readonly Finding[] => {
    if (settings.level === "disabled") return [];
    const open = outcome.verdict === "undetermined";
    if (open && settings.onUnknown === "ignore") return [];
    const asFailure = open && settings.onUnknown === "fail";
    return [
      {
        rule: rule.id,
        level: settings.level,
        verdict: asFailure ? "fail" : outcome.verdict,
        urn: outcome.urn ?? resource.urn,
        property: outcome.property,
        message: asFailure ? `${outcome.message}; the configuration counts that as a violation` : outcome.message,
        remedy: rule.remedy,
        controls: controlsOf(rule),
      },
    ];
  });
}

/** Indexes over one graph, each built once however many rules ask for it. */
export function sharedIndexes(graph: ResourceGraph): <T>(build: (graph: ResourceGraph) => T) => T {
  const built = new Map<unknown, unknown>();
  return <T>(build: (graph: ResourceGraph) => T): T => {
    if (!built.has(build)) built.set(build, build(graph));
    return built.get(build) as T;
  };
}

function ask<S>(
  rule: { applies?(subject: S): boolean; check(subject: S): Iterable<Outcome> },
  subject: S,
): readonly Outcome[] | "not applicable" {
  if (rule.applies?.(subject) === false) return "not applicable";
  return [...rule.check(subject)];
}

/** One outcome for each property and verdict: a property that certainly fails is not also an open question. */
function distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
  const place = ({ urn, property }: Outcome) => `${urn ?? ""}\n${property}`;
  const failed = new Set(outcomes.filter(({ verdict }) => verdict === "fail").map(place));
  const seen = new Set<string>();
  return outcomes.filter((outcome) => {
    const key = `${place(outcome)}\n${outcome.verdict}\n${outcome.verdict === "fail" ? outcome.message : ""}`;
    if (seen.has(key) || (outcome.verdict === "undetermined" && failed.has(place(outcome)))) return false;
    seen.add(key);
    return true;
  });
}

function rulesByType(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const index = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const type of rule.types) {
      const list = index.get(type);
      if (list === undefined) index.set(type, [rule]);
      else list.push(rule);
    }
  }
  return index;
}

function passed(rule: Rule, settings: RuleSettings, resource: PlannedResource): Finding {
  const level = settings.level === "disabled" ? "advisory" : settings.level;
  return {
    rule: rule.id,
    level,
    verdict: "pass",
    urn: resource.urn,
    property: "",
    message: rule.title,
    remedy: "",
    controls: controlsOf(rule),
  };
}

function summary(
  rule: Rule,
  settings: ReadonlyMap<Rule, RuleSettings>,
  count: { resources: number; passed: number } | undefined,
  findings: readonly Finding[],
): RuleSummary {
  const own = findings.filter((finding) => finding.rule === rule.id && finding.verdict !== "pass");
  const waived = own.filter(({ waiver }) => waiver !== undefined).length;
  return {
    rule: rule.id,
    title: rule.title,
    level: settings.get(rule)?.level ?? "disabled",
    resources: count?.resources ?? 0,
    passed: count?.passed ?? 0,
    failed: own.filter(({ verdict }) => verdict === "fail").length - waived,
    undetermined: own.filter(({ verdict }) => verdict === "undetermined").length,
    waived,
  };
}

function warningsOf(
  rules: readonly Rule[],
  settings: ReadonlyMap<Rule, RuleSettings>,
  use: WaiverUse,
): readonly string[] {
  const off = rules.filter((rule) => rule.word === "MUST" && settings.get(rule)?.level !== "mandatory");
  return [
    ...off.map(
      (rule) =>
        `rule ${rule.id} is ${settings.get(rule)?.level ?? "disabled"} by configuration, although its requirement says MUST`,
    ),
    ...use.expired.map(
      ({ rule, urn, expires, owner }) => `the waiver of ${rule} for ${urn} (${owner}) expired on ${expires}`,
    ),
    ...use.unused.map(
      ({ rule, urn, owner }) => `the waiver of ${rule} for ${urn} (${owner}) covers nothing any more; delete it`,
    ),
  ];
}
