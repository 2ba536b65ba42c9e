import { expect, it } from "vitest";
import { progressText } from "./progress-text";

it.each([
  [{ done: 0, of: 0, elapsedMs: 0 }, "up ..."],
  [{ done: 0, of: 592, elapsedMs: 4200 }, "up: 4 s"],
  [{ done: 12, of: 0, elapsedMs: 4200 }, "up: 12 resources, 4 s"],
  [{ done: 30, of: 592, elapsedMs: 12_000 }, "up: 30 of 592 resources, 12 s"],
  [{ done: 148, of: 592, elapsedMs: 30_000 }, "up: 148 of 592 resources, 30 s, about 1 min 30 s to go"],
  [{ done: 0, of: 592, elapsedMs: 59_400 }, "up: 59 s"],
  [{ done: 0, of: 592, elapsedMs: 59_600 }, "up: 1 min 0 s"],
  [{ done: 592, of: 592, elapsedMs: 90_000 }, "up: 592 of 592 resources, 1 min 30 s"],
  [{ done: 600, of: 592, elapsedMs: 90_000 }, "up: 592 of 592 resources, 1 min 30 s"],
])("%j is %s", (at, text) => {
  expect(progressText({ name: "up", ...at })).toBe(text);
});
