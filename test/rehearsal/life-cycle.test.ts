import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findTerraformAws } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { root } from "../project-copy";
import { rehearse, wholeLife } from "./rehearse";

/** A limit against a hang, not against a busy machine. */
const limitMs = 20 * 60_000;

describe("holdfast rehearse", () => {
  it(
    "takes dev through its whole life",
    async (context) => {
      // Made up, and judged by the real provider where it is there; prod is made for real, in `moto.test.ts`.
      const { code, report, failed, text, out, times } = await rehearse(context, root, "dev", "--cloud", "structural");
      console.log(`dev: ${times}`);
      expect(failed).toEqual([]);
      expect(code).toBe(0);
      expect(report.steps.map(({ name }) => name)).toEqual(wholeLife);
      const { resources, validated, planned } = report.cloud;
      if (findTerraformAws() !== undefined) expect([validated, planned]).toEqual([resources, resources]);
      const of = (name: string) => report.steps.find((step) => step.name === name)?.counts ?? {};
      expect(of("up").create).toBeGreaterThan(300);
      expect(of("update").update).toBeGreaterThan(0);
      // A host's file is a new object under a new key when its content changes; nothing else is replaced.
      const changed = report.steps.find(({ name }) => name === "update")?.details.changed ?? [];
      const replaced = changed.filter((line) => /^(replace|create-replacement|delete-replaced) /.test(line));
      expect(replaced.filter((line) => !line.includes("aws:s3/bucketObjectv2:"))).toEqual([]);
      expect(text).toContain("stand-in: aws");
      expect(readFileSync(join(out, "events/02-up.jsonl"), "utf8").split("\n").length).toBeGreaterThan(600);
    },
    limitMs,
  );

  it(
    "keeps the secrets of a careful program",
    async (context) => {
      // `secret-places.test.ts` has the careless one.
      const careful = await rehearse(context, join(__dirname, "programs/secrets"), "careful");
      expect(careful.failed).toEqual([]);
      expect(careful.report.steps.find(({ name }) => name === "secrets")?.summary).toMatch(
        /^2 secret values looked for .* nowhere in clear$/,
      );
    },
    limitMs,
  );
});
