import type { PropertyMap } from "./property-value";

/** One resource of a plan. The first ten fields are those of `resources[]` in plan.json. */
export interface PlannedResource {
  readonly urn: string;
  /** Type token, for example `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly name: string;
  /** URN of the parent; absent for the stack itself. */
  readonly parent?: string;
  /** Whether a provider manages it; false for components. */
  readonly custom: boolean;
  /** What the program asked for. Unknowns and secrets are markers. */
  readonly inputs: PropertyMap;
  /** URNs of everything it depends on. */
  readonly dependencies: readonly string[];
  /** For each input property, the URNs whose outputs flow into it. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  /** The provider that manages it, as `<urn>::<id>`; absent for components. */
  readonly provider?: string;

  /** The cloud's identifier; absent while it is not known. */
  readonly id?: string;
  /** Registered outputs of a component; known outputs of a resource that exists. */
  readonly outputs?: PropertyMap;
  /** It exists already and is only read, never changed. @default false */
  readonly external?: boolean;
  /** It stays in the cloud when it leaves the program; "unseen" in a policy pack, which the engine does not tell. @default false */
  readonly retainOnDelete?: boolean | "unseen";
  /** A replacement deletes the old one first. @default decided by the provider */
  readonly deleteBeforeReplace?: boolean;
  /** Property paths whose changes are not deployed. */
  readonly ignoreChanges?: readonly string[];
  /** Property paths whose changes replace it. */
  readonly replaceOnChanges?: readonly string[];
  /** URNs under which it was known before. */
  readonly aliases?: readonly string[];
  /** URN of the resource whose deletion deletes this one too. */
  readonly deletedWith?: string;
  /** Version of the provider package that the program asked for. */
  readonly version?: string;
  /** Identifier of an existing cloud resource to adopt. */
  readonly importId?: string;
  /** Output properties that are secret besides those the provider says are. */
  readonly additionalSecretOutputs?: readonly string[];
  /** Longest times for creating, updating and deleting, for example `"30m"`. */
  readonly customTimeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
  /** Names of hooks bound to it, by the moment at which they run, for example `afterCreate`. */
  readonly hooks?: Readonly<Record<string, readonly string[]>>;
  /** Where in the program it was written, for example `project:///index.ts#4,3`: file below Pulumi.yaml, line, column. */
  readonly sourcePosition?: string;
}
