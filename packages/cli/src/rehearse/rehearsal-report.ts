import type { CloudAccount, PulumiCli } from "@holdfast/testing";
import { cloudMarkdown } from "./cloud-account";
import { rehearsalPage } from "./html/rehearsal-page";
import { duration } from "./time-line";
import type { StepResult } from "./step-result";

/** A whole rehearsal. */
export interface Rehearsal {
  readonly environment: string;
  readonly cli: PulumiCli;
  /** Parts that were not the real ones, and what that means. */
  readonly standIns: readonly string[];
  /** Official provider plugins that were used, with their versions. */
  readonly official: readonly string[];
  readonly steps: readonly StepResult[];
  /** How many AWS resources were real in which way. */
  readonly cloud: CloudAccount;
  readonly durationMs: number;
}

/** What the files and folders of the report are called. */
export const rehearsalNames: readonly string[] = [
  ...["rehearsal.html", "rehearsal.json", "rehearsal.md"],
  ...["output", "events"],
];

/** Whether everything was as it had to be. */
export function passed({ steps }: Rehearsal): boolean {
  return steps.every(({ checks }) => checks.every(({ ok }) => ok));
}

/** The files of the report, without the engine's logs. */
export function reportFiles(rehearsal: Rehearsal): Map<string, string> {
  const files = new Map([
    ["rehearsal.json", `${JSON.stringify(summary(rehearsal), null, 2)}\n`],
    ["rehearsal.md", markdown(rehearsal)],
    ["rehearsal.html", rehearsalPage(rehearsal)],
  ]);
  for (const { log, output } of rehearsal.steps) if (log !== "") files.set(`output/${log}.txt`, output);
  return files;
}

function summary(rehearsal: Rehearsal) {
  const { environment, cli, standIns, official, steps, cloud, durationMs } = rehearsal;
  return {
    schemaVersion: 1,
    environment,
    passed: passed(rehearsal),
    pulumi: { version: cli.version, origin: cli.origin },
    standIns,
    officialPlugins: official,
    cloud,
    durationMs: Math.round(durationMs),
    steps: steps.map(({ name, command, startedMs, durationMs: time, counts, summary: text, checks, ...more }) => ({
      name,
      command,
      startedMs: Math.round(startedMs),
      durationMs: Math.round(time),
      counts,
      summary: text,
      checks,
      findings: more.findings ?? [],
      details: more.details ?? {},
    })),
  };
}

function markdown(rehearsal: Rehearsal): string {
  const { environment, cli, standIns, official, steps, cloud, durationMs } = rehearsal;
  const bad = steps.flatMap(({ name, checks }) => checks.filter(({ ok }) => !ok).map((one) => ({ name, ...one })));
  const lines = [
    `# Rehearsal of ${environment}: ${passed(rehearsal) ? "passed" : "failed"}`,
    "",
    `Pulumi ${cli.version} (${cli.origin}), ${duration(durationMs)} in all. Nothing was deployed.`,
    "",
    ...(official.length === 0 ? [] : [`Official provider plugins: ${official.join(", ")}.`, ""]),
    "What was not the real thing:",
    ...standIns.map((text) => `- ${text}`),
    "",
    "| step | time | what happened | checks |",
    "| --- | ---: | --- | --- |",
    ...steps.map(({ name, durationMs: time, summary: text, checks }) => {
      const good = checks.filter(({ ok }) => ok).length;
      return `| ${name} | ${duration(time)} | ${cell(text)} | ${good} of ${checks.length} |`;
    }),
    "",
    ...cloudMarkdown(cloud),
    ...findingLines(steps),
    ...(bad.length === 0 ? [] : ["## Not as it had to be", ""]),
    ...bad.flatMap(({ name, what, detail }) => [`- **${name}**: ${what}`, "", "```", detail, "```", ""]),
    ...steps.flatMap(({ name, details }) =>
      Object.entries(details ?? {}).flatMap(([title, urns]) => [
        `<details><summary>${name}: ${title} (${urns.length})</summary>`,
        "",
        ...urns.map((urn) => `- \`${urn}\``),
        "",
        "</details>",
        "",
      ]),
    ),
    "## When a real update is cut off",
    "",
    "A rehearsal ends each update. In real life a machine is switched off or a provider crashes in the middle of a creation, and what AWS was",
    "making in that moment is there without the state knowing it. Look for it before the next `pulumi up`: the commands are in",
    "docs/runbooks/interrupted-update.md of Holdfast, and were run by its tests with this engine after each such fault.",
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** What the policy pack said of the finished environment. */
function findingLines(steps: readonly StepResult[]): string[] {
  const findings = steps.findLast(({ name }) => name === "up" || name === "preview")?.findings ?? [];
  if (findings.length === 0) return [];
  const lines = findings.map(({ policy, level, urn, message }) => `- \`${policy}\` (${level}) ${urn}: ${message}`);
  return ["## Policy findings", "", ...lines.map((line) => line.replaceAll("\n", " ")), ""];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
