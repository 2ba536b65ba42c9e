import { cloudAccount, emptyCloud, type CloudAccount, type RehearsalHome } from "@holdfast/testing";
import type { Terminal } from "../terminal";
import { check, type StepResult } from "./step-result";

/** Deletes what protection and retention have kept in the emulator, so that all that was made is seen to be deletable. */
export async function clearUp(home: RehearsalHome, clock: () => number): Promise<StepResult> {
  const startedMs = clock();
  const { deleted, failed } = await emptyCloud(home);
  const { created, destroyed } = cloudAccount(home.evidence.read());
  return {
    name: "clear up",
    command: "the real provider",
    startedMs,
    durationMs: clock() - startedMs,
    counts: { delete: deleted },
    summary: `${deleted} that were protected or retained are deleted from moto, too: ${destroyed} of ${created} made there are gone`,
    checks: [
      check(
        "what was protected or retained can be deleted",
        failed.length === 0,
        failed.map(({ urn, error }) => `${urn}: ${error}`).join("\n"),
      ),
      check("all that was made in moto is gone", created === destroyed, `${created - destroyed} are still there`),
    ],
    log: "",
    output: "",
  };
}

/** What was real and what was made up, for the terminal. */
export function cloudLines(account: CloudAccount, { colours }: Terminal): string {
  const { resources, madeUp } = account;
  if (resources === 0) return "";
  const lines = [`  aws: ${totals(account)}`];
  for (const { type, count, reason } of madeUp.filter(({ reason: why }) => account.created > 0 || why === "")) {
    lines.push(`    ${colours.yellow("made up:")} ${count} ${type}: ${reason}`);
  }
  return `${lines.join("\n")}\n`;
}

/** In one line. */
function totals({ resources, validated, mapped, planned, created, updated, destroyed }: CloudAccount): string {
  const made =
    created === 0
      ? "none created in an emulator"
      : `${created} created in moto (${share(created, resources)}), ${updated} of them updated, ${destroyed} destroyed again`;
  return `${resources} resources, ${validated} validated by the real provider, ${mapped} mapped whole, ${planned} planned; ${made}`;
}

/** The same for the report. */
export function cloudMarkdown(account: CloudAccount): string[] {
  const { resources, madeUp, unmapped, forgotten } = account;
  if (resources === 0) return [];
  return [
    "## AWS: what was real",
    "",
    "| | resources | share |",
    "| --- | ---: | ---: |",
    ...(Object.keys(accountMeanings) as (keyof typeof accountMeanings)[]).map(
      (name) => `| ${accountMeanings[name]} | ${account[name]} | ${share(account[name], resources)} |`,
    ),
    "",
    ...list(
      "Made up by the structural stand-in",
      madeUp.map(({ type, count, reason }) => `${count} × \`${type}\`: ${reason}`),
    ),
    ...list("Properties newer than this version of the real provider, which it could not judge", tally(unmapped)),
    ...list(
      "Properties that moto was told and does not tell again; changes to them by hand would not be seen",
      tally(forgotten),
    ),
  ];
}

/** What is counted, in the order in which it happens. */
export const accountMeanings = {
  validated: "validated by the real provider's code",
  mapped: "of these with every property in its schema",
  planned: "planned by it",
  created: "created by it in moto, and read back",
  updated: "updated by it in moto",
  destroyed: "destroyed again by it",
} as const;

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}:`, "", ...items.map((item) => `- ${item}`), ""];
}

function tally(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).map(([name, count]) => `${count} × \`${name}\``);
}

/** `97 %`, rounded down: only all is 100 %. */
export function share(part: number, whole: number): string {
  return `${Math.floor((100 * part) / whole)} %`;
}
