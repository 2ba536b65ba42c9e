import type { Policies, ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Problem } from "@holdfast/core";
import { z } from "zod";
import { ResourceGraph } from "../graph/resource-graph";
import { families, union } from "../rule/families";
import { judge, sharedIndexes, toFindings, type JudgeContext } from "../rule/evaluate-policies";
import type { Finding } from "../rule/finding";
import {
  PolicyConfigError,
  resolveConfig,
  ruleSettings,
  settingsJsonSchema,
  type PolicyConfig,
  type RuleSettings,
} from "../rule/policy-config";
import type { Outcome } from "../rule/outcome";
import { readRunSettings, runSettingsProblems, runSettingsSchema } from "../rule/run-settings";
import { areaOf, defaultLevel, type Rule } from "../rule/rule";
import { allRules } from "../rules/all-rules";
import { applyWaivers } from "../waivers/apply-waivers";
import { hasNamelessImage } from "../workloads/pulled-images";
import { PackSession } from "./pack-session";

type AnyPolicy = ResourceValidationPolicy & StackValidationPolicy;

/** What a component registers as outputs is known at the end only, and so is what a container runs that names a pull. */
const judgedLate = union(families.modelFleet, families.dockerContainer, families.dockerService);

/**
 * The rules as policies of Pulumi. A rule that looks at one resource runs before that resource is made; a rule over the graph runs when
 * all are known. The first policy reads the pack's own settings and builds the graph, the last one looks after waivers.
 */
export function packPolicies(
  rules: readonly Rule[] = allRules,
  session = new PackSession(),
  today = () => new Date().toISOString().slice(0, 10),
): Policies {
  return [first(rules, session), ...rules.map((rule) => policyOf(rule, session, today)), last(session, today)];
}

/** What is wrong with the configuration of a run, every problem of it; `undefined` when nothing is. */
export function configurationProblem(config: PolicyConfig): string | undefined {
  const problems: Problem[] = [];
  try {
    resolveConfig(allRules, config);
  } catch (error) {
    if (!(error instanceof PolicyConfigError)) throw error;
    problems.push(...error.problems);
  }
  problems.push(...runSettingsProblems(config.holdfast));
  return problems.length === 0 ? undefined : new PolicyConfigError(problems).message;
}

function policyOf(rule: Rule, session: PackSession, today: () => string): AnyPolicy {
  const level = defaultLevel(rule);
  let last: { readonly text: string; readonly settings: RuleSettings } | undefined;
  const settingsOf = (config: Record<string, unknown>): RuleSettings => {
    // One configuration holds for a whole run; to check it is more work than to judge a resource.
    const text = JSON.stringify(config);
    if (last?.text === text) return last.settings;
    const problems: Problem[] = [];
    const settings = ruleSettings(rule, config, problems);
    if (problems.length > 0) throw new PolicyConfigError(problems);
    // The SDK applies the level itself, so what matters here is only that the rule is on.
    last = { text, settings: { ...settings, level: level === "off" ? "advisory" : level } };
    return last.settings;
  };
  const run = (
    context: Omit<JudgeContext, "settings">,
    settings: RuleSettings,
    report: ReportViolation,
    // A resource that is judged twice: first what is certain without the others, then the rest.
    part: "certain" | "rest" | "all" = "all",
  ): void => {
    const outcomes = judge(rule, { ...context, settings });
    if (outcomes === "not applicable") return;
    const said = ({ verdict, property, message }: Outcome) =>
      [rule.id, context.resource.urn, verdict, property, message].join("\n");
    const now = outcomes.filter((outcome) =>
      part === "certain" ? outcome.verdict === "fail" : !(part === "rest" && session.told.has(said(outcome))),
    );
    if (part === "certain") for (const outcome of now) session.told.add(said(outcome));
    const findings = toFindings(rule, settings, context.resource, now);
    session.violations.push(...findings);
    for (const finding of applyWaivers(findings, session.waivers, today()).findings) tell(rule, finding, report);
  };
  return {
    name: rule.id,
    description: rule.title,
    displayName: rule.title,
    enforcementLevel: level === "off" ? "disabled" : level,
    severity: level === "mandatory" ? "high" : "medium",
    tags: [areaOf(rule)],
    remediationSteps: rule.remedy,
    configSchema: { properties: settingsJsonSchema(rule) as never },
    ...(rule.scope === "resource" && {
      validateResource: async (
        args: Parameters<
          NonNullable<Extract<ResourceValidationPolicy["validateResource"], (...all: never[]) => unknown>>
        >[0],
        report: ReportViolation,
      ) => {
        if (!rule.types.has(args.type)) return;
        const resource = await session.resource(args);
        const graph = new ResourceGraph([resource]);
        const part = hasNamelessImage(resource) ? "certain" : "all";
        run({ resource, graph, shared: sharedIndexes(graph) }, settingsOf(args.getConfig()), report, part);
      },
    }),
    ...((rule.scope === "graph" || [...judgedLate].some((type) => rule.types.has(type))) && {
      validateStack: async (args: Parameters<StackValidationPolicy["validateStack"]>[0], report: ReportViolation) => {
        const types = rule.scope === "graph" ? rule.types : judgedLate;
        if (!args.resources.some(({ type }) => types.has(type) && rule.types.has(type))) return;
        const { graph, shared, exposure, nameless } = await session.view(args.resources);
        const settings = settingsOf(args.getConfig());
        for (const resource of graph.ofType(types)) {
          const late = rule.scope === "graph" || families.modelFleet.has(resource.type);
          if (!rule.types.has(resource.type) || !(late || nameless.has(resource.urn))) continue;
          run(
            { resource, graph, shared, ...(rule.id === "LLM-NET-024" ? { exposure: exposure() } : {}) },
            settings,
            report,
            late ? "all" : "rest",
          );
        }
      },
    }),
  } as AnyPolicy;
}

