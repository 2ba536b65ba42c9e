import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createStack,
  expectDone,
  readStackConfig,
  RehearsalHome,
  runPulumi,
  type StackState,
  type StateResource,
} from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { planEnvironment } from "@holdfast/cli";
import { environments } from "../planned-environments";
import { root } from "../project-copy";
import { realEngine } from "./real-engine";

/** What a stack of the last recorded version holds. `record-state.mjs` makes these files. */
function recorded(environment: string): { file: string; resources: readonly StateResource[] } {
  const file = join(__dirname, `recorded/${environment}.json`);
  const { deployment } = JSON.parse(readFileSync(file, "utf8")) as StackState;
  return { file, resources: deployment.resources ?? [] };
}

describe.each(environments)("a stack of the previous version: %s", (environment) => {
  const { file, resources } = recorded(environment);
  const stateful = resources.filter(({ protect }) => protect === true);

  it("holds something to lose", () => {
    expect(stateful.length).toBeGreaterThan(20);
  });

  it("finds every stateful resource under its old URN or an alias of it", async () => {
    const { graph } = await planEnvironment(root, environment);
    const known = new Set(graph.resources.flatMap(({ urn, aliases }) => [urn, ...(aliases ?? [])]));
    expect(stateful.map(({ urn }) => urn).filter((urn) => !known.has(urn))).toEqual([]);
  });

  it("is previewed by the real engine without replacing or deleting anything stateful", async (context) => {
    const home = new RehearsalHome(await realEngine(context), readStackConfig(root, environment));
    context.onTestFinished(() => {
      home.remove();
    });
    await createStack(home);
    const here = join(home.folder, "recorded.json");
    writeFileSync(here, readFileSync(file, "utf8").replaceAll("/rehearsal/", `${home.folder}/`));
    const stack = ["--stack", home.stack];
    await expectDone(runPulumi(home, ["stack", "import", "--file", here, ...stack]));
    const preview = await expectDone(runPulumi(home, ["preview", ...stack], { log: "preview" }));
    const urns = new Set(stateful.map(({ urn }) => urn));
    const steps = preview.events.begun.filter(({ urn }) => urns.has(urn));
    expect(new Set(steps.map(({ urn }) => urn)).size).toBe(urns.size);
    expect(steps.filter(({ operation }) => !["same", "update"].includes(operation))).toEqual([]);
  });
});
