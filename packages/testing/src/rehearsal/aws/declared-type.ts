import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What the type declarations of `@pulumi/aws` say about a resource type. */
export interface DeclaredType {
  /** Properties that a program may give, by name. */
  readonly inputs: ReadonlyMap<string, { readonly required: boolean; readonly type: string }>;
  /** Everything that the resource has once it exists: its type in TypeScript, `optional` when it may be missing. */
  readonly outputs: ReadonlyMap<string, { readonly optional: boolean; readonly type: string }>;
}

/**
 * Reads resource types out of the `@pulumi/aws` that the program itself uses. The package carries no schema, but its declarations
 * are generated from it, one file per resource, all of the same form.
 */
export class DeclaredTypes {
  readonly #root: string;
  readonly #types = new Map<string, DeclaredType | undefined>();

  constructor(programFolder: string) {
    this.#root = dirname(createRequire(join(programFolder, "program.js")).resolve("@pulumi/aws/package.json"));
  }

  /** `undefined` when the package has no such type. */
  find(token: string): DeclaredType | undefined {
    if (!this.#types.has(token)) this.#types.set(token, this.#read(token));
    return this.#types.get(token);
  }

  #read(token: string): DeclaredType | undefined {
    const [, path = "", name = ""] = token.split(":");
    const file = join(this.#root, `${path}.d.ts`);
    if (!existsSync(file)) return undefined;
    const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    const classBody = between(text, `export declare class ${name} `, "\n}");
    const argsBody = between(text, `export interface ${name}Args {`, "\n}");
    const inputs = [...argsBody.matchAll(/^ {4}(\w+)(\??): pulumi\.Input<([\s\S]*?)>;$/gm)];
    const outputs = [...classBody.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([\s\S]*?)>;$/gm)];
    return {
      inputs: new Map(
        inputs.map(([, property = "", mark, type = ""]) => [
          property,
          { required: mark === "", type: plainType(type) },
        ]),
      ),
      outputs: new Map(
        outputs.map(([, property = "", type = ""]) => [
          property,
          { optional: type.endsWith("| undefined"), type: plainType(type) },
        ]),
      ),
    };
  }
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  return from < 0 ? "" : text.slice(from, text.indexOf(end, from));
}

function plainType(type: string): string {
  return type
    .replace(/\| undefined/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
