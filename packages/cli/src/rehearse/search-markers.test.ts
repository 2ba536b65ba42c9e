import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { searchMarkers } from "./search-markers";

const markers = [{ key: "app:password", marker: "rehearsed-secret-0123456789abcdef01234567" }];
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-markers-"));
  mkdirSync(join(folder, "state"));
  mkdirSync(join(folder, "cloud"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  ["in clear", (marker: string) => `{"a":"${marker}"}`],
  ["as base64", (marker: string) => Buffer.from(marker).toString("base64")],
  ["in the middle of base64", (marker: string) => Buffer.from(`#!/bin/sh\nkey=${marker}\nexec x`).toString("base64")],
  ["in base64 at another offset", (marker: string) => Buffer.from(`ab${marker}yz`).toString("base64")],
])("finds a secret %s", (_name, text) => {
  writeFileSync(join(folder, "state/stack.json"), text(markers[0]?.marker ?? ""));
  expect(searchMarkers(folder, ["cloud"], markers)).toEqual([{ key: "app:password", place: "state/stack.json" }]);
});

it("finds nothing where there is nothing, and leaves out what it was told to", () => {
  writeFileSync(join(folder, "state/stack.json"), "rehearsed-secret-of-somebody-else");
  writeFileSync(join(folder, "cloud/secret.json"), markers[0]?.marker ?? "");
  expect(searchMarkers(folder, ["cloud"], markers)).toEqual([]);
});
