import type { PlannedResource } from "../graph/planned-resource";
import {
  hasUnknown,
  isPropertyList,
  isPropertyMap,
  isSecret,
  isUnknown,
  type PropertyMap,
  type PropertyValue,
} from "../graph/property-value";

/**
 * A place in a resource's inputs and what is known about it. Rules walk values instead of plain objects so that what is unknown
 * is met as a case to judge, never as a surprise, and every outcome can name the property it speaks of.
 */
export class Value {
  readonly raw: PropertyValue | undefined;
  /** For example `ingress[0].cidrBlocks`; empty for the inputs as a whole. */
  readonly path: string;

  constructor(raw: PropertyValue | undefined, path = "") {
    this.raw = raw === null ? undefined : raw;
    this.path = path;
  }

  static inputsOf(resource: PlannedResource): Value {
    return new Value(resource.inputs);
  }

  get absent(): boolean {
    return this.raw === undefined;
  }

  /** Known only after deployment, or a secret that no rule sees. */
  get unknown(): boolean {
    return isUnknown(this.raw) || isSecret(this.raw);
  }

  get secret(): boolean {
    return isSecret(this.raw);
  }

  get known(): boolean {
    return !this.absent && !this.unknown;
  }

  /** Whether anything at or below this place is unknown. */
  get partlyUnknown(): boolean {
    return hasUnknown(this.raw);
  }

  /** The value of a key. Below something unknown everything is unknown. */
  at(key: string): Value {
    const path = this.path === "" ? key : `${this.path}.${key}`;
    if (this.unknown) return new Value(this.raw, path);
    return new Value(isPropertyMap(this.raw) && Object.hasOwn(this.raw, key) ? this.raw[key] : undefined, path);
  }

  /** The value at several keys in turn. */
  in(...keys: readonly string[]): Value {
    return keys.reduce<Value>((value, key) => value.at(key), this);
  }

  /** The first of several keys that has a value: providers rename properties. */
  either(...keys: readonly string[]): Value {
    const found = keys.map((key) => this.at(key));
    return found.find((value) => !value.absent) ?? found[0] ?? this;
  }

  /** The entries of a known list; a single object counts as a list of one, as providers accept both. */
  items(): readonly Value[] {
    if (isPropertyList(this.raw)) return this.raw.map((item, index) => new Value(item, `${this.path}[${index}]`));
    if (isPropertyMap(this.raw)) return [this];
    return [];
  }

  /** The entries of a known object. */
  entries(): readonly (readonly [string, Value])[] {
    if (!isPropertyMap(this.raw)) return [];
    return Object.entries(this.raw).map(([key, item]) => [
      key,
      new Value(item, this.path === "" ? key : `${this.path}.${key}`),
    ]);
  }

  get map(): PropertyMap | undefined {
    return isPropertyMap(this.raw) ? this.raw : undefined;
  }

  get text(): string | undefined {
    return typeof this.raw === "string" && !this.unknown ? this.raw : undefined;
  }

  /** A text, number or truth value as a text. */
  get scalar(): string | undefined {
    if (typeof this.raw === "number" || typeof this.raw === "boolean") return String(this.raw);
    return this.text;
  }

  /** A number, also when a provider takes it as a text. */
  get number(): number | undefined {
    if (typeof this.raw === "number") return this.raw;
    const text = this.text;
    return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  }

  /** A truth value, also when a provider takes it as a text. */
  get flag(): boolean | undefined {
    if (typeof this.raw === "boolean") return this.raw;
    if (this.raw === "true") return true;
    return this.raw === "false" ? false : undefined;
  }

  /** The known texts of a list; unknown entries are left out, so ask `partlyUnknown` too. */
  texts(): readonly string[] {
    return this.items().flatMap((item) => item.text ?? []);
  }
}
