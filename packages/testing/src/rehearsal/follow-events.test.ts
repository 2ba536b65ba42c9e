import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EventCount, followEvents, type EngineProgress } from "./follow-events";

it("counts what the engine has begun and done, while the log grows and lines are half there", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-events-"));
  context.onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, "up.jsonl");
  const count = new EventCount(file);
  expect(count.read()).toEqual({ begun: 0, done: 0 });
  appendFileSync(file, '{"sequence":1,"timestamp":1,"resourcePreEvent":{"metadata":{}}}\n{"sequence":2,"timest');
  expect(count.read()).toEqual({ begun: 1, done: 0 });
  appendFileSync(file, 'amp":1,"resOutputsEvent":{"metadata":{"a":"resourcePreEvent"}}}\n');
  appendFileSync(
    file,
    `{"sequence":3,"timestamp":1,"diagnosticEvent":{"message":"${"é".repeat(80)} resOutputsEvent"}}\n`,
  );
  expect(count.read()).toEqual({ begun: 1, done: 1 });
  expect(count.read()).toEqual({ begun: 1, done: 1 });
});

it("tells it again and again until it is told to stop", async () => {
  const told: EngineProgress[] = [];
  const stop = followEvents(join(tmpdir(), "holdfast-no-such-file"), (progress) => told.push(progress));
  await expect.poll(() => told.length, { timeout: 30_000 }).toBeGreaterThan(1);
  stop();
  const then = told.length;
  await new Promise((settle) => setTimeout(settle, 1200));
  expect(told).toHaveLength(then);
});
