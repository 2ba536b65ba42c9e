import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "@holdfast/cli";
import pico from "picocolors";
import { expect, it } from "vitest";
import { realEngine } from "./real-engine";

interface Report {
  readonly standIns: readonly string[];
  readonly steps: readonly {
    readonly name: string;
    readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
  }[];
}

// One rehearsal of a program that is careless in every place that is searched.
it("a secret is found in the state, in what is printed, in the events, in a deployed file and in user data", async (context) => {
  await realEngine(context);
  const out = mkdtempSync(join(tmpdir(), "holdfast-secrets-"));
  context.onTestFinished(() => {
    rmSync(out, { recursive: true, force: true });
  });
  // The policies would stop it before anything is made: what they cannot see, because it is known only then, is what this is about.
  const blocking = ["AUTH-008", "SEC-001", "NET-014", "TLS-006", "ENC-001", "DATA-007"];
  const policies = join(out, "policies.yaml");
  writeFileSync(policies, blocking.map((rule) => `LLM-${rule}: advisory\n`).join(""));
  let text = "";
  const write = (more: string) => (text += more);
  const code = await run(
    ["node", "holdfast", "rehearse", "everywhere", "--cloud", "structural"].concat(
      ...["--cwd", join(__dirname, "programs/secrets"), "--out", out, "--config", policies],
    ),
    { out: write, err: write, colours: pico.createColors(false), progress: () => undefined },
  );
  const report = JSON.parse(readFileSync(join(out, "rehearsal.json"), "utf8")) as Report;
  const failed = report.steps.flatMap(({ name, checks }) =>
    checks.filter(({ ok }) => !ok).map(({ what, detail }) => ({ name, what, detail })),
  );
  expect(failed.map(({ name, what }) => `${name}: ${what}`)).toEqual(["secrets: no secret is in clear"]);
  expect(code, text).toBe(1);
  const places = failed[0]?.detail.split("\n") ?? [];
  const password = "rehearsed-secrets:password";
  const nested = "rehearsed-secrets:nested";
  for (const place of [
    `${nested} in output of up`,
    `${nested} in events/02-up.jsonl`,
    `${password} in content of urn:pulumi:everywhere::rehearsed-secrets::aws:s3/bucketObjectv2:BucketObjectv2::script`,
    `${nested} in userData of urn:pulumi:everywhere::rehearsed-secrets::aws:ec2/launchTemplate:LaunchTemplate::hosts`,
  ])
    expect(places).toContain(place);
  // What the program itself takes the mark of a secret from is in clear in the state, and in what is kept of it.
  const inState = places.filter((place) => place.includes(" in state/"));
  expect(inState.some((place) => place.startsWith(`${password} in state/.pulumi/stacks/`))).toBe(true);
  // What is encrypted is not in clear, and the stores that are made for secrets are no such places.
  expect(inState.filter((place) => !place.startsWith(password))).toEqual([]);
  expect(places.filter((place) => /secretsmanager|ssm/.test(place))).toEqual([]);
  expect(places.filter((place) => place.startsWith(password) && !inState.includes(place))).toHaveLength(1);
  expect(report.standIns.some((one) => one.startsWith("aws: "))).toBe(true);
});
