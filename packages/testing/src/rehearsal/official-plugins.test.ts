import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { officialPlugins } from "./official-plugins";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "holdfast-pulumi-home-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function install(name: string, version: string, mode = 0o755): void {
  const folder = join(home, `plugins/resource-${name}-v${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `pulumi-resource-${name}`), "");
  chmodSync(join(folder, `pulumi-resource-${name}`), mode);
}

it("takes the newest of those that reach nothing, whole ones only, and no other provider", () => {
  for (const version of ["4.9.3", "4.18.2", "4.18.0"]) install("random", version);
  install("tls", "5.0.1");
  install("tls", "5.2.0", 0o644);
  for (const name of ["aws", "command", "cloudflare"]) install(name, "9.9.9");
  mkdirSync(join(home, "plugins/resource-random-v4.19.0.partial"));
  expect(officialPlugins({ PULUMI_HOME: home }).map(({ name, version }) => `${name} ${version}`)).toEqual([
    "random 4.18.2",
    "tls 5.0.1",
  ]);
});

it("finds none where Pulumi was never used", () => {
  expect(officialPlugins({ PULUMI_HOME: join(home, "nowhere") })).toEqual([]);
});