/** Reports a finding: a violation at the rule's level, everything else as advice. */
function tell(rule: Rule, finding: Finding, report: ReportViolation): void {
  const where = finding.property === "" ? "" : `${finding.property}: `;
  const message = `${where}${finding.message}. To do: ${finding.remedy}.`;
  if (finding.verdict === "fail" && finding.waiver === undefined) report(message, finding.urn);
  else
    advise(
      report,
      rule.id,
      `${rule.title}\n${finding.waiver === undefined ? `undetermined: ${message}` : `waived until ${finding.waiver.expires} (${finding.waiver.reason}; ${finding.waiver.owner}, ${finding.waiver.ticket}): ${message}`}`,
      finding.urn,
    );
}

/**
 * Reports a note that never blocks, whatever the level of its policy. The SDK takes an object at run time that its types do not
 * show; a test holds it to that.
 */
function advise(report: ReportViolation, name: string, message: string, urn?: string): void {
  (report as unknown as (violation: Readonly<Record<string, string>>) => void)({
    name,
    message,
    description: message,
    enforcementLevel: "advisory",
    severity: "low",
    ...(urn === undefined ? {} : { urn }),
  });
}

function first(rules: readonly Rule[], session: PackSession): AnyPolicy {
  const configure = (config: Record<string, unknown>): void => {
    const { waivers, exposure } = readRunSettings(
      config,
      rules.map(({ id }) => id),
    );
    session.waivers = waivers;
    session.exposureOptions = exposure;
  };
  return {
    name: "holdfast",
    description: "Settings of the pack: waivers, client networks, approved edges.",
    enforcementLevel: "advisory",
    configSchema: { properties: (z.toJSONSchema(runSettingsSchema, { io: "input" }).properties ?? {}) as never },
    validateResource: async (args) => {
      configure(args.getConfig());
      await session.note(args);
    },
    validateStack: async (args) => {
      configure(args.getConfig());
      await session.begin(args.resources);
    },
  };
}

function last(session: PackSession, today: () => string): StackValidationPolicy {
  return {
    name: "holdfast-waivers",
    description: "Waivers are in force and needed.",
    enforcementLevel: "advisory",
    validateStack: (_, report) => {
      const { use } = applyWaivers(session.violations, session.waivers, today());
      for (const { rule, urn, owner, expires } of use.expired)
        report(`the waiver of ${rule} for ${urn} (${owner}) expired on ${expires}`);
      for (const { rule, urn, owner } of use.unused)
        report(`the waiver of ${rule} for ${urn} (${owner}) covers nothing any more; delete it`);
      session.end();
    },
  };
}
