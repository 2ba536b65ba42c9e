import { isDeepStrictEqual } from "node:util";
import type { Faults } from "../faults";
import type { CloudName, PretendCloud } from "../pretend-cloud";
import type { CheckFailure, Difference, Found, Properties, Provider, Subject } from "../provider";
import { checkDeclared } from "./check-declared";
import type { Declarations, DeclaredResource } from "./declarations";
import { unknownValue } from "../wire-marks";

/** What a stand-in knows of its provider besides the declarations of its package. */
export interface Ways {
  /** Fills in what the provider fills in: names above all. `random` is hexadecimal, and the same for the same resource and run. */
  complete(subject: Subject, inputs: Properties, olds: Properties, random: string): Properties;
  /** What the service refuses although the declarations allow it. Unknown values are `unknownValue`. */
  refuses(subject: Subject, inputs: Properties): CheckFailure[];
  /** Whether a change of this property needs a new resource. `path` is a property, or one below it after a dot. */
  replaces(type: string): readonly string[] | { readonly allBut: readonly string[] };
  /** Makes it: the id, and what is known from then on besides the inputs. */
  make(subject: Subject, inputs: Properties): Promise<Made> | Made;
  /** Whether the old one has to go before the new one can come. */
  replacesInPlace(type: string, inputs: Properties): boolean;
  /** Takes it away where it is really somewhere. */
  unmake?(type: string, id: string, outputs: Properties): Promise<void>;
  /** Whether it is still where it was really made. */
  isThere?(type: string, id: string): Promise<boolean>;
}

export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/**
 * A structural stand-in for a provider, driven by the declarations of its package: property names and kinds at every depth, what is
 * required, what comes back. What more there is to know of a provider is in its `Ways`.
 */
export class DeclaredStandIn implements Provider {
  readonly #declarations: Declarations;
  readonly #cloud: PretendCloud;
  readonly #faults: Faults;
  readonly #ways: Ways;

  constructor(declarations: Declarations, cloud: PretendCloud, faults: Faults, ways: Ways) {
    this.#declarations = declarations;
    this.#cloud = cloud;
    this.#faults = faults;
    this.#ways = ways;
  }

  configure(): void {
    // Nothing here is anywhere, so it does not matter where.
  }

  check(
    subject: Subject,
    olds: Properties,
    news: Properties,
    seed: Buffer,
  ): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    const declared = this.#declarations.resource(subject.type);
    if (declared === undefined) {
      const reason = `the package that the program uses (${this.#declarations.version}) has no type ${subject.type}`;
      return Promise.resolve({ inputs: news, failures: [{ property: "", reason }] });
    }
    const inputs = this.#ways.complete(subject, news, olds, seed.toString("hex").padEnd(16, "0"));
    const failures = [...checkDeclared(this.#declarations, declared, inputs), ...this.#ways.refuses(subject, inputs)];
    return Promise.resolve({ inputs, failures });
  }

  diff({ type }: Subject, olds: Properties, news: Properties): Difference {
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((name) => !name.startsWith("__"));
    const changed = names
      .filter((name) => !isDeepStrictEqual(olds[name], news[name]))
      .map((property) => ({ property, kind: kindOf(olds[property], news[property]) }));
    const forced = changed
      .map(({ property }) => property)
      .filter((property) => this.#forces(type, property, olds, news));
    return { changed, replacing: forced, deleteFirst: this.#ways.replacesInPlace(type, news) };
  }

  async create(subject: Subject, inputs: Properties, preview: boolean): Promise<Made> {
    const declared = this.#declarations.resource(subject.type);
    const plain = withoutMarks(inputs);
    if (preview) return { id: "", outputs: { ...unknownOutputs(declared, plain), ...plain } };
    return this.#faults.run("create", subject.type, async () => {
      const { id, outputs: made } = await this.#ways.make(subject, plain);
      const outputs = { ...emptyOutputs(declared, plain), ...plain, ...made };
      this.#cloud.put({ ...this.#name(subject.type, id), urn: subject.urn, inputs, outputs });
      return { id, outputs };
    });
  }

  async read({ type }: Subject, id: string): Promise<Found | undefined> {
    const found = this.#cloud.find(this.#name(type, id));
    return (await this.#ways.isThere?.(type, id)) === false ? undefined : found;
  }

  update(subject: Subject, id: string, olds: Properties, inputs: Properties, preview: boolean): Promise<Properties> {
    const { type, urn } = subject;
    const stays = Object.entries(olds).filter(([name]) => !this.#declarations.resource(type)?.inputs.has(name));
    const outputs = { ...Object.fromEntries(stays), ...withoutMarks(inputs) };
    if (preview) return Promise.resolve(outputs);
    return this.#faults.run("update", type, () => {
      if (this.#cloud.find(this.#name(type, id)) === undefined) throw new Error(`not found: ${type} ${id}`);
      this.#cloud.put({ ...this.#name(type, id), urn, inputs, outputs });
      return outputs;
    });
  }

  delete({ type }: Subject, id: string, state: Properties): Promise<void> {
    return this.#faults.run("delete", type, async () => {
      await this.#ways.unmake?.(type, id, state);
      this.#cloud.remove(this.#name(type, id));
    });
  }

  #forces(type: string, property: string, olds: Properties, news: Properties): boolean {
    const ways = this.#ways.replaces(type);
    if ("allBut" in ways) return !ways.allBut.includes(property);
    return ways.some((path) => path.split(".")[0] === property && !isDeepStrictEqual(at(olds, path), at(news, path)));
  }

  #name(type: string, id: string): CloudName {
    return { type, id, scope: "" };
  }
}

/** The value at a path of names. */
export function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, name) => (typeof inner === "object" && inner !== null ? (inner as Properties)[name] : undefined),
      value,
    );
}

function kindOf(old: unknown, now: unknown): "add" | "delete" | "update" {
  if (old === undefined) return "add";
  return now === undefined ? "delete" : "update";
}

/** What only the deployed resource can say. */
function unknownOutputs(declared: DeclaredResource | undefined, inputs: Properties): Properties {
  const names = [...(declared?.outputs ?? [])].filter(([name, { required }]) => required && !(name in inputs));
  return Object.fromEntries(names.map(([name]) => [name, unknownValue]));
}

/** A value of its kind for each output that the stand-in knows nothing of. */
function emptyOutputs(declared: DeclaredResource | undefined, inputs: Properties): Properties {
  const empty = new Map<string, unknown>(Object.entries({ text: "", number: 0, truth: false, list: [], map: {} }));
  const all = [...(declared?.outputs ?? [])].filter(([name, { required }]) => required && !(name in inputs));
  return Object.fromEntries(
    all.map(([name, { shape }]) => [name, empty.get(shape.kind)] as const).filter(([, value]) => value !== undefined),
  );
}

function withoutMarks(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
}
