import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Properties } from "./provider";
import type { KeptState } from "./terraform/provider-resources";

/** What tells one thing in the cloud from every other. */
export interface CloudName {
  readonly type: string;
  readonly id: string;
  /** What the id is unique in: a region, an auto scaling group. */
  readonly scope: string;
}

/** One thing that the stand-in made. */
export interface CloudResource extends CloudName {
  /** The URN that it was made for. */
  readonly urn: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** When it was made, milliseconds. */
  readonly made?: number | undefined;
  /** The real provider's state of what it made in an emulator; absent when the resource is made up. */
  readonly real?: KeptState | undefined;
  /** Why it was made up. */
  readonly why?: string | undefined;
}

/**
 * What a stand-in provider has made so far: one file per resource in a folder, so that it outlives the provider's process, and so
 * that a resource is there or not there and never half there, also when the process is killed. A test may change or delete a
 * file between two commands: somebody did that by hand in the cloud.
 */
export class PretendCloud {
  readonly #folder: string;
  readonly #resources = new Map<string, CloudResource>();
  /** Digests of the identifiers of everything that was ever made here; digests, because any output may be a secret. */
  readonly #known = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
      const resource = JSON.parse(readFileSync(join(folder, name), "utf8")) as CloudResource;
      this.#resources.set(key(resource), resource);
    }
    if (existsSync(this.#knownFile))
      for (const id of readFileSync(this.#knownFile, "utf8").split("\n")) this.#known.add(id);
  }

  get resources(): readonly CloudResource[] {
    return [...this.#resources.values()];
  }

  find(name: CloudName): CloudResource | undefined {
    return this.#resources.get(key(name));
  }

  /** Whether something of this identifier was made here, be it there still or gone. What was not belongs to somebody else. */
  knows(id: string): boolean {
    return this.#known.has(digest(id));
  }

  put(resource: CloudResource): void {
    this.#learn(resource);
    const file = this.#file(resource);
    const before = this.#resources.get(key(resource));
    const text = JSON.stringify(resource, null, 1);
    // A refresh finds most things as they were.
    if (before !== undefined && JSON.stringify(before, null, 1) === text) return;
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    this.#resources.set(key(resource), resource);
  }

  remove(name: CloudName): void {
    rmSync(this.#file(name), { force: true });
    this.#resources.delete(key(name));
  }

  /** Notes its identifier and those of what comes with it, such as a network's own security group. */
  #learn({ id, inputs, outputs }: CloudResource): void {
    const given = Object.values(inputs);
    const news = [id, ...Object.values(outputs)]
      .flatMap((one) => (typeof one === "string" && one !== "" && !given.includes(one) ? [digest(one)] : []))
      .filter((one) => !this.#known.has(one));
    if (news.length === 0) return;
    appendFileSync(this.#knownFile, `${news.join("\n")}\n`);
    for (const one of news) this.#known.add(one);
  }

  get #knownFile(): string {
    return `${this.#folder}.known`;
  }

  #file(name: CloudName): string {
    return join(this.#folder, `${digest(key(name))}.json`);
  }
}

function key({ type, id, scope }: CloudName): string {
  return `${type} ${scope} ${id}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
