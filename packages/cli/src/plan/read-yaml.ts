import { readFileSync } from "node:fs";
import type { Problem } from "@holdfast/core";
import { LineCounter, parseDocument } from "yaml";
import { BadInput } from "../exit-code";

/** Parses YAML; every syntax error with its line and column. */
export function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new BadInput(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    const duplicate = error.code === "DUPLICATE_KEY" ? "; two entries have the same name, rename one of them" : "";
    return { path: `line ${line}, column ${col}`, reason: `${lowerFirst(error.message)}${duplicate}` };
  });
  if (problems.length > 0) throw new BadInput(`${path} is not valid YAML`, problems);
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    throw new BadInput(`${path} is not valid YAML`, [
      { path: "", reason: error instanceof Error ? lowerFirst(error.message) : String(error) },
    ]);
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
