import type { z } from "zod";
import type { ExposureReport } from "../exposure";
import type { PlannedResource } from "../graph/planned-resource";
import type { ResourceGraph } from "../graph/resource-graph";
import type { ControlGroup } from "./controls";
import type { Outcome } from "./outcome";
import type { Value } from "./value";

export const areas = ["NET", "TLS", "ENC", "AUTH", "SEC", "DATA", "WRK", "ENG", "OBS"] as const;
export type Area = (typeof areas)[number];
export type RuleId = `LLM-${Area}-${number}`;

/** The words of RFC 2119 that a requirement can use, and the level that each gives a rule. */
export const levelOfWord = { MUST: "mandatory", SHOULD: "advisory", MAY: "off" } as const;
export type ObligationWord = keyof typeof levelOfWord;
export type Level = "mandatory" | "advisory";

/** What a rule is asked about a resource. */
export interface Subject<C> {
  readonly resource: PlannedResource;
  /** The resource's inputs. */
  readonly inputs: Value;
  readonly config: C;
}

/** What a rule that looks beyond one resource also gets. */
export interface GraphSubject<C> extends Subject<C> {
  readonly graph: ResourceGraph;
  /** Builds an index over the graph once and shares it between rules; `build` must be a function defined once. */
  readonly shared: <T>(build: (graph: ResourceGraph) => T) => T;
  /** The exposure proof of the same graph, when it was made. */
  readonly exposure?: ExposureReport;
}

interface RuleFacts<C extends z.ZodObject> {
  readonly id: RuleId;
  /** The rule as a sentence that is true of a good plan. */
  readonly title: string;
  /** Decides the level, by the words of RFC 2119. */
  readonly word: ObligationWord;
  /** Where the obligation comes from: ids of requirements. */
  readonly source: readonly string[];
  /** What it looks at, in a sentence. */
  readonly looksAt: string;
  /** What to do about a violation. */
  readonly remedy: string;
  readonly controls: ControlGroup;
  /** OWASP Top 10 for LLM applications 2026, for example `LLM04`. */
  readonly owasp?: readonly string[];
  /** The nearest rules of other tools, for comparison; empty when nobody has one. */
  readonly anchors: readonly string[];
  /** Why the rule exists and where its limits are. Shown in the documentation. */
  readonly doc: string;
  /** Type tokens of the resources it is asked about. */
  readonly types: ReadonlySet<string>;
  /** The rule's own settings, all with defaults. */
  readonly config?: C;
}

/** A rule that judges each resource by itself: it can stop a deployment before that resource is made. */
export interface ResourceRule<C extends z.ZodObject = z.ZodObject> extends RuleFacts<C> {
  readonly scope: "resource";
  /** Whether the rule has anything to say about this resource. @default always */
  applies?(subject: Subject<z.output<C>>): boolean;
  check(subject: Subject<z.output<C>>): Iterable<Outcome>;
}

/** A rule that needs the whole graph: it decides at preview, and after the deployment. */
export interface GraphRule<C extends z.ZodObject = z.ZodObject> extends RuleFacts<C> {
  readonly scope: "graph";
  applies?(subject: GraphSubject<z.output<C>>): boolean;
  check(subject: GraphSubject<z.output<C>>): Iterable<Outcome>;
}

export type Rule = ResourceRule | GraphRule;

/** Writes down a rule that looks at one resource at a time. */
export function resourceRule<C extends z.ZodObject>(rule: Omit<ResourceRule<C>, "scope">): Rule {
  return { ...rule, scope: "resource" } as unknown as ResourceRule;
}

/** Writes down a rule that looks at the whole graph. */
export function graphRule<C extends z.ZodObject>(rule: Omit<GraphRule<C>, "scope">): Rule {
  return { ...rule, scope: "graph" } as unknown as GraphRule;
}

export function areaOf(rule: Pick<Rule, "id">): Area {
  return rule.id.split("-")[1] as Area;
}

/** The level a rule has unless the configuration says otherwise; `off` for a MAY. */
export function defaultLevel(rule: Pick<Rule, "word">): Level | "off" {
  return levelOfWord[rule.word];
}
