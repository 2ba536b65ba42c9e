/** Property values as they travel between the engine and a provider: plain JSON, with `unknownValue` for what is not known yet. */
export type Properties = Readonly<Record<string, unknown>>;

/** The resource that a call is about. */
export interface Subject {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Difference {
  /** Properties that change. */
  readonly changed: readonly { readonly property: string; readonly kind: "add" | "delete" | "update" }[];
  /** Those among them that only a new resource can have. */
  readonly replacing: readonly string[];
  /** The old one has to go first: the two cannot be there at once. */
  readonly deleteFirst: boolean;
}

/** A resource as it is found in the cloud. */
export interface Found {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What a provider answers the engine, without the protocol. */
export interface Provider {
  configure(settings: Readonly<Record<string, string>>): void;
  check(
    subject: Subject,
    olds: Properties,
    news: Properties,
    seed: Buffer,
  ): Promise<{ readonly inputs: Properties; readonly failures: readonly CheckFailure[] }>;
  /** `state` is what is there: the resource's id and its outputs. */
  diff(
    subject: Subject,
    oldInputs: Properties,
    newInputs: Properties,
    state: { readonly id: string; readonly outputs: Properties },
  ): Difference | Promise<Difference>;
  create(subject: Subject, inputs: Properties, preview: boolean): Promise<{ id: string; outputs: Properties }>;
  /** `undefined` when there is no such resource any more. */
  read(
    subject: Subject,
    id: string,
    state: Properties,
    inputs: Properties,
  ): Found | undefined | Promise<Found | undefined>;
  update(subject: Subject, id: string, olds: Properties, inputs: Properties, preview: boolean): Promise<Properties>;
  delete(subject: Subject, id: string, state: Properties): Promise<void>;
}
