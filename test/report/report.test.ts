import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { planFiles, planJsonSchema, type BuiltPlan } from "@holdfast/cli";
import { Ajv2020 } from "ajv/dist/2020";
import { chromium, type Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { environments, plannedEnvironment } from "../planned-environments";
import { root } from "../project-copy";

const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
const out = join(root, "out/test-report");

describe.each(environments)("the report of %s", (environment) => {
  let plan: BuiltPlan;
  let files: Map<string, string>;
  beforeAll(async () => {
    plan = await plannedEnvironment(environment);
    files = await planFiles(plan);
  });

  it("has the files of the contract, and every artefact under rendered/", () => {
    expect([...files.keys()].filter((path) => !path.startsWith("rendered/"))).toEqual([
      "plan.json",
      "plan.html",
      "findings.sarif",
      "junit.xml",
      "comment.md",
    ]);
    for (const { path } of plan.document.artefacts) expect(files.has(`rendered/${path}`), path).toBe(true);
  });

  it("writes a plan.json that its published schema accepts", () => {
    const validate = new Ajv2020({ strict: false }).compile(planJsonSchema());
    const document: unknown = JSON.parse(files.get("plan.json") ?? "");
    expect(validate(document), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(validate({ ...(document as object), schemaVersion: 99 })).toBe(false);
  });

  it("is one page that loads nothing and runs nothing", () => {
    const page = files.get("plan.html") ?? "";
    expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(http|src="http/);
    expect(page).toContain("default-src 'none'");
  });

  it.skipIf(chromiumPath === undefined).each(["light", "dark"] as const)(
    "shows in Chromium, %s, what the plan says",
    async (colorScheme) => {
      const browser = await openBrowser();
      try {
        const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
        const faults: string[] = [];
        page.on("console", (message) => {
          if (message.type() === "error") faults.push(message.text());
        });
        page.on("pageerror", (error) => faults.push(error.message));
        mkdirSync(out, { recursive: true });
        const file = join(out, `${environment}.html`);
        writeFileSync(file, files.get("plan.html") ?? "");
        await page.goto(pathToFileURL(file).href);
        const text = await page.locator("main").innerText();
        expect(text).toContain(`Plan of ${environment}`);
        for (const { fleet, model, instanceType } of plan.document.sizing) {
          expect(text).toContain(fleet);
          expect(text).toContain(model);
          expect(text).toContain(instanceType);
        }
        expect(text).toContain(`$${Math.round(plan.document.cost.monthlyUsd).toLocaleString("en-US")}`);
        // The drawn network: one box per segment in use, one arrow per pair.
        const drawn = await page.locator(".diagram svg").evaluate((svg) => ({
          nodes: svg.querySelectorAll(".node").length,
          arrows: svg.querySelectorAll(".edge").length,
          words: svg.textContent,
        }));
        expect(drawn.nodes).toBeGreaterThanOrEqual(5);
        expect(drawn.arrows).toBeGreaterThanOrEqual(5);
        for (const word of ["clients", "gateway", "serving", "observability", "private endpoints"])
          expect(drawn.words).toContain(word);
        // Readable: the text stands out from what is behind it, and nothing is wider than the page.
        expect(await page.evaluate(contrast)).toBeGreaterThan(7);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
        await page.locator("summary").first().click();
        expect(await page.locator("details[open]").count()).toBe(1);
        await page.screenshot({ path: join(out, `${environment}-${colorScheme}.png`), fullPage: true });
        expect(faults).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});

function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? "",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** Contrast ratio of the page's text against its background (WCAG 2.2, relative luminance). Runs in the page. */
function contrast(): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+(\.\d+)?/g) ?? []).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const style = getComputedStyle(document.body);
  const [one, other] = [luminance(style.color), luminance(style.backgroundColor)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
