import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { plannedEnvironment } from "./planned-environments";
import { root } from "./project-copy";

const page = readFileSync(join(root, "docs/machine-images.md"), "utf8");

/** Programs beyond POSIX and coreutils that scripts of ours may call; each is in the page exactly when something calls it. */
const programs = [
  ...[
    "aws",
    "curl",
    "docker",
    "flock",
    "mountpoint",
    "python3",
    "nvidia-ctk",
    "nvidia-smi",
    "mdadm",
    "mkfs.xfs",
    "mkfs.ext4",
  ],
  ...[
    "blkid",
    "lsblk",
    "udevadm",
    "journalctl",
    "systemctl",
    "systemd-sysusers",
    "systemd-tmpfiles",
    "jq",
    "openssl",
    "wget",
  ],
];

describe("docs/machine-images.md", () => {
  let texts: { path: string; reader: string; content: string }[] = [];
  beforeAll(async () => {
    texts = [...(await plannedEnvironment("prod")).artefacts];
  });

  it("names every program that a unit of prod starts and no host file brings", () => {
    const deployed = new Set(texts.map(({ path }) => path.slice(path.indexOf("/"))));
    const started = texts
      .filter(({ reader }) => reader === "systemd")
      .flatMap(({ content }) =>
        [...content.matchAll(/^Exec\w+=[-+!@]*(\/\S+)/gm)].flatMap(([, program]) => program ?? []),
      );
    const own = /^\/(usr\/)?bin\/(kill|rm|true|install|chown)$|^\/usr\/local\/lib\/holdfast\//;
    const missing = [...new Set(started)].filter(
      (program) => !deployed.has(program) && !own.test(program) && !page.includes(`\`${program}\``),
    );
    expect(started.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it("names what scripts call, and nothing that none of them does", () => {
    const scripts = texts
      .filter(({ reader }) => reader === "shell" || reader === "cloud-init")
      .map(({ content }) => content.replaceAll(/(^|\s)#.*$/gm, ""))
      .join("\n");
    const called = programs.filter((program) =>
      new RegExp(`(^|[\\s|(;&!"])${program.replace(".", "\\.")}( |$)`, "m").test(scripts),
    );
    const named = programs.filter((program) =>
      new RegExp(`(\`|\\*\\*)([^\`*]*/)?${program.replace(".", "\\.")}(\`|\\*\\*)`).test(page),
    );
    expect(named.filter((program) => !called.includes(program))).toEqual([]);
    expect(called.filter((program) => !named.includes(program))).toEqual([]);
    expect(called.length).toBeGreaterThan(10);
  });
});
