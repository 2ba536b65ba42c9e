import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import type { Fault } from "@holdfast/testing";
import { describe, expect, it, type TestContext } from "vitest";
import { Rehearsed } from "./real-engine";
import { Runbook } from "./runbook";

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
  // A provider that dies takes with it the answers to whatever else was being made at that moment. Here that is nothing; where it is
  // something, the runbook below is needed.
  const alone = ["--parallel", "1"];
  it.for<[name: string, fault: Fault, args?: readonly string[]]>([
    ["the first creation is refused", { operation: "create", nth: 1, effect: "refuse" }],
    ["the tenth creation is refused", { operation: "create", nth: 10, effect: "refuse" }],
    ["every bucket is refused", { operation: "create", type: bucket, nth: "every", effect: "refuse" }],
    ["the provider dies before the fifteenth creation", { operation: "create", nth: 15, effect: "die before" }, alone],
  ])("%s: the next up completes, and there are no orphans", async ([, fault, args], context) => {
    const stack = await Rehearsed.start(context, "store");
    stack.home.inject([fault]);
    const failed = await stack.run("up", args);
    expect(failed.code).not.toBe(0);
    await recovers(stack);
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

describe("with the real engine, when two are at it at once", () => {
  it("the second is turned away and the first is not disturbed", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    stack.home.inject([{ operation: "create", nth: 5, effect: "stall before" }]);
    let second: Awaited<ReturnType<Rehearsed["run"]>> | undefined;
    await killedWhen(stack, async () => {
      if (stack.home.cloud.resources.length < 4) return false;
      second = await stack.run("up");
      return true;
    });
    expect(second?.code).not.toBe(0);
    expect(`${second?.stdout ?? ""}${second?.stderr ?? ""}`).toContain("locked");
    await operator(context, stack);
  });
});

// docs/runbooks/interrupted-update.md, word for word: the engine takes a provider that is gone for one that did nothing, so what
// the cloud made in that moment has to be found and adopted by a person.
describe("with the real engine and the runbook, after an update was cut off", () => {
  const followed = new Set<string>();

  it.for<[what: string, type: string]>([
    ["a bucket", bucket],
    ["a role", "aws:iam/role:Role"],
    ["a selection of a backup plan, which is not adopted but made anew", "aws:backup/selection:Selection"],
    ["a setting of a bucket, which needs no adoption", "aws:s3/bucketVersioning:BucketVersioning"],
  ])(
    "by the death of the provider, when the cloud had made %s: no orphans, nothing lost",
    async ([, type], context) => {
      const stack = await Rehearsed.start(context, "store");
      stack.home.inject([{ operation: "create", type, nth: 1, effect: "die after" }]);
      expect((await stack.run("up")).code).not.toBe(0);
      const made = (await stack.differences()).orphans.filter((name) => name.startsWith(`${type} `));
      // One, and whatever else of its type was being made at that moment.
      expect(made).not.toEqual([]);
      const runbook = await operator(context, stack);
      for (const name of runbook.followed) followed.add(name);
    },
  );

  it.for<[when: string, fault: Fault, made: number]>([
    ["before the cloud made what it was asked for", { operation: "create", nth: 20, effect: "stall before" }, 19],
    ["when the cloud had made a bucket", { operation: "create", type: bucket, nth: 2, effect: "stall after" }, 2],
  ])("by a kill of the command line, %s: no orphans, nothing lost", async ([, fault, made], context) => {
    const stack = await Rehearsed.start(context, "store");
    stack.home.inject([fault]);
    const { type } = fault;
    await killedWhen(
      stack,
      () => stack.home.cloud.resources.filter((one) => type === undefined || one.type === type).length >= made,
    );
    stack.home.inject([]);
    const locked = await stack.run("up");
    expect(locked.code).not.toBe(0);
    expect(locked.stdout + locked.stderr).toContain("pulumi cancel");
    expect((await stack.state()).deployment.pending_operations?.map(({ type: kind }) => kind)).toContain("creating");
    const runbook = await operator(context, stack);
    for (const name of runbook.followed) followed.add(name);
  });

  it("every command of it was needed", async (context) => {
    const stack = await Rehearsed.start(context, "store");
    expect([...followed].sort()).toEqual([...new Runbook(context, stack, "interrupted-update").names].sort());
  });
});

it("with the real engine: what was changed or deleted by hand, refresh shows exactly that, and up puts it right", async (context) => {
  const stack = await Rehearsed.start(context, "store");
  await stack.done("up");
  const versioning = file(stack, "aws:s3/bucketVersioning:BucketVersioning");
  writeFileSync(versioning, readFileSync(versioning, "utf8").replaceAll('"Enabled"', '"Suspended"'));
  rmSync(file(stack, "aws:s3/bucketPolicy:BucketPolicy"));
  const refresh = await stack.done("refresh");
  const touched = refresh.events.done.filter(
    ({ operation, changed }) => operation === "update" || operation === "delete" || changed.length > 0,
  );
  expect(touched.map(({ operation, type, changed }) => [operation, type, changed]).sort()).toEqual([
    ["delete", "aws:s3/bucketPolicy:BucketPolicy", []],
    ["update", "aws:s3/bucketVersioning:BucketVersioning", ["versioningConfiguration"]],
  ]);
  const up = await stack.done("up");
  expect([up.events.counts.create, up.events.counts.update]).toEqual([1, 1]);
  expect(readFileSync(versioning, "utf8")).not.toContain("Suspended");
  await recovers(stack);
});

/** A person with the runbook in hand. What AWS lists tells this person to which resource it belongs; here the cloud says so. */
async function operator(context: TestContext, stack: Rehearsed): Promise<Runbook> {
  stack.home.inject([]);
  const runbook = new Runbook(context, stack, "interrupted-update");
  await runbook.do("unlock");
  const listed = await runbook.do("look");
  const pending = listed.some((line) => line.startsWith("creating\t"));
  const toMake = listed.filter((line) => line.startsWith("urn:"));
  const found = await runbook.do("find");
  const known = (await stack.state()).deployment.resources ?? [];
  for (const urn of toMake) {
    const NAME = urn.split("::").at(-1) ?? "";
    found.push(...(urn.includes("aws:iam/role:Role") ? await runbook.do("find-by-name", { NAME }) : []));
  }
  for (const { urn, id, type, outputs } of stack.home.cloud.resources) {
    const seen = found.includes(String(outputs.arn)) || found.includes(id);
    if (!seen || known.some((one) => one.type === type && one.id === id)) continue;
    expect(toMake).toContain(urn);
    await runbook.do("adopt", { URN: urn, ID: id });
    await runbook.do("keep-name", { URN: urn });
  }
  for (const line of await runbook.do("find-selections")) {
    const [PLAN = "", SELECTION = ""] = line.split("\t");
    await runbook.do("delete-selection", { PLAN, SELECTION });
  }
  if (pending) await runbook.do("clear");
  await runbook.do("up");
  await runbook.do("check");
  expect(await stack.differences()).toEqual(none);
  return runbook;
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
