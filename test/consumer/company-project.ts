import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { root } from "../project-copy";

/** What `npm pack` says of one package. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly size: number;
  readonly unpackedSize: number;
}

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project of a company that has nothing of ours but the packed packages. */
export class CompanyProject {
  readonly folder = mkdtempSync(join(tmpdir(), "bank-platform-"));
  readonly tarballs = mkdtempSync(join(tmpdir(), "holdfast-tarballs-"));

  /** Packs every package of this repository as a release would. */
  async pack(): Promise<PackedPackage[]> {
    const { code, out, err } = await this.run(process.execPath, join(root, "test/pack.mjs"), this.tarballs, "--json");
    if (code !== 0) throw new Error(`test/pack.mjs failed:\n${err}`);
    return Object.values(JSON.parse(out) as PackedPackage[]);
  }

  /** Installs the packages beside the company's own versions of the Pulumi SDK and the AWS provider. */
  install(packages: readonly PackedPackage[], own: Readonly<Record<string, string>>): Promise<Finished> {
    const dependencies = Object.fromEntries([
      ...packages.map(({ name, filename }) => [name, `file:${join(this.tarballs, basename(filename))}`] as const),
      ...Object.entries(own),
    ]);
    this.write(
      "package.json",
      JSON.stringify({ name: "bank-platform", version: "1.0.0", private: true, dependencies }),
    );
    return this.run("npm", "install", ...["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"]);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  copy(from: string, path: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    copyFileSync(from, join(this.folder, path));
  }

  /** Type-checks and compiles with the project's own settings. */
  compile(project: string): Promise<Finished> {
    return this.run(process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", project);
  }

  holdfast(...args: string[]): Promise<Finished> {
    return this.run(process.execPath, join(this.folder, "node_modules/@holdfast/cli/bin/holdfast.js"), ...args);
  }

  run(program: string, ...args: string[]): Promise<Finished> {
    return new Promise((done) => {
      execFile(
        program,
        args,
        { cwd: this.folder, maxBuffer: 256 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1" } },
        (error, out, err) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
          done({ code, out, err: error === null || typeof error.code === "number" ? err : `${err}\n${error.message}` });
        },
      );
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.tarballs, { recursive: true, force: true });
  }
}
