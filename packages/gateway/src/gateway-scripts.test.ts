import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compileHaproxy } from "./compile-haproxy";
import { sampleFleet, sampleSpec } from "./sample-spec";

const hash = "6ab9f1eb8f7d3388f4f9d586f66e99fd54080df2c446f0e58668b09c08a16dd0";
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-scripts-"));
  for (const name of ["secrets", "runtime", "bin"]) mkdirSync(join(folder, name));
  for (const file of compileHaproxy(sampleSpec({ fleets: sampleSpec().fleets }))) {
    if (file.reader === "shell") write(file.path.split("/").at(-1) ?? "", file.content);
  }
  write("secrets/gateway-api-keys", `${hash} assistant\n`);
  for (const fleet of ["chat", "code", "analysis", "embed"]) {
    write(`secrets/gateway-engine-key-${fleet}`, "engine-key-1\n");
    write(`secrets/gateway-engine-ca-${fleet}`, "-----BEGIN CERTIFICATE-----\n");
  }
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  writeFileSync(join(folder, path), content);
}

/** A stand-in for a program, first on the path. */
function program(name: string, script: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

function run(script: string, ...args: string[]): { readonly status: number | null; readonly stderr: string } {
  const { uid, gid } = userInfo();
  const env = {
    PATH: `${folder}/bin:${process.env.PATH ?? ""}`,
    HOLDFAST_SECRETS: join(folder, "secrets"),
    HOLDFAST_RUNTIME: join(folder, "runtime"),
    HOLDFAST_OWNER: `${uid}:${gid}`,
    HOLDFAST_FETCH: join(folder, "bin/fetch"),
    FOLDER: folder,
  };
  const { status, stderr } = spawnSync("sh", [join(folder, script), ...args], { env, encoding: "utf8" });
  return { status, stderr };
}

const made = (name: string): string => readFileSync(join(folder, "runtime", name), "utf8");

describe("prepare.sh", () => {
  it("makes tables only HAProxy may read: hashes in upper case, two keys of a client, days as seconds", () => {
    const second = hash.replace("6ab", "7ab");
    write(
      "secrets/gateway-api-keys",
      `# assistant\n\n${hash} assistant\n${second.toUpperCase()} assistant 2026-12-31\n`,
    );
    expect(run("prepare.sh")).toEqual({ status: 0, stderr: "" });
    const end = Date.parse("2026-12-31T23:59:59Z") / 1000;
    expect(made("keys.map")).toBe(
      `${hash.toUpperCase()} assistant|9999999999\n${second.toUpperCase()} assistant|${end}\n`,
    );
    expect(made("engine-keys.map")).toBe(
      "chat engine-key-1\ncode engine-key-1\nanalysis engine-key-1\nembed engine-key-1\n",
    );
    for (const name of ["keys.map", "engine-keys.map"])
      expect(statSync(join(folder, "runtime", name)).mode & 0o777).toBe(0o400);
  });

  it("takes an empty list of keys: then nobody is known", () => {
    write("secrets/gateway-api-keys", "");
    expect(run("prepare.sh").status).toBe(0);
    expect(made("keys.map")).toBe("");
  });

  it.each([
    ["a key instead of its hash", "sk-live-1234567890 assistant\n", "line 1: the first word must be a SHA-256"],
    ["a hash cut short", `${hash.slice(1)} assistant\n`, "line 1: the first word must be a SHA-256"],
    ["no name", `# one\n${hash}\n`, "line 2: the second word must name the key"],
    ["a name that is none", `${hash} Assistant!\n`, "line 1: the second word must name the key"],
    ["more words", `${hash} assistant 2026-12-31 sk-live-1\n`, "line 1: more than three words"],
    ["a day that is none", `${hash} assistant 2026-13-41\n`, "line 1: no such day"],
    ["a day written otherwise", `${hash} assistant 31.12.2026\n`, "line 1: the last day must be written YYYY-MM-DD"],
    ["a key twice", `${hash} assistant\n${hash.toUpperCase()} reports\n`, "the same key stands in two lines"],
  ])("refuses %s by its line, without repeating it, and leaves what is in force", (_what, keys, reason) => {
    expect(run("prepare.sh").status).toBe(0);
    const before = made("keys.map");
    write("secrets/gateway-api-keys", keys);
    const { status, stderr } = run("prepare.sh");
    expect(status).not.toBe(0);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain("sk-live");
    expect(stderr).not.toContain(hash.slice(8));
    expect(made("keys.map")).toBe(before);
  });

  it("refuses an engine key that would break out of its line, or that is missing", () => {
    write("secrets/gateway-engine-key-code", "one two\n");
    expect(run("prepare.sh").stderr).toContain("the engine key of fleet code must be one word");
    write("secrets/gateway-engine-key-code", "");
    expect(run("prepare.sh").stderr).toContain("the engine key of fleet code is missing");
  });

  it("refuses to start without the CA of engines that speak TLS, and asks for none of those that do not", () => {
    rmSync(join(folder, "secrets/gateway-engine-ca-code"));
    expect(run("prepare.sh").stderr).toContain("the CA of the engines of code is missing (gateway-engine-ca-code)");
    write("secrets/gateway-engine-ca-code", "hello\n");
    expect(run("prepare.sh").stderr).toContain("the CA of the engines of code is missing (gateway-engine-ca-code)");
    const clear = compileHaproxy(
      sampleSpec({ fleets: sampleSpec().fleets.map((fleet) => ({ ...fleet, tls: false })) }),
    );
    write("prepare.sh", clear.find(({ path }) => path.endsWith("/prepare.sh"))?.content ?? "");
    expect(run("prepare.sh").status).toBe(0);
  });

  it("needs a CA that fleets share once, and says for whom", () => {
    const fleets = sampleSpec().fleets.map((fleet) =>
      fleet.fleetName === "chat" ? fleet : { ...fleet, engineCaName: "engines" },
    );
    const files = compileHaproxy(sampleSpec({ fleets }));
    write("prepare.sh", files.find(({ path }) => path.endsWith("/prepare.sh"))?.content ?? "");
    for (const fleet of ["code", "analysis", "embed"]) rmSync(join(folder, `secrets/gateway-engine-ca-${fleet}`));
    expect(run("prepare.sh").stderr).toContain(
      "the CA of the engines of code, analysis, embed is missing (gateway-shared-ca-engines)",
    );
    write("secrets/gateway-shared-ca-engines", "-----BEGIN CERTIFICATE-----\n");
    expect(run("prepare.sh")).toEqual({ status: 0, stderr: "" });
    rmSync(join(folder, "secrets/gateway-engine-ca-chat"));
    expect(run("prepare.sh").stderr).toContain("the CA of the engines of chat is missing (gateway-engine-ca-chat)");
  });
});

describe("peers.sh", () => {
  beforeEach(() => {
    program(
      "curl",
      `for last; do :; done
       case $last in
         */api/token) echo token ;;
         */local-ipv4) echo 10.40.1.7 ;;
         */placement/region) echo eu-central-1 ;;
         */aws:autoscaling:groupName) echo edge-hosts-group ;;
         *) exit 22 ;;
       esac`,
    );
    program("aws", `echo "$*" >"$FOLDER/aws-arguments"; cat "$FOLDER/addresses"`);
    program("systemctl", `echo "$*" >>"$FOLDER/systemctl-calls"`);
    write("systemctl-calls", "");
    write("addresses", "10.40.2.9\t10.40.1.7\n10.40.3.3\n");
  });

  it("writes its own address and the others', reloads once, and then only on a change", () => {
    expect(run("peers.sh").stderr).toBe("");
    const lines = made("peers.cfg")
      .split("\n")
      .map((line) => line.trim());
    expect(lines).toEqual([
      "global",
      "setenv HOLDFAST_SELF 10.40.1.7",
      "setenv HOLDFAST_PEER_ADDRESS 10.40.1.7",
      "setenv HOLDFAST_PEER_1 10.40.2.9",
      "setenv HOLDFAST_PEER_2 10.40.3.3",
      "setenv HOLDFAST_PEER_3 none",
      "setenv HOLDFAST_PEER_4 none",
      "",
    ]);
    expect(readFileSync(join(folder, "aws-arguments"), "utf8")).toContain(
      "Name=tag:aws:autoscaling:groupName,Values=edge-hosts-group",
    );
    const reloads = (): number => readFileSync(join(folder, "systemctl-calls"), "utf8").split("reload").length - 1;
    expect(reloads()).toBe(1);
    run("peers.sh");
    expect(reloads()).toBe(1);
    write("addresses", "10.40.2.9\t10.40.1.7\n");
    run("peers.sh");
    expect(reloads()).toBe(2);
    expect(made("peers.cfg")).toContain("HOLDFAST_PEER_2 none");
  });

  it("does not reload while the service is only about to start", () => {
    run("peers.sh", "quiet");
    expect(made("peers.cfg")).toContain("10.40.2.9");
    expect(readFileSync(join(folder, "systemctl-calls"), "utf8")).toBe("");
  });

  it("leaves what it knew when AWS does not answer", () => {
    run("peers.sh");
    const before = made("peers.cfg");
    program("aws", "exit 255");
    expect(run("peers.sh").status).not.toBe(0);
    expect(made("peers.cfg")).toBe(before);
  });
});

describe("refresh.sh", () => {
  it("reloads only when a secret has changed", () => {
    program("systemctl", `echo "$*" >>"$FOLDER/systemctl-calls"`);
    program("fetch", ":");
    write("systemctl-calls", "");
    expect(run("refresh.sh").status).toBe(0);
    expect(readFileSync(join(folder, "systemctl-calls"), "utf8")).toBe("");
    program("fetch", `echo "${hash} reports" >"$HOLDFAST_SECRETS/gateway-api-keys"`);
    expect(run("refresh.sh").status).toBe(0);
    expect(readFileSync(join(folder, "systemctl-calls"), "utf8")).toBe("reload holdfast-gateway.service\n");
  });
});

describe("check-program.sh", () => {
  it.each([
    ["HAProxy version 2.6.12-1+deb12u4 2026/10/17", "+LUA +OPENSSL +PROMEX", 0],
    ["HAProxy version 2.8.19-1 2026/03/10", "+LUA +OPENSSL +PROMEX", 0],
    ["HAProxy version 3.2.0 2026/01/01", "+LUA +OPENSSL +PROMEX", 0],
    ["HAProxy version 2.6.9 2026/01/01", "+LUA +OPENSSL +PROMEX", 1],
    ["HAProxy version 2.4.30 2026/01/01", "+LUA +OPENSSL +PROMEX", 1],
    ["HAProxy version 2.8.19 2026/01/01", "-LUA +OPENSSL +PROMEX", 1],
  ])("%s with %s: %i", (version, features, status) => {
    program("haproxy", `echo '${version}'; echo 'Feature list : ${features}'`);
    expect(run("check-program.sh").status).toBe(status);
  });

  it("says what to do when there is none", () => {
    program("haproxy", "exit 127");
    expect(run("check-program.sh").stderr).toContain("bring 2.6.12 or newer");
  });
});

describe("the drain script", () => {
  it("first says that it is not ready, then waits, then lets answers end", () => {
    program(
      "systemctl",
      `echo "systemctl $*" >>"$FOLDER/calls"; cat "$FOLDER/runtime/state.map" >>"$FOLDER/calls" 2>/dev/null || true`,
    );
    program("sleep", `echo "sleep $*" >>"$FOLDER/calls"`);
    expect(run("50-gateway")).toEqual({ status: 0, stderr: "" });
    expect(readFileSync(join(folder, "calls"), "utf8").split("\n")).toEqual([
      "systemctl is-active --quiet holdfast-gateway.service",
      "systemctl reload holdfast-gateway.service",
      "draining yes",
      "sleep 30",
      "systemctl stop holdfast-gateway.service",
      "draining yes",
      "",
    ]);
  });
});

/** The reason why a program's verdict is missing. */
function absent(name: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0;
}

describe("scripts and units as their readers see them", () => {
  const image = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/haproxy@sha256:${"a".repeat(64)}`;
  const specs = [
    sampleSpec(),
    sampleSpec({ program: { kind: "container", image } }),
    sampleSpec({ fleets: [sampleFleet("chat"), ...sampleSpec().fleets.slice(1)] }),
  ];

  it.skipIf(absent("shellcheck"))("shellcheck finds nothing", () => {
    for (const spec of specs) {
      for (const file of compileHaproxy(spec).filter((one) => one.reader === "shell")) {
        expect(spawnSync("shellcheck", ["-"], { input: file.content, encoding: "utf8" }).stdout).toBe("");
      }
    }
  });

  it.skipIf(absent("systemd-analyze"))("systemd accepts every unit", () => {
    for (const spec of specs) {
      const units = compileHaproxy(spec).filter((one) => one.reader === "systemd");
      for (const unit of units) write(unit.path.split("/").at(-1) ?? "", unit.content);
      for (const unit of units) {
        const { stderr } = spawnSync(
          "systemd-analyze",
          ["verify", "--man=no", join(folder, unit.path.split("/").at(-1) ?? "")],
          { encoding: "utf8" },
        );
        // The programs are on gateway hosts, not here.
        const said = stderr
          .split("\n")
          .filter((line) => line !== "" && !line.includes("is not executable") && line.includes("holdfast-gateway"));
        expect(said).toEqual([]);
      }
    }
  });

  it.skipIf(absent("systemd-analyze"))("the service is confined", () => {
    const unit = compileHaproxy(sampleSpec()).find((one) => one.path.endsWith("holdfast-gateway.service"));
    write("holdfast-gateway.service", unit?.content ?? "");
    const verdict = spawnSync(
      "systemd-analyze",
      ["security", "--offline=true", "--threshold=25", join(folder, "holdfast-gateway.service")],
      { encoding: "utf8" },
    );
    expect(verdict.status, verdict.stdout.slice(-300)).toBe(0);
  });

  it("run by a shell that knows no bashisms", () => {
    for (const file of compileHaproxy(sampleSpec()).filter((one) => one.reader === "shell")) {
      expect(() => execFileSync("sh", ["-n"], { input: file.content })).not.toThrow();
    }
  });
});
