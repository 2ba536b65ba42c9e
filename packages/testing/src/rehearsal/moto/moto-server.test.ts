import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findMotoServer, MotoServer } from "./moto-server";

function program(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-moto-test-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, "moto_server");
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

it("is found where the variable says, else on the PATH, else not", () => {
  const file = program("exit 0");
  const folder = join(file, "..");
  expect(findMotoServer({ HOLDFAST_MOTO_SERVER: file, PATH: "" })).toBe(file);
  expect(findMotoServer({ PATH: ["/nowhere", folder].join(delimiter) })).toBe(file);
  expect(findMotoServer({ PATH: "/nowhere" })).toBeUndefined();
  expect(() => findMotoServer({ HOLDFAST_MOTO_SERVER: folder })).toThrow(
    /HOLDFAST_MOTO_SERVER is .*no executable file/,
  );
});

it("is ready when it says where it listens, and stops", async () => {
  const server = await MotoServer.start(program('echo " * Running on http://127.0.0.1:4321"; exec sleep 60'), "1");
  onTestFinished(() => {
    server.stop();
  });
  expect(server.url).toBe("http://127.0.0.1:4321");
});

it("says what it printed when it does not start", async () => {
  await expect(MotoServer.start(program("echo no module named moto >&2; exit 3"), "1")).rejects.toThrow(
    /ended with 3 before it listened\nno module named moto/,
  );
});
