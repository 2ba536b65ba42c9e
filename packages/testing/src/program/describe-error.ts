import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { sourceMapOf } from "./typescript";

/** What went wrong, in the words of the program's author. */
export interface Problem {
  /** The message, and the line of the program where it came from. */
  readonly text: string;
  /** Whether a place in the program belongs to it and is missing. */
  readonly placeMissing: boolean;
}

/**
 * An error of a program: its message and where in the program it came from. The way it took through the SDK and through this
 * harness says nothing to the author.
 */
export function describeError(error: unknown): Problem {
  if (!isErrorLike(error)) return { text: String(error), placeMissing: false };
  const name = error.name ?? "Error";
  const text = error.message === "" ? name : `${builtIn.has(name) ? `${name}: ` : ""}${error.message}`;
  if (speaksForItself(error)) return { text, placeMissing: false };
  const place = ownFrame(error.stack ?? "");
  return place === undefined ? { text, placeMissing: true } : { text: `${text}\n  at ${place}`, placeMissing: false };
}

/** The same for the report that the SDK's own runner writes about an error: message, stack and properties in one text. */
export function tidyReport(coloured: string): string {
  const report = stripVTControlCharacters(coloured);
  const lines = report.replace(/^Running program '[^']*' failed with an unhandled exception:\n/, "").split("\n");
  const firstFrame = lines.findIndex((line) => /^\s+at /.test(line));
  const message = (firstFrame < 0 ? lines : lines.slice(0, firstFrame))
    .join("\n")
    .replace(/^(?:<ref \*\d+> )?(?:Uncaught )?(?:Error: )?/, "");
  const place = ownFrame(report);
  return place === undefined ? message.trim() : `${message.trim()}\n  at ${place}`;
}

/** A place in a file; the first line and the first column are 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A place in a file that was compiled, as its author wrote it; the place itself when there is no source map. */
export function findOriginal(position: Position): Position {
  const map = sourceMap(position.file);
  const entry = map?.map.findEntry(position.line - 1, position.column - 1);
  if (map === undefined || entry === undefined || !("originalLine" in entry)) return position;
  const source = fileURLToPath(new URL(entry.originalSource, map.base));
  return { file: source, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

interface LoadedMap {
  readonly map: SourceMap;
  readonly base: URL;
}

const maps = new Map<string, LoadedMap | undefined>();

function sourceMap(file: string): LoadedMap | undefined {
  const compiled = sourceMapOf(file);
  if (compiled !== undefined) return { map: compiled, base: pathToFileURL(file) };
  // Nobody can edit an installed package, and its maps are large.
  if (/[\\/]node_modules[\\/]/.test(file)) return undefined;
  if (!maps.has(file)) maps.set(file, readSourceMap(file));
  return maps.get(file);
}

function readSourceMap(file: string): LoadedMap | undefined {
  try {
    const url = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(file, "utf8"))?.[1];
    if (url === undefined || url.startsWith("data:")) return undefined;
    const base = new URL(url, pathToFileURL(file));
    const payload = JSON.parse(readFileSync(base, "utf8")) as SourceMapPayload;
    // The sources themselves would only take up memory.
    return { map: new SourceMap({ ...payload, sourcesContent: [] }), base };
  } catch {
    return undefined;
  }
}

interface ErrorLike {
  readonly name?: string;
  readonly message: string;
  readonly stack?: string;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === "object" && value !== null && typeof (value as { message?: unknown }).message === "string";
}

/** Names that say something; those of the SDK's and of the program's own errors do not. */
const builtIn = new Set(["TypeError", "RangeError", "ReferenceError", "SyntaxError"]);

/** Errors that are written for the user, who needs no place in the code. */
function speaksForItself(error: object): boolean {
  return ["__pulumiInputPropertiesError", "__pulumiInputPropertyError", "__pulumiRunError"].some(
    (mark) => mark in error,
  );
}

/** The folder of this package's code: what happens in here is never the program's fault. */
const harness = __dirname.replace(/[\\/]program$/, "");

/** The innermost frame that is neither an installed package nor Node.js. */
function ownFrame(stack: string): string | undefined {
  for (const line of stack.split("\n")) {
    const frame = /^\s+at (?:.*\()?(?:file:\/\/)?(\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):(\d+)\)?$/.exec(line);
    const [, file, row, column] = frame ?? [];
    if (file === undefined || /[\\/]node_modules[\\/]/.test(file) || file.startsWith(harness)) continue;
    const place = findOriginal({ file, line: Number(row), column: Number(column) });
    return `${place.file}:${place.line}:${place.column}`;
  }
  return undefined;
}
