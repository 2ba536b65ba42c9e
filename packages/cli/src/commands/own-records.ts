import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAdditions, extendCatalogue } from "@holdfast/catalog";
import type { Problem } from "@holdfast/core";
import { BadInput } from "../exit-code";

/** A file of records of one's own, judged. */
export interface OwnFile {
  readonly file: string;
  readonly document: unknown;
  readonly problems: readonly Problem[];
}

/** The JSON files of a folder, judged one by one. A folder that is not there holds none. */
export function judgeOwnRecords(folder: string): OwnFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      try {
        const document: unknown = JSON.parse(readFileSync(file, "utf8"));
        const checked = checkAdditions(document);
        return { file, document, problems: checked.ok ? [] : checked.problems };
      } catch (error) {
        const reason = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
        return { file, document: undefined, problems: [{ path: "", reason }] };
      }
    });
}

/** Takes the records of a folder's files into the catalogue of this process, or names all that is wrong with them. Answers what takes them out again. */
export function readOwnRecords(folder: string): () => void {
  const files = judgeOwnRecords(folder);
  const problems = files.flatMap((one) =>
    one.problems.map(({ path, reason }) => ({ path: path === "" ? one.file : `${one.file} ${path}`, reason })),
  );
  if (problems.length > 0) throw new BadInput(`${folder} holds records that the catalogue cannot take`, problems);
  return extendAll(files);
}

/** Takes sound files in, each judged again beside those before it. */
export function extendAll(files: readonly OwnFile[]): () => void {
  const undone: (() => void)[] = [];
  const undo = () => {
    while (undone.length > 0) undone.pop()?.();
  };
  try {
    for (const { document } of files) undone.push(extendCatalogue(document));
    return undo;
  } catch (error) {
    undo();
    throw new BadInput(
      `${files.map(({ file }) => file).join(", ")}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
