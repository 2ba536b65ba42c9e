import { createHash } from "node:crypto";
import { controlsOf } from "../rule/controls";
import { fingerprint, type Finding } from "../rule/finding";
import { defaultLevel, type Rule } from "../rule/rule";
import { allRules } from "../rules/all-rules";
import { plainText, type CheckResult } from "./check-result";

/** A SARIF 2.1.0 log, as far as this report fills it. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly Readonly<Record<string, unknown>>[];
}

const exposureRule = "LLM-EXPOSURE";

/**
 * Writes a result as SARIF. Results are recognised across runs by resource, rule and property, never by a line. Waived violations are
 * suppressed results; open questions have the kind `open`; what passed is counted in the run's properties.
 */
export function sarifReport(result: CheckResult): SarifLog {
  const findings = result.findings.filter(({ verdict }) => verdict !== "pass");
  const exposed = (result.exposure?.endpoints ?? []).filter(({ verdict }) => verdict !== "none");
  const used = allRules.filter(
    ({ id }) => result.rules.some(({ rule }) => rule === id) || findings.some(({ rule }) => rule === id),
  );
  const descriptors = [
    ...used.map((rule) => descriptor(rule, result.documentation)),
    ...(exposed.length > 0 ? [exposureDescriptor] : []),
  ];
  const index = new Map(descriptors.map(({ id }, position) => [id, position]));
  const file = result.file ?? "Pulumi.yaml";
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Holdfast", semanticVersion: result.version, rules: descriptors } },
        automationDetails: { id: `holdfast/${result.subject}/` },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { description: { text: "The root of the repository." } } },
        results: [
          ...findings.map((finding) => ({
            ruleId: finding.rule,
            ruleIndex: index.get(finding.rule) ?? -1,
            ...kindAndLevel(finding),
            message: {
              text: plainText(`${finding.message}. ${finding.remedy === "" ? "" : `To do: ${finding.remedy}.`}`.trim()),
            },
            locations: [location(file, finding.urn, finding.property)],
            partialFingerprints: { "resourceRuleProperty/v1": fingerprint(finding) },
            ...(finding.waiver === undefined
              ? {}
              : {
                  suppressions: [
                    {
                      kind: "external",
                      status: "accepted",
                      justification: plainText(
                        `${finding.waiver.reason} (${finding.waiver.owner}, ${finding.waiver.ticket}, until ${finding.waiver.expires})`,
                      ),
                    },
                  ],
                }),
            properties: { controls: finding.controls, property: finding.property, urn: finding.urn },
          })),
          ...exposed.map((endpoint) => ({
            ruleId: exposureRule,
            ruleIndex: index.get(exposureRule) ?? -1,
            ...(endpoint.verdict === "exposed" ? { kind: "fail", level: "error" } : { kind: "open", level: "none" }),
            message: {
              text: plainText(
                `${endpoint.verdict === "exposed" ? `can be reached from ${endpoint.from}` : `whether it can be reached from ${endpoint.from} cannot be told`}: ${(endpoint.path ?? endpoint.unknown ?? []).join(" -> ")}`,
              ),
            },
            locations: [location(file, endpoint.endpoint, "")],
            partialFingerprints: {
              "resourceRuleProperty/v1": createHash("sha256")
                .update(`${endpoint.endpoint}\n${exposureRule}\n${endpoint.from}`)
                .digest("hex"),
            },
          })),
        ],
        properties: {
          subject: result.subject,
          exposure: result.exposure?.verdict ?? "not proven",
          rules: result.rules.map(({ rule, level, resources, passed, failed, undetermined, waived }) => ({
            rule,
            level,
            resources,
            passed,
            failed,
            undetermined,
            waived,
          })),
          ...(result.warnings === undefined ? {} : { warnings: result.warnings }),
        },
      },
    ],
  };
}

function descriptor(rule: Rule, documentation: string | undefined) {
  return {
    id: rule.id as string,
    name: rule.title,
    shortDescription: { text: `${rule.title}.` },
    fullDescription: { text: rule.doc },
    help: {
      text: `${rule.doc}\n\nWhat to do: ${rule.remedy}.`,
      markdown: `${rule.doc}\n\n**What to do:** ${rule.remedy}.`,
    },
    ...(documentation === undefined ? {} : { helpUri: `${documentation}#${rule.id.toLowerCase()}` }),
    defaultConfiguration: { level: defaultLevel(rule) === "mandatory" ? "error" : "warning" },
    properties: {
      tags: ["security", ...controlsOf(rule)],
      precision: "high",
      "problem.severity": defaultLevel(rule) === "mandatory" ? "error" : "warning",
    },
  };
}

const exposureDescriptor = {
  id: exposureRule,
  name: "Nobody outside reaches an endpoint",
  shortDescription: { text: "Nobody outside reaches an endpoint." },
  fullDescription: {
    text: "A search over the whole graph for a way from the internet, or from a client network, to each endpoint.",
  },
  help: { text: "Close one of the hops of the path.", markdown: "Close one of the hops of the path." },
  defaultConfiguration: { level: "error" },
  properties: { tags: ["security"], precision: "high", "problem.severity": "error" },
};

/** Only a violation has a level in SARIF; an open question has none. */
function kindAndLevel({ verdict, level }: Finding): { kind: string; level: string } {
  if (verdict === "undetermined") return { kind: "open", level: "none" };
  return { kind: "fail", level: level === "mandatory" ? "error" : "warning" };
}

function location(file: string, urn: string, property: string): Readonly<Record<string, unknown>> {
  return {
    physicalLocation: { artifactLocation: { uri: encodeURI(file), uriBaseId: "SRCROOT" }, region: { startLine: 1 } },
    logicalLocations: [
      {
        fullyQualifiedName: property === "" ? urn : `${urn}#${property}`,
        name: urn.slice(urn.lastIndexOf("::") + 2),
        kind: "resource",
      },
    ],
  };
}
