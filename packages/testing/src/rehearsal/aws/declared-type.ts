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
  readonly #shapes = new Map<string, ReadonlyMap<string, string> | undefined>();
  /** Text of the nested output types; long, so read only when one is asked for. */
  #nested: string | undefined;
  readonly #types = new Map<string, DeclaredType | undefined>();

  constructor(programFolder: string) {
    this.#root = dirname(createRequire(join(programFolder, "program.js")).resolve("@pulumi/aws/package.json"));
  }

  /** `undefined` when the package has no such type. */
  find(token: string): DeclaredType | undefined {
    if (!this.#types.has(token)) this.#types.set(token, this.#read(token));
    return this.#types.get(token);
  }

  /** The fields of a nested output type such as `outputs.ec2.LaunchTemplateIamInstanceProfile`, with their types. */
  shape(name: string): ReadonlyMap<string, string> | undefined {
    if (!this.#shapes.has(name)) this.#shapes.set(name, this.#readShape(name));
    return this.#shapes.get(name);
  }

  #readShape(name: string): ReadonlyMap<string, string> | undefined {
    const [prefix, namespace = "", own = ""] = name.split(".");
    if (prefix !== "outputs") return undefined;
    this.#nested ??= readFileSync(join(this.#root, "types/output.d.ts"), "utf8");
    const body = between(this.#nested, `\nexport declare namespace ${namespace} {`, "\n}");
    const text = between(body, `\n    interface ${own} {`, "\n    }").replace(/\/\*[\s\S]*?\*\//g, "");
    const fields = [...text.matchAll(/^ {8}(\w+)\??: ([\s\S]*?);$/gm)];
    return text === ""
      ? undefined
      : new Map(fields.map(([, field = "", type = ""]) => [field, plainType(type)] as const));
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
