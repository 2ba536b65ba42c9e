import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** What was done with one resource, and by what. */
export interface Evidence {
  readonly operation: "validate" | "plan" | "create" | "read" | "update" | "delete";
  readonly urn: string;
  readonly type: string;
  /** `provider`: by the real provider's code, in an emulator where something was to be made; `structural`: by a stand-in. */
  readonly by: "provider" | "structural";
  /** Why it was a stand-in. */
  readonly reason?: string;
  /** Properties that the provider's version does not have. */
  readonly unmapped?: readonly string[];
  /** Properties, in Terraform's names, that the emulator was told and does not tell again. */
  readonly forgotten?: readonly string[];
}

/** A log of what a stand-in provider has done: one JSON document per line, because each command has a process of its own. */
export class EvidenceLog {
  readonly #file: string | undefined;

  /** Without a file nothing is kept. */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  add(evidence: Evidence): void {
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(evidence)}\n`);
  }

  read(): Evidence[] {
    if (this.#file === undefined || !existsSync(this.#file)) return [];
    return readFileSync(this.#file, "utf8")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Evidence]));
  }
}
