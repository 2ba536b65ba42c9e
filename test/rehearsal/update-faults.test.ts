import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "@holdfast/testing";
import { expect, it } from "vitest";
import { Rehearsed } from "./real-engine";

const versioning = "aws:s3/bucketVersioning:BucketVersioning";

/** Turns the first bucket's versioning off, as somebody at the console would. */
function suspend(stack: Rehearsed): string {
  const folder = join(stack.home.folder, "cloud");
  const path = readdirSync(folder)
    .map((name) => join(folder, name))
    .find((file) => (JSON.parse(readFileSync(file, "utf8")) as { type: string }).type === versioning);
  if (path === undefined) throw new Error(`no ${versioning} in the pretend cloud`);
  writeFileSync(path, readFileSync(path, "utf8").replaceAll('"Enabled"', '"Suspended"'));
  return path;
}

const identities = (stack: Rehearsed) => stack.home.cloud.resources.map(({ type, id }) => `${type} ${id}`).sort();

// What has data must be the same afterwards, not one of the same name.
it.for<Fault["effect"]>(["refuse", "die after"])(
  "an update of what is there meets a fault (%s): nothing is lost or made twice, and the next up completes",
  async (effect, context) => {
    const stack = await Rehearsed.start(context, "store");
    await stack.done("up");
    const before = identities(stack);
    expect(before.length).toBeGreaterThan(20);
    const path = suspend(stack);
    await stack.done("refresh");
    stack.home.inject([{ operation: "update", type: versioning, nth: 1, effect }]);
    expect((await stack.run("up")).code).not.toBe(0);
    expect(identities(stack)).toEqual(before);

    stack.home.inject([]);
    await stack.done("up");
    await stack.done("up", ["--expect-no-changes"]);
    expect(readFileSync(path, "utf8")).not.toContain("Suspended");
    expect(identities(stack)).toEqual(before);
    expect(await stack.differences()).toEqual({ orphans: [], missing: [] });
  },
);
