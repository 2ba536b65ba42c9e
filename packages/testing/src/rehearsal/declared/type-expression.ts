/** What a generated declaration says a property may hold. */
export type DeclaredShape =
  | { readonly kind: "anything" }
  | { readonly kind: "text" | "number" | "truth" }
  | { readonly kind: "literal"; readonly value: string }
  | { readonly kind: "list"; readonly item: DeclaredShape }
  | { readonly kind: "map"; readonly value: DeclaredShape }
  | { readonly kind: "fields"; readonly fields: ReadonlyMap<string, DeclaredField> }
  /** An interface of the package, for example `inputs.apps.v1.DeploymentSpec`. */
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "either"; readonly of: readonly DeclaredShape[] };

export interface DeclaredField {
  readonly required: boolean;
  readonly shape: DeclaredShape;
}

const anything: DeclaredShape = { kind: "anything" };
const plain: Readonly<Record<string, DeclaredShape>> = {
  string: { kind: "text" },
  number: { kind: "number" },
  boolean: { kind: "truth" },
};

/** Reads the members of an interface as Pulumi generates them. Anything that it does not know may be anything. */
export function parseMembers(body: string): ReadonlyMap<string, DeclaredField> {
  return new Reader(body).members();
}

class Reader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    const bare = text.replace(/\/\*[\s\S]*?\*\//g, " ");
    this.#words = bare.match(/"[^"]*"|'[^']*'|[\w$.]+|[{}[\]<>|?:;(),]|=>/g) ?? [];
  }

  members(): Map<string, DeclaredField> {
    const fields = new Map<string, DeclaredField>();
    while (this.#peek() !== undefined && this.#peek() !== "}") {
      const name = this.#next().replace(/^["']|["']$/g, "");
      if (name === "readonly" || name === ";") continue;
      const optional = this.#skip("?");
      this.#skip(":");
      fields.set(name, { required: !optional, shape: this.#either() });
      this.#skip(";");
    }
    return fields;
  }

  #either(): DeclaredShape {
    const of: DeclaredShape[] = [];
    do {
      const one = this.#many();
      if (one !== undefined) of.push(one);
    } while (this.#skip("|"));
    const [only, ...others] = of;
    if (only === undefined) return anything;
    return others.length === 0 ? only : { kind: "either", of };
  }

  #many(): DeclaredShape | undefined {
    let shape = this.#one();
    while (this.#peek() === "[" && this.#words[this.#at + 1] === "]") {
      this.#at += 2;
      shape = { kind: "list", item: shape ?? anything };
    }
    return shape;
  }

  /** `undefined` for the word of that name: it is only how TypeScript says that a property may be missing. */
  #one(): DeclaredShape | undefined {
    const word = this.#next();
    if (word === "{") return this.#braces();
    if (word === "(") {
      const inner = this.#either();
      this.#skip(")");
      return inner;
    }
    if (/^["']/.test(word)) return { kind: "literal", value: word.slice(1, -1) };
    const inner = this.#skip("<") ? this.#arguments() : undefined;
    if (word === "undefined") return undefined;
    if (word === "pulumi.Input" || word === "pulumi.Output") return inner ?? anything;
    return plain[word] ?? (word.startsWith("inputs.") ? { kind: "named", name: word } : anything);
  }

  #arguments(): DeclaredShape {
    const first = this.#either();
    while (this.#skip(",")) this.#either();
    this.#skip(">");
    return first;
  }

  #braces(): DeclaredShape {
    if (this.#peek() === "[") {
      // `[key: string]: Value;`
      while (!this.#skip("]")) this.#next();
      this.#skip(":");
      const value = this.#either();
      this.#skip(";");
      this.#skip("}");
      return { kind: "map", value };
    }
    const fields = this.members();
    this.#skip("}");
    return { kind: "fields", fields };
  }

  #peek(): string | undefined {
    return this.#words[this.#at];
  }

  #next(): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw new Error("a declaration ends too early");
    this.#at += 1;
    return word;
  }

  #skip(word: string): boolean {
    const there = this.#peek() === word;
    if (there) this.#at += 1;
    return there;
  }
}
