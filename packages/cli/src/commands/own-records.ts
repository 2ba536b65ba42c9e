import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAdditions, extendCatalogue } from "@holdfast/catalog";
import { BadInput } from "../exit-code";

/**
 * Takes the records of a folder's JSON files into the catalogue of this process. A folder that is not there holds none. Answers how
 * many files there were, and what takes them out again.
 */
export function readOwnRecords(folder: string): { readonly files: number; readonly undo: () => void } {
  if (!existsSync(folder)) return { files: 0, undo: () => undefined };
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
  const undone: (() => void)[] = [];
  const undo = () => {
    while (undone.length > 0) undone.pop()?.();
  };
  try {
    for (const name of files) undone.push(extendCatalogue(readRecords(join(folder, name))));
  } catch (error) {
    undo();
    throw error;
  }
  return { files: files.length, undo };
}

/** One file of records, judged. */
function readRecords(file: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new BadInput(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const checked = checkAdditions(document);
  if (!checked.ok) throw new BadInput(`${file} holds records that the catalogue cannot take`, checked.problems);
  return document;
}
