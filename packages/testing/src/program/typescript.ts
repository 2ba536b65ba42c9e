import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as esbuild from "esbuild";

interface LoadingModule {
  _compile(code: string, file: string): void;
}
type Extensions = Record<string, ((module: LoadingModule, file: string) => void) | undefined>;

/** Compiled once per content, however often a program is planned. */
const compiled = new Map<string, { readonly source: string; readonly code: string }>();

/**
 * Lets `require` load TypeScript for as long as a program runs, the way Pulumi's own runner does: each file by itself,
 * without checking types, as CommonJS. Returns the function that undoes it.
 */
export function allowTypeScript(): () => void {
  const extensions = (Module as unknown as { _extensions: Extensions })._extensions;
  const kinds = [".ts", ".cts"];
  const before = kinds.map((kind) => [kind, extensions[kind]] as const);
  for (const kind of kinds) {
    extensions[kind] = (module, file) => {
      module._compile(compile(file), file);
    };
  }
  return () => {
    for (const [kind, loader] of before) {
      if (loader === undefined) Reflect.deleteProperty(extensions, kind);
      else extensions[kind] = loader;
    }
  };
}

function compile(file: string): string {
  const source = readFileSync(file, "utf8");
  const known = compiled.get(file);
  if (known?.source === source) return known.code;
  // Loaded here because a program in JavaScript, and the command line, never need it.
  const { transformSync } = createRequire(__filename)("esbuild") as typeof esbuild;
  const { code } = transformSync(source, {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcefile: file,
    sourcemap: "inline",
    sourcesContent: false,
    tsconfigRaw: compilerOptions(file),
  });
  compiled.set(file, { source, code });
  return code;
}

/** Of the nearest tsconfig.json only the options that change what the code does are used; extended files are not read. */
function compilerOptions(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      return readFileSync(join(folder, "tsconfig.json"), "utf8");
    } catch {
      if (folder === dirname(folder)) return "{}";
    }
  }
}
