import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Where a text occurs that must not occur anywhere. */
export interface Leak {
  /** Key of the configuration whose value it is. */
  readonly key: string;
  readonly place: string;
}

/** Looks for the markers in every file below a folder, in clear and as base64 (user data). */
export function searchMarkers(
  folder: string,
  except: readonly string[],
  markers: readonly { readonly key: string; readonly marker: string }[],
): Leak[] {
  if (markers.length === 0) return [];
  const skipped = except.map((name) => join(folder, name));
  return files(folder, skipped).flatMap((file) => {
    return leaksIn(readFileSync(file), relative(folder, file), markers);
  });
}

/** Looks for the markers in one text, in clear and as base64. */
export function leaksIn(
  content: Buffer | string,
  place: string,
  markers: readonly { readonly key: string; readonly marker: string }[],
): Leak[] {
  return markers
    .filter(({ marker }) => forms(marker).some((form) => content.includes(form)))
    .map(({ key }) => ({ key, place }));
}

/** A text and what it looks like inside of base64, at each of the three offsets; without the digits that its neighbours share. */
function forms(marker: string): string[] {
  const encoded = [0, 1, 2].map((offset) => {
    const text = Buffer.from(`${" ".repeat(offset)}${marker}`).toString("base64");
    return text.slice(4, -4);
  });
  return [marker, ...encoded];
}

function files(folder: string, skipped: readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (skipped.includes(path) || entry.isSymbolicLink()) return [];
    if (entry.isDirectory()) return files(path, skipped);
    return statSync(path).isFile() ? [path] : [];
  });
}
