import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuiltPlan } from "@holdfast/cli";

export type Artefact = BuiltPlan["artefacts"][number];

/** Whether a program is on this machine. */
export function installed(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** Runs a reader; what it says on both streams, and how it ended. */
export function read(
  program: string,
  args: readonly string[],
  input?: string,
): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(program, [...args], {
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
  return { status, said: `${stdout}${stderr}` };
}

/** The deployed texts of a plan by host. */
export function byHost(artefacts: readonly Artefact[]): Map<string, Artefact[]> {
  const hosts = new Map<string, Artefact[]>();
  for (const artefact of artefacts) {
    const host = artefact.path.slice(0, artefact.path.indexOf("/"));
    hosts.set(host, [...(hosts.get(host) ?? []), artefact]);
  }
  return hosts;
}

/** Where an artefact lies on its host. */
export function hostPath({ path }: Artefact): string {
  return path.slice(path.indexOf("/"));
}

/** One host's file system, with its deployed texts in place. */
export class HostRoot {
  readonly folder = mkdtempSync(join(tmpdir(), "holdfast-root-"));

  constructor(readonly artefacts: readonly Artefact[]) {
    for (const artefact of artefacts)
      this.put(hostPath(artefact), artefact.content, artefact.reader === "shell" ? 0o755 : 0o644);
  }

  put(path: string, content: string, mode = 0o644): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
  }

  /** Adds what systemd itself brings, and stands in for programs and units that the machine image brings. */
  prepareForSystemd(programs: readonly string[], units: readonly string[]): void {
    cpSync("/lib/systemd/system", join(this.folder, "usr/lib/systemd/system"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    symlinkSync("usr/lib", join(this.folder, "lib"));
    for (const program of programs)
      if (!existsSync(join(this.folder, program))) this.put(program, "#!/bin/sh\n", 0o755);
    for (const unit of units)
      this.put(`/etc/systemd/system/${unit}`, "[Service]\nType=oneshot\nExecStart=/usr/bin/true\n");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
