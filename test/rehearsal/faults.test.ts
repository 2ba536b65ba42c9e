import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import type { Fault } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { Rehearsed } from "./real-engine";

const bucket = "aws:s3/bucket:Bucket";
const none = { orphans: [], missing: [] };

/** After every fault: the next up completes, the one after it changes nothing, and cloud and state hold the same. */
async function recovers(stack: Rehearsed): Promise<void> {
  stack.home.inject([]);
  await stack.done("up");
  await stack.done("up", ["--expect-no-changes"]);
  expect(await stack.differences()).toEqual(none);
}

function file(stack: Rehearsed, type: string): string {
  const folder = join(stack.home.folder, "cloud");
  const found = readdirSync(folder)
    .map((name) => join(folder, name))
    .find((path) => (JSON.parse(readFileSync(path, "utf8")) as { type: string }).type === type);
  if (found === undefined) throw new Error(`no ${type} in the pretend cloud`);
  return found;
}

describe("with the real engine, after a fault in the provider", () => {
  it.for<[name: string, fault: Fault]>([
    ["the first creation is refused", { operation: "create", nth: 1, effect: "refuse" }],
    ["the tenth creation is refused", { operation: "create", nth: 10, effect: "refuse" }],
    ["every bucket is refused", { operation: "create", type: bucket, nth: "every", effect: "refuse" }],
    ["the provider dies before the fifteenth creation", { operation: "create", nth: 15, effect: "die before" }],
  ])("%s: the next up completes, and there are no orphans", async ([, fault], context) => {
    const stack = await Rehearsed.start(context, "store");
    stack.home.inject([fault]);
    const failed = await stack.run("up");
    expect(failed.code).not.toBe(0);
    await recovers(stack);
  });

  // The engine takes a provider that is gone for one that did nothing, and Pulumi knows no way round that: what was made in
  // that moment stays, empty and tagged as ours, until somebody adopts or deletes it. Nothing else may suffer.
  it("the provider dies when the cloud has made a bucket but not said so: that one is left over, and nothing else", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    stack.home.inject([{ operation: "create", type: bucket, nth: 1, effect: "die after" }]);
    expect((await stack.run("up")).code).not.toBe(0);
    stack.home.inject([]);
    const left = await stack.differences();
    expect(left.missing).toEqual([]);
    await stack.done("up");
    await stack.done("up", ["--expect-no-changes"]);
    const { orphans, missing } = await stack.differences();
    expect(missing).toEqual([]);
    expect(orphans).toEqual(left.orphans);
    expect(orphans.filter((name) => name.startsWith(bucket))).toHaveLength(1);
  });

  it("a refused update and a refused deletion leave what is there", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    await stack.done("up");
    stack.home.inject([{ operation: "delete", nth: 3, effect: "refuse" }]);
    expect((await stack.run("destroy", ["--exclude-protected"])).code).not.toBe(0);
    expect(await stack.differences()).toEqual(none);
    await recovers(stack);
  });
});

describe("with the real engine, when the command line is cut off", () => {
  it("killed in the middle of up: the lock is lifted by hand, then up completes without orphans", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    stack.home.inject([{ operation: "create", nth: 20, effect: "stall" }]);
    await killedWhen(stack, () => stack.home.cloud.resources.length >= 19);
    stack.home.inject([]);
    const locked = await stack.run("up");
    expect(locked.code).not.toBe(0);
    expect(locked.stdout + locked.stderr).toContain("pulumi cancel");
    await stack.done("cancel");
    await adoptPending(stack);
    await recovers(stack);
  });

  it("two at once: the second is turned away and the first is not disturbed", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    stack.home.inject([{ operation: "create", nth: 5, effect: "stall" }]);
    let second: Awaited<ReturnType<Rehearsed["run"]>> | undefined;
    await killedWhen(stack, async () => {
      if (stack.home.cloud.resources.length < 4) return false;
      second = await stack.run("up");
      return true;
    });
    expect(second?.code).not.toBe(0);
    expect(`${second?.stdout ?? ""}${second?.stderr ?? ""}`).toContain("locked");
    await stack.done("cancel");
    stack.home.inject([]);
    await adoptPending(stack);
    await recovers(stack);
  });
});

describe("with the real engine, when somebody was there by hand", () => {
  it("a changed resource: refresh shows exactly that, and up puts it right", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    await stack.done("up");
    const path = file(stack, "aws:s3/bucketVersioning:BucketVersioning");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll('"Enabled"', '"Suspended"'));
    const refresh = await stack.done("refresh");
    const touched = refresh.events.done.filter(
      ({ operation, changed }) => operation === "update" || changed.length > 0,
    );
    expect(touched.map(({ type, changed }) => [type, changed])).toEqual([
      ["aws:s3/bucketVersioning:BucketVersioning", ["versioningConfiguration"]],
    ]);
    const up = await stack.done("up");
    expect(up.events.counts.update).toBe(1);
    expect(readFileSync(path, "utf8")).not.toContain("Suspended");
    await recovers(stack);
  });

  it("a deleted resource: refresh shows exactly that, and up makes it again", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    await stack.done("up");
    rmSync(file(stack, "aws:s3/bucketPolicy:BucketPolicy"));
    const refresh = await stack.done("refresh");
    expect(refresh.events.counts.delete).toBe(1);
    const up = await stack.done("up");
    expect(up.events.counts.create).toBe(1);
    await recovers(stack);
  });
});

/** What Pulumi asks of an operator after that: name what was made in the last moment, and forget what was not. */
async function adoptPending(stack: Rehearsed): Promise<void> {
  const pending = (await stack.state()).deployment.pending_operations ?? [];
  const made = pending.flatMap(({ resource: { urn } }) => {
    const found = stack.home.cloud.resources.find((resource) => resource.urn === urn);
    return found === undefined ? [] : ["--import-pending-creates", urn, "--import-pending-creates", found.id];
  });
  if (made.length > 0) await stack.done("refresh", made);
  if (made.length < 4 * pending.length) await stack.done("refresh", ["--clear-pending-creates"]);
}

/** Starts an up and kills the command line, hard, as soon as something is so. */
async function killedWhen(stack: Rehearsed, reached: () => boolean | Promise<boolean>): Promise<void> {
  let child: ChildProcess | undefined;
  const progress = { ended: false };
  const run = stack
    .run("up", [], {
      started: (process) => {
        child = process;
      },
    })
    .then((result) => {
      progress.ended = true;
      return result;
    });
  while (!progress.ended && !(await reached())) await new Promise((settle) => setTimeout(settle, 100));
  child?.kill("SIGKILL");
  expect((await run).code).toBe("SIGKILL");
}
