// Makes the packages as they are published, with compiled code and declarations, and says how large they are:
//   npm run pack [folder]     (out/packages unless a folder is named)
// Everything is put together beside the repository's own files, which stay as they are. `--json` prints what npm reports.
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { compile, packages, root } from "./compile.mjs";

const json = process.argv.includes("--json");
const [named] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const target = resolve(named ?? join(root, "out/packages"));

const stage = mkdtempSync(join(tmpdir(), "holdfast-pack-"));
try {
  const types = join(stage, "types");
  execFileSync(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    ...["-p", join(root, "test/tsconfig.types.json"), "--outDir", types],
  ]);
  const folders = await Promise.all(packages.map((folder) => assemble(folder, join(types, folder, "src"))));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const report = execFileSync(
    "npm",
    ["pack", ...folders, "--pack-destination", target, "--ignore-scripts", "--json", "--loglevel", "error"],
    { cwd: stage, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  process.stdout.write(json ? report : table(Object.values(JSON.parse(report))));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** One package as npm will pack it: its manifest and the files that it lists, compiled code, declarations and the licence. */
async function assemble(folder, types) {
  const from = join(root, folder);
  const to = join(stage, folder);
  mkdirSync(to, { recursive: true });
  const { files } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  const plain = files.filter((file) => file !== "dist" && !file.startsWith("!"));
  for (const file of ["package.json", ...plain]) cpSync(join(from, file), join(to, file), { recursive: true });
  cpSync(join(root, "LICENSE"), join(to, "LICENSE"));
  await compile({ folder: join(from, "src"), outdir: join(to, "dist"), sourcemap: false });
  for (const file of globSync("**/*.d.ts", { cwd: types })) {
    mkdirSync(dirname(join(to, "dist", file)), { recursive: true });
    cpSync(join(types, file), join(to, "dist", file));
  }
  return to;
}

function table(packed) {
  const kib = (bytes) => `${(bytes / 1024).toFixed(0).padStart(7)} KiB`;
  const lines = packed.map(
    ({ name, entryCount, size, unpackedSize }) =>
      `${name.padEnd(24)}${String(entryCount).padStart(5)} files${kib(size)} packed${kib(unpackedSize)} unpacked`,
  );
  return `${[...lines, `in ${target}`].join("\n")}\n`;
}
