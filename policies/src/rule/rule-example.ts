import type { PropertyValue } from "../graph/property-value";

/** A resource of an example, written as short as possible. */
export interface ExampleResource {
  readonly type: string;
  readonly name: string;
  /** Inputs. `ref("name")` stands for an unknown output of another resource of the example. */
  readonly inputs?: Readonly<Record<string, ExampleValue>>;
  readonly outputs?: Readonly<Record<string, PropertyValue>>;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly provider?: string;
}

export interface Reference {
  readonly referenceTo: string;
}
export type ExampleValue =
  PropertyValue | Reference | readonly ExampleValue[] | { readonly [key: string]: ExampleValue };

/** A small plan and exactly what a rule says about it. */
export interface RuleExample {
  /** What the example shows. */
  readonly name: string;
  readonly resources: readonly ExampleResource[];
  readonly config?: Readonly<Record<string, unknown>>;
  /** Every violation and open question, as `<verdict> <resource> <property>`; none means that the rule passes. */
  readonly expect: readonly string[];
}

/** The examples of a rule. They are its tests and a part of its documentation. */
export interface RuleExamples {
  readonly rule: string;
  readonly pass: readonly RuleExample[];
  readonly fail: readonly RuleExample[];
  /** Absent only when nothing that the rule looks at can be unknown. */
  readonly undetermined?: readonly RuleExample[];
}

/** An output of another resource of the example that is known only after deployment. */
export function ref(name: string): Reference {
  return { referenceTo: name };
}
