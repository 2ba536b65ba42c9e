import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Declarations that a reader of the first one is led to. */
export function declarationsFrom(folder: string, first: string): string[] {
  const found = new Set([first]);
  for (const path of found) {
    for (const [, to = ""] of readFileSync(join(folder, path), "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g)) {
      const base = join(dirname(path), to);
      const target = [`${base}.d.ts`, `${base}/index.d.ts`].find((file) => existsSync(join(folder, file)));
      if (target === undefined) throw new Error(`${path} leads to ${to}, which is not in the package`);
      found.add(target);
    }
  }
  return [...found];
}

/** Packages that a compiled file or a declaration names. */
export function packagesIn(text: string, path: string): string[] {
  const pattern = path.endsWith(".d.ts")
    ? /(?:from|import\()\s*"([^."][^"]*)"/g
    : /\b(?:require|import)\("([^."][^"]*)"\)/g;
  return [...text.matchAll(pattern)].flatMap(([, name = ""]) => {
    if (name.startsWith("node:")) return [];
    return name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/");
  });
}
