/**
 * Which controls of which frameworks a group of rules helps to show. It is an aid for auditors: infrastructure supports a control,
 * it never proves one. The rows for workloads, residency, engines and retention, and the whole ISO column, are a reading of the
 * texts that a qualified person must review before relying on it; the rest follows the framework files of Prowler (2026-08).
 */
export const controlGroups = {
  exposure: group(
    ["CC6.1", "CC6.6"],
    ["164.308(a)(1)(ii)(B)", "164.312(a)(1)", "164.312(e)(1)"],
    ["1.2.8", "1.3.1", "1.3.2", "1.4.2"],
    ["25", "32"],
    ["8.20", "8.21", "8.22"],
  ),
  transit: group(["CC6.6", "CC6.7"], ["164.312(e)(1)", "164.312(e)(2)(i)"], ["2.2.7", "4.2.1"], ["32"], ["8.24"]),
  rest: group(["CC6.7", "PI1.5"], ["164.312(a)(2)(iv)", "164.312(e)(2)(ii)"], ["3.5.1", "3.7.4"], ["32"], ["8.24"]),
  identity: group(
    ["CC6.3"],
    ["164.308(a)(3)", "164.308(a)(4)", "164.312(a)(1)"],
    ["7.2.1", "7.2.2"],
    ["25"],
    ["5.15", "5.16", "5.18", "8.2", "8.3"],
  ),
  secrets: group(["CC6.1", "CC6.7"], ["164.312(a)(1)", "164.312(d)"], ["3.3.2", "8.3.2", "8.6.2"], ["32"], ["5.17"]),
  workload: group(["CC6.8", "CC7.1"], ["164.308(a)(5)(ii)(B)"], ["2.2.1", "6.3.3", "11.3.1"], ["32"], ["8.8", "8.9"]),
  logging: group(
    ["CC7.2", "CC7.3"],
    ["164.308(a)(1)(ii)(D)", "164.312(b)"],
    ["10.2.1", "10.3.3", "10.5.1"],
    ["30"],
    ["8.15", "8.16"],
  ),
  minimisation: group(["C1.2"], ["164.316(b)(2)"], ["3.2.1", "10.5.1"], ["5(1)(c)", "5(1)(e)", "25"], ["8.10"]),
  recovery: group(
    ["A1.2", "CC7.5"],
    ["164.308(a)(7)(i)", "164.308(a)(7)(ii)(A)"],
    ["10.3.3"],
    ["32(1)(b)", "32(1)(c)"],
    ["8.13", "8.14"],
  ),
  limits: group(["A1.1", "CC6.6"], ["164.308(a)(1)(ii)(B)"], ["6.4.1", "6.4.2"], ["32"], ["8.20"]),
  residency: group(["C1.1"], [], [], ["44", "45", "46"], ["5.34"]),
  engine: group(
    ["CC6.8", "CC8.1"],
    ["164.308(a)(1)(ii)(B)"],
    ["6.3.2", "6.3.3"],
    ["25", "32"],
    ["5.19", "5.21", "8.19"],
  ),
} as const satisfies Record<string, readonly string[]>;

export type ControlGroup = keyof typeof controlGroups;

/** The controls that a rule speaks to, each with its framework and year, as they appear in findings. */
export function controlsOf(rule: {
  readonly controls: ControlGroup;
  readonly owasp?: readonly string[];
}): readonly string[] {
  return [...controlGroups[rule.controls], ...(rule.owasp ?? []).map((entry) => `OWASP LLM 2026 ${entry}`)];
}

function group(
  soc2: readonly string[],
  hipaa: readonly string[],
  pci: readonly string[],
  gdpr: readonly string[],
  iso: readonly string[],
): readonly string[] {
  return [
    ...soc2.map((id) => `SOC 2 ${id}`),
    ...hipaa.map((id) => `HIPAA ${id}`),
    ...pci.map((id) => `PCI DSS 4.0.1 ${id}`),
    ...gdpr.map((id) => `GDPR Art. ${id}`),
    ...iso.map((id) => `ISO 27001:2022 A.${id}`),
  ];
}
