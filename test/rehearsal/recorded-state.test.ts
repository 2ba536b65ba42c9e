import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  createStack,
  expectDone,
  readStackConfig,
  RehearsalHome,
  runPulumi,
  type ResourceStep,
  type StackState,
} from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { planEnvironment } from "@holdfast/cli";
import { environments } from "../planned-environments";
import { root } from "../project-copy";
import { realEngine } from "./real-engine";

/** The whole state of a stack of the last recorded version. `record-state.mjs` makes these files. */
function recorded(environment: string): string {
  return gunzipSync(readFileSync(join(__dirname, `recorded/${environment}.json.gz`))).toString();
}

/** A host's file is a new object under a new key when its content changes. Everything else keeps its identity. */
const replaceable = new Set(["aws:s3/bucketObjectv2:BucketObjectv2"]);
const kept = (steps: readonly ResourceStep[]) =>
  steps
    .filter(({ type, operation }) => !replaceable.has(type) && /replace|delete|discard/.test(operation))
    .map(({ operation, urn, replacing }) => `${operation} ${urn} (${replacing.join(", ")})`);

describe.each(environments)("a stack of the previous version: %s", (environment) => {
  const text = recorded(environment);
  const resources = (JSON.parse(text) as StackState).deployment.resources ?? [];
  const stateful = resources.filter(({ protect }) => protect === true);

  it("holds something to lose", () => {
    expect(resources.length).toBeGreaterThan(300);
    expect(stateful.length).toBeGreaterThan(20);
  });

  it("finds every stateful resource under its old URN or an alias of it", async () => {
    const { graph } = await planEnvironment(root, environment);
    const known = new Set(graph.resources.flatMap(({ urn, aliases }) => [urn, ...(aliases ?? [])]));
    expect(stateful.map(({ urn }) => urn).filter((urn) => !known.has(urn))).toEqual([]);
  });

  it("is previewed by the real engine without replacing or deleting anything but files of hosts", async (context) => {
    const home = new RehearsalHome(await realEngine(context), readStackConfig(root, environment));
    context.onTestFinished(() => {
      home.remove();
    });
    await createStack(home);
    const here = join(home.folder, "recorded.json");
    writeFileSync(here, text.replaceAll("/rehearsal/", `${home.folder}/`));
    const stack = ["--stack", home.stack];
    await expectDone(runPulumi(home, ["stack", "import", "--file", here, ...stack]));
    const preview = (log: string) => expectDone(runPulumi(home, ["preview", ...stack], { log, knownProgram: true }));

    const today = await preview("today");
    const seen = new Set(today.events.begun.map(({ urn }) => urn));
    expect(stateful.filter(({ urn }) => !seen.has(urn)).map(({ urn }) => urn)).toEqual([]);
    expect(kept(today.events.begun)).toEqual([]);

    // One word of the document reaches every timeout and every drain from the client to the engine.
    const config = home.readConfig() as Record<string, { longestResponse: string }>;
    const document = config["holdfast:environment"];
    expect(document?.longestResponse).toMatch(/^\d+ minutes$/);
    home.writeConfig({ ...config, "holdfast:environment": { ...document, longestResponse: "15 minutes" } });
    const longer = await preview("longer");
    expect(
      longer.events.begun.some(({ type, operation }) => type.includes("lifecycleHook") && operation === "update"),
    ).toBe(true);
    expect(kept(longer.events.begun)).toEqual([]);
  });
});
