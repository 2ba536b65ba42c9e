import { areaOf, areas } from "../rule/rule";
import type { RuleSummary } from "../rule/evaluate-policies";
import type { Finding } from "../rule/finding";
import { plainText, resourceName, sortFindings, type CheckResult } from "./check-result";

/**
 * Writes a result as JUnit XML: a suite per area with a case per rule, and a suite for the exposure proof with a case per endpoint. A
 * case fails when something blocks; advisory violations are its output; a rule with only open questions is skipped, which readers
 * of JUnit show apart from a pass.
 */
export function junitReport(result: CheckResult): string {
  const { blocking, advisory, open, waived } = sortFindings(result);
  const suites = areas.flatMap((area) => {
    const rules = result.rules.filter(({ rule, level }) => areaOf({ id: rule }) === area && level !== "disabled");
    return rules.length === 0
      ? []
      : [
          suite(
            `${result.subject}.${area}`,
            rules.map((rule) => ruleCase(result.subject, rule, { blocking, advisory, open, waived })),
          ),
        ];
  });
  const endpoints = result.exposure?.endpoints ?? [];
  const exposure = endpoints.map(({ endpoint, verdict, from, path, unknown }): Case => {
    const name = `${resourceName(endpoint)} is out of reach`;
    const way = (path ?? unknown ?? []).join("\n");
    if (verdict === "exposed")
      return {
        name,
        owner: `${result.subject}.exposure`,
        failure: { message: `can be reached from ${from}`, text: way },
      };
    return verdict === "none"
      ? { name, owner: `${result.subject}.exposure` }
      : { name, owner: `${result.subject}.exposure`, skipped: `cannot be told: ${way}` };
  });
  const all = [...suites, ...(exposure.length > 0 ? [suite(`${result.subject}.exposure`, exposure)] : [])];
  const total = (key: "tests" | "failures" | "skipped") => all.reduce((sum, one) => sum + one[key], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${quoted(`holdfast ${result.subject}`)} tests="${total("tests")}" failures="${total("failures")}" errors="0" skipped="${total("skipped")}">`,
    ...all.flatMap(({ lines }) => lines),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Case {
  readonly name: string;
  readonly owner: string;
  readonly failure?: { readonly message: string; readonly text: string };
  readonly skipped?: string;
  readonly output?: string;
}

type Sorted = ReturnType<typeof sortFindings>;

function ruleCase(subject: string, { rule, title }: RuleSummary, sorted: Sorted): Case {
  const own = (list: readonly Finding[]) => list.filter((finding) => finding.rule === rule);
  const [blocking, advisory, open, waived] = [
    own(sorted.blocking),
    own(sorted.advisory),
    own(sorted.open),
    own(sorted.waived),
  ];
  const output = [
    ...advisory.map((finding) => `advisory: ${line(finding)}`),
    ...waived.map((finding) => `waived until ${finding.waiver?.expires ?? ""}: ${line(finding)}`),
    ...(blocking.length > 0 ? open : []).map((finding) => `open: ${line(finding)}`),
  ].join("\n");
  const first = blocking[0];
  return {
    name: `${rule} ${title}`,
    owner: `${subject}.${areaOf({ id: rule })}`,
    ...(first === undefined
      ? {}
      : {
          failure: {
            message: blocking.length === 1 ? line(first) : `${blocking.length} violations`,
            text: [...blocking.map(line), `To do: ${first.remedy}`].join("\n"),
          },
        }),
    ...(blocking.length === 0 && advisory.length === 0 && open.length > 0
      ? { skipped: open.map(line).join("; ") }
      : {}),
    ...(output === "" ? {} : { output }),
  };
}

function line({ urn, property, message }: Finding): string {
  return `${resourceName(urn)}${property === "" ? "" : ` ${property}`}: ${message}`;
}

function suite(
  name: string,
  cases: readonly Case[],
): { tests: number; failures: number; skipped: number; lines: readonly string[] } {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  return {
    tests: cases.length,
    failures,
    skipped,
    lines: [
      `  <testsuite name=${quoted(name)} tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">`,
      ...cases.flatMap(caseLines),
      "  </testsuite>",
    ],
  };
}

function caseLines({ name, owner, failure, skipped, output }: Case): readonly string[] {
  const open = `    <testcase name=${quoted(name)} classname=${quoted(owner)}`;
  const body = [
    ...(failure === undefined
      ? []
      : [`      <failure type="violation" message=${quoted(failure.message)}>${escaped(failure.text)}</failure>`]),
    ...(skipped === undefined ? [] : [`      <skipped message=${quoted(skipped)}/>`]),
    ...(output === undefined ? [] : [`      <system-out>${escaped(output)}</system-out>`]),
  ];
  return body.length === 0 ? [`${open}/>`] : [`${open}>`, ...body, "    </testcase>"];
}

function quoted(text: string): string {
  return `"${escaped(plainText(text))}"`;
}

function escaped(text: string): string {
  const clean = text.split("\n").map(plainText).join("\n");
  return clean.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
