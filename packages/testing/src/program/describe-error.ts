import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * An error of a program in the words of its author: the message, and the line of the program where it came from. The way it
 * took through the SDK and through this harness says nothing to them.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error) && !isErrorLike(error)) return String(error);
  const message = error.message === "" ? (error.name ?? "error") : error.message;
  const place = ownFrame(error.stack);
  const named =
    error.name === undefined || error.name === "Error" || /Error$/.test(error.name) === false
      ? message
      : `${plainName(error.name)}${message}`;
  return place === undefined ? named : `${named}\n  at ${place}`;
}

/** A place in a generated file as its author wrote it, where there is a source map. */
export function originalPlace(file: string, line: number, column: number): string {
  try {
    const code = readFileSync(file, "utf8");
    const url = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(code)?.[1];
    if (url === undefined || url.startsWith("data:")) return `${file}:${line}:${column}`;
    const path = fileURLToPath(new URL(url, `file://${file}`));
    const entry = new SourceMap(JSON.parse(readFileSync(path, "utf8")) as never).findEntry(line - 1, column - 1);
    if (!("originalLine" in entry)) return `${file}:${line}:${column}`;
    const source = fileURLToPath(new URL(entry.originalSource, `file://${path}`));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  } catch {
    return `${file}:${line}:${column}`;
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

/** `TypeError: ` says something; the SDK's own class names do not. */
function plainName(name: string): string {
  return ["TypeError", "RangeError", "ReferenceError", "SyntaxError"].includes(name) ? `${name}: ` : "";
}

/** The innermost frame that is neither an installed package nor Node.js. */
function ownFrame(stack: string | undefined): string | undefined {
  for (const line of stack?.split("\n").slice(1) ?? []) {
    const frame = /^\s+at (?:.*\()?(?:file:\/\/)?(\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):(\d+)\)?$/.exec(line);
    const [, file, row, column] = frame ?? [];
    if (file === undefined || /[\\/]node_modules[\\/]/.test(file) || file.startsWith(harness)) continue;
    return originalPlace(file, Number(row), Number(column));
  }
  return undefined;
}

/** The folder of this package's code: what happens in here is never the program's fault. */
const harness = `${__dirname.replace(/[\\/]program$/, "")}/`;
