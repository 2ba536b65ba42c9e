import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { reportFiles, type Rehearsal } from "../../packages/cli/src/rehearse/rehearsal-report";
import type { StepResult } from "../../packages/cli/src/rehearse/step-result";
import { root } from "../project-copy";

const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

const urn = (type: string, name: string) => `urn:pulumi:prod::holdfast::${type}::${name}`;
const step = (name: string, startedMs: number, durationMs: number, more: Partial<StepResult> = {}): StepResult => ({
  name,
  command: `pulumi ${name}`,
  startedMs,
  durationMs,
  counts: {},
  summary: `${name} went as it had to`,
  checks: [{ what: "pulumi ended well", ok: true, detail: "" }],
  log: `0${name.length}-${name}`,
  output: "",
  ...more,
});
const finding = { policy: "LLM-NET-001", level: "advisory", urn: urn("aws:ec2/vpc:Vpc", "open"), message: "<b>&" };
const good: Rehearsal = {
  environment: "prod",
  cli: { file: "/usr/bin/pulumi", version: "3.259.0", origin: "cache", hasLanguageHost: false },
  standIns: ["aws: made up: all of it", "language host: ours"],
  official: ["random 4.18.2"],
  steps: [
    step("preview", 2000, 20_000, { findings: [finding] }),
    step("up", 22_500, 130_000, { counts: { create: 563 }, findings: [finding] }),
    step("update", 160_000, 45_000, {
      details: {
        changed: ["create-replacement", "delete-replaced", "replace"]
          .map((operation) => `${operation} ${urn("aws:s3/bucketObjectv2:BucketObjectv2", "file")}`)
          .concat(`update ${urn("aws:lb/listener:Listener", "edge")}`),
      },
    }),
    step("destroy", 210_000, 80_000, {
      details: { "protected, still there": [urn("aws:s3/bucket:Bucket", "models")], "needed by these": [] },
    }),
  ],
  cloud: {
    resources: 563,
    validated: 563,
    mapped: 518,
    planned: 563,
    created: 551,
    updated: 6,
    destroyed: 551,
    madeUp: [{ type: "aws:s3/bucketPolicy:BucketPolicy", count: 5, reason: "moto reads it in another way" }],
    unmapped: { region: 41 },
    forgotten: {},
  },
  durationMs: 300_000,
};
const bad: Rehearsal = {
  ...good,
  steps: good.steps.map((one) =>
    one.name === "update"
      ? { ...one, checks: [{ what: "nothing stateful is replaced", ok: false, detail: "replace the bucket" }] }
      : one,
  ),
};
const page = (rehearsal: Rehearsal) => reportFiles(rehearsal).get("rehearsal.html") ?? "";

describe("rehearsal.html", () => {
  it("is one page that loads nothing and runs nothing, and takes no markup from what is shown", () => {
    expect(page(good)).not.toMatch(/<script|<link|<iframe|@import|url\(http|src="http|<b>&/);
    expect(page(good)).toContain("default-src 'none'");
  });

  it("says first what was not as it had to be", () => {
    expect(page(good)).not.toContain('id="failures"');
    expect(page(bad)).toMatch(/id="failures".*nothing stateful is replaced.*replace the bucket.*id="steps"/s);
    expect(page(bad)).toContain('<div class="value bad">failed</div>');
  });

  it.skipIf(chromiumPath === undefined).each(["light", "dark"] as const)(
    "shows in Chromium, %s, when each step ran, what was real and what remains",
    async (colorScheme) => {
      const browser = await chromium.launch({
        executablePath: chromiumPath ?? "",
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
      });
      try {
        const shown = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
        const faults: string[] = [];
        shown.on("console", (message) => {
          if (message.type() === "error") faults.push(message.text());
        });
        shown.on("pageerror", (error) => faults.push(error.message));
        const folder = join(root, "out/test-report");
        mkdirSync(folder, { recursive: true });
        const file = join(folder, `rehearsal-${colorScheme}.html`);
        writeFileSync(file, page(bad));
        await shown.goto(pathToFileURL(file).href);

        // The picture: a bar a step, to scale and in the order in which they ran, the failed one in another colour.
        const bars = await shown.locator(".diagram .step rect").evaluateAll((rects) =>
          rects.map((rect) => {
            const { left, width } = rect.getBoundingClientRect();
            return { left, width, colour: getComputedStyle(rect).fill };
          }),
        );
        expect(bars).toHaveLength(bad.steps.length);
        expect([...bars].sort((a, b) => a.left - b.left)).toEqual(bars);
        const [preview, up, update] = bars;
        expect((up?.width ?? 0) / (preview?.width ?? 1)).toBeCloseTo(6.5, 0);
        expect(update?.colour).not.toBe(up?.colour);

        const text = await shown.locator("main").innerText();
        for (const said of [
          "the official plugins random 4.18.2.",
          "563 resources",
          "97 % created in moto, 551 of 551 destroyed again",
          "1 advisory",
        ])
          expect(text).toContain(said);
        expect(await shown.locator("#real li").allInnerTexts()).toEqual(good.standIns);
        expect(await shown.locator("#update li").allInnerTexts()).toEqual([
          "replace file (BucketObjectv2)",
          "update edge (Listener)",
        ]);
        await shown.locator("#remains summary").click();
        expect(await shown.locator("#remains details").allInnerTexts()).toEqual([
          "protected, still there (1)\nmodels (Bucket)",
        ]);
        expect(await shown.locator("#findings td").allInnerTexts()).toEqual([
          ...["LLM-NET-001", "advisory", "open (Vpc)", "<b>&", "preview, up"],
        ]);
        expect(await shown.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
        await shown.screenshot({ path: join(folder, `rehearsal-${colorScheme}.png`), fullPage: true });
        expect(faults).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});
