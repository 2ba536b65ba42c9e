import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseMembers, type DeclaredField } from "./type-expression";

/** What a resource type takes and gives. */
export interface DeclaredResource {
  readonly inputs: ReadonlyMap<string, DeclaredField>;
  /** Everything that the resource has once it exists; not required: it may be missing. */
  readonly outputs: ReadonlyMap<string, DeclaredField>;
}

/**
 * Reads the declarations of a Pulumi provider package that the program itself uses. The packages carry no schema, but their
 * declarations are generated from it: one file per resource, and one with the shapes inside of them.
 */
export class Declarations {
  readonly #root: string;
  readonly #resources = new Map<string, DeclaredResource | undefined>();
  readonly #shapes = new Map<string, ReadonlyMap<string, DeclaredField> | undefined>();
  #inputs: string | undefined;

  constructor(packageName: string, programFolder: string) {
    this.#root = dirname(createRequire(join(programFolder, "program.js")).resolve(`${packageName}/package.json`));
  }

  get version(): string {
    return (JSON.parse(readFileSync(join(this.#root, "package.json"), "utf8")) as { version: string }).version;
  }

  /** `undefined` when the package has no such type. */
  resource(token: string): DeclaredResource | undefined {
    if (!this.#resources.has(token)) this.#resources.set(token, this.#readResource(token));
    return this.#resources.get(token);
  }

  /** The fields of a shape by its name, for example `inputs.apps.v1.DeploymentSpec`. */
  fieldsOf(name: string): ReadonlyMap<string, DeclaredField> | undefined {
    if (!this.#shapes.has(name)) this.#shapes.set(name, this.#readShape(name));
    return this.#shapes.get(name);
  }

  #readResource(token: string): DeclaredResource | undefined {
    const [, path = "", name = ""] = token.split(":");
    // `index/container` is a file of the package's own folder; `apps/v1` is a folder, whose files are named after their class, and
    // so is `networking/v1` of the API group `networking.k8s.io`.
    const lower = name.charAt(0).toLowerCase() + name.slice(1);
    const file = [`${path.replace(/^index\//, "")}.d.ts`, `${path.replace(/\.[^/]*/, "")}/${lower}.d.ts`]
      .map((one) => join(this.#root, one))
      .find((one) => existsSync(one) && readFileSync(one, "utf8").includes(`export declare class ${name} `));
    if (file === undefined) return undefined;
    const text = readFileSync(file, "utf8");
    const outputs = between(text, `export declare class ${name} `, "\n}")
      .split("\n    readonly ")
      .slice(1)
      .map((member) => member.slice(0, member.search(/;\n/) + 1));
    return {
      inputs: parseMembers(between(text, `export interface ${name}Args {`, "\n}")),
      outputs: new Map(
        outputs.flatMap((member) =>
          [...parseMembers(member)].map(([property, field]) => [
            property,
            { ...field, required: !member.endsWith("| undefined>;") },
          ]),
        ),
      ),
    };
  }

  #readShape(name: string): ReadonlyMap<string, DeclaredField> | undefined {
    this.#inputs ??= readFileSync(join(this.#root, "types/input.d.ts"), "utf8");
    const [last = "", ...outer] = name.split(".").slice(1).reverse();
    let text = this.#inputs;
    let indent = "";
    for (const space of outer.reverse()) {
      const start = new RegExp(`\\n${indent}(?:export )?(?:declare )?namespace ${space} \\{`).exec(text)?.[0];
      text = start === undefined ? "" : between(text, start, `\n${indent}}`);
      indent += "    ";
    }
    const start = new RegExp(`\\n${indent}(?:export )?interface ${last} \\{`).exec(`\n${text}`)?.[0];
    return start === undefined ? undefined : parseMembers(between(`\n${text}`, start, `\n${indent}}`));
  }
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  if (from < 0) return "";
  const inner = from + start.length;
  const to = text.indexOf(end, inner);
  return text.slice(inner, to < 0 ? undefined : to);
}
