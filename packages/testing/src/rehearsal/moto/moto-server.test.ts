import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished, vi, type TestContext } from "vitest";
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

describe("with the real moto", { timeout: 180_000 }, () => {
  async function started(context: TestContext): Promise<MotoServer> {
    const file = findMotoServer() ?? context.skip("no moto_server on the PATH; HOLDFAST_MOTO_SERVER may name one");
    const server = await MotoServer.start(file, "111122223333");
    onTestFinished(() => {
      server.stop();
    });
    return server;
  }

  it("lets requests through one at a time, and says which one failed", async (context) => {
    const server = await started(context);
    expect(server.oneAtATime).toBe(true);
    const bucket = `${server.url}/bucket`;
    expect((await fetch(bucket, { method: "PUT", headers: signed })).status).toBe(200);
    const keys = Array.from({ length: 200 }, (_, index) => `some/key/${index}`);
    await Promise.all(
      keys.map(async (key) => (await fetch(`${bucket}/${key}`, { method: "PUT", headers: signed, body: key })).ok),
    );
    // Alone, without the hook, some of these end in an error 500.
    const answers = await Promise.all(
      keys.flatMap((key, index) => [
        ...(index % 2 === 0 ? [fetch(`${bucket}?versions&prefix=${key}`, { headers: signed })] : []),
        fetch(`${bucket}/${key}`, { method: "DELETE", headers: signed }),
      ]),
    );
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 204]);
    expect((await fetch(`${server.url}/nobodys-bucket?versions`, { headers: signed })).status).toBe(404);
    await vi.waitFor(() => {
      expect(server.log.join("\n")).toContain("holdfast: not ok: GET /nobodys-bucket versions 404");
    });
  });

  it("ends, with its folder, when the one who started it is killed", async (context) => {
    const file = findMotoServer() ?? context.skip("no moto_server on the PATH; HOLDFAST_MOTO_SERVER may name one");
    const compiled = join(__dirname, "../../../dist/rehearsal/moto/moto-server.js");
    const script = `
      const { MotoServer } = require(${JSON.stringify(compiled)});
      MotoServer.start(${JSON.stringify(file)}, "111122223333").then(({ url, folder }) => console.log(JSON.stringify({ url, folder })));`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise<string>((settle) => {
      createInterface({ input: parent.stdout }).once("line", settle);
    });
    const { url, folder } = JSON.parse(line) as { url: string; folder: string };
    expect((await fetch(url)).ok).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(
      async () => {
        expect(existsSync(folder)).toBe(false);
        await expect(fetch(url)).rejects.toThrow();
      },
      { timeout: 60_000 },
    );
  });
});

/** Moto wants to see a signature; it does not check it. */
const signed = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=made-up/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
};
