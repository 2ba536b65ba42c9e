import { readFileSync } from "node:fs";
import Module, { createRequire, SourceMap, type SourceMapPayload } from "node:module";
import { dirname, join } from "node:path";
import type * as esbuild from "esbuild";

interface LoadingModule {
  _compile(code: string, file: string): void;
}
type Extensions = Record<string, ((module: LoadingModule, file: string) => void) | undefined>;

/** Compiled once per content, however often a program is planned. */
const compiled = new Map<string, { readonly source: string; readonly code: string; readonly map: SourceMap }>();

/** The way back from what was compiled here to what its author wrote. */
export function sourceMapOf(file: string): SourceMap | undefined {
  return compiled.get(file)?.map;
}

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
  const { code, map } = transformSync(source, {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcefile: file,
    sourcemap: "external",
    sourcesContent: false,
    tsconfigRaw: compilerOptions(file),
  });
  compiled.set(file, { source, code, map: new SourceMap(JSON.parse(map) as SourceMapPayload) });
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
