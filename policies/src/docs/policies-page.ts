import { controlGroups } from "../rule/controls";
import { settingsJsonSchema } from "../rule/policy-config";
import { areaOf, areas, defaultLevel, type Area, type Rule } from "../rule/rule";
import type { ExampleResource, RuleExamples } from "../rule/rule-example";

const areaTitles: Readonly<Record<Area, string>> = {
  NET: "Network exposure",
  TLS: "Encryption in transit",
  ENC: "Encryption at rest",
  AUTH: "Authentication and identity",
  SEC: "Secrets",
  DATA: "Data protection, logging, recovery",
  WRK: "Workloads",
  ENG: "Engine arguments",
  OBS: "Monitoring",
};

/** The documentation of all rules, written from the rules themselves and from the examples that test them. */
export function policiesPage(rules: readonly Rule[], examples: readonly RuleExamples[]): string {
  const mandatory = rules.filter((rule) => defaultLevel(rule) === "mandatory").length;
  const lines = [
    "# The policies",
    "",
    "<!-- Written from the rules by `npm run docs -w policies`. Change the rules, not this page. -->",
    "",
    `${rules.length} rules, ${mandatory} of them mandatory. The same rules run in \`holdfast plan\`, in \`holdfast check\` on any Pulumi program, and in \`pulumi preview --policy-pack policies\`.`,
    "",
    "A verdict is **pass**, **fail** or **undetermined**. Undetermined means that the plan does not hold the answer, because a value is known only after deployment; it never counts as a pass and by default does not block. The setting `onUnknown` of each rule (`warn`, `fail`, `ignore`) changes that.",
    "",
    "The level follows the words of RFC 2119: what a requirement says MUST be is mandatory and blocks, what SHOULD be is advisory. A rule is changed in the file that `--policy-pack-config` takes:",
    "",
    "```json",
    '{ "LLM-NET-009": { "enforcementLevel": "mandatory", "approvedEdges": ["edge"] }, "LLM-TLS-004": "disabled" }',
    "```",
    "",
    "A violation that is acceptable for now gets a waiver: one rule, one resource, a reason, an owner, a ticket and a last day. After that day it is a violation again; a waiver that nothing needs is reported.",
    "",
    "```yaml",
    "waivers:",
    "  - rule: LLM-NET-009",
    '    urn: "urn:pulumi:prod::shop::aws:lb/loadBalancer:LoadBalancer::edge"',
    "    reason: the approved public edge, reviewed by security",
    "    owner: platform",
    "    ticket: SEC-123",
    '    created: "2026-11-01"',
    '    expires: "2027-05-01"',
    "```",
    "",
    "| rule | level | what is true of a good plan |",
    "| --- | --- | --- |",
    ...rules.map((rule) => `| [${rule.id}](#${rule.id.toLowerCase()}) | ${defaultLevel(rule)} | ${rule.title} |`),
    "",
    ...areas.flatMap((area) => areaLines(area, rules, examples)),
    "## Controls",
    "",
    "Which controls a group of rules helps to show. This is an aid for auditors and not a statement of compliance; the rows for workload, residency, engine and minimisation and the whole ISO column are our own reading and need the review of a qualified person.",
    "",
    "| group | controls |",
    "| --- | --- |",
    ...Object.entries(controlGroups).map(([group, controls]) => `| ${group} | ${controls.join(", ")} |`),
    "",
  ];
  return lines.join("\n");
}

function areaLines(area: Area, rules: readonly Rule[], examples: readonly RuleExamples[]): readonly string[] {
  const own = rules.filter((rule) => areaOf(rule) === area);
  return own.length === 0
    ? []
    : [
        `## ${areaTitles[area]}`,
        "",
        ...own.flatMap((rule) =>
          ruleLines(
            rule,
            examples.find((entry) => entry.rule === rule.id),
          ),
        ),
      ];
}

function ruleLines(rule: Rule, examples: RuleExamples | undefined): readonly string[] {
  const settings = Object.entries(settingsJsonSchema(rule)).filter(([name]) => name !== "onUnknown");
  const failing = examples?.fail[0];
  return [
    `<a id="${rule.id.toLowerCase()}"></a>`,
    "",
    `### ${rule.id}: ${rule.title}`,
    "",
    `**${defaultLevel(rule)}** (${rule.word}: ${rule.source.join(", ")}), ${rule.scope === "resource" ? "judges each resource before it is made" : "judges the whole graph"}, controls: ${rule.controls}${rule.owasp === undefined ? "" : `, OWASP LLM 2026 ${rule.owasp.join(", ")}`}.`,
    "",
    `Looks at ${rule.looksAt}.`,
    "",
    rule.doc,
    "",
    `To do: ${rule.remedy}.`,
    "",
    ...(rule.anchors.length === 0
      ? ["No other tool has this rule.", ""]
      : [`Nearest rules elsewhere: ${rule.anchors.join(", ")}.`, ""]),
    ...(settings.length === 0
      ? []
      : [
          "| setting | default |",
          "| --- | --- |",
          ...settings.map(
            ([name, schema]) => `| \`${name}\` | \`${JSON.stringify((schema as { default?: unknown }).default)}\` |`,
          ),
          "",
        ]),
    ...(failing === undefined
      ? []
      : [`A plan that fails (${failing.name}):`, "", "```json", ...failing.resources.map(exampleLine), "```", ""]),
  ];
}

function exampleLine({ type, name, inputs, outputs, protect }: ExampleResource): string {
  return JSON.stringify({
    type,
    name,
    ...(inputs === undefined ? {} : { inputs }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(protect === undefined ? {} : { protect }),
  })
    .replaceAll(/\{"referenceTo":"([^"]+)"\}/g, '"<output of $1>"')
    .replaceAll("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "<unknown>");
}
