import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { check, formatPath, type Problem } from "./problems";

/**
 * The base of every Holdfast component. It fixes how children are named and parented and which of them are protected, so
 * that a component file holds nothing but wiring.
 */
export abstract class HoldfastComponent extends pulumi.ComponentResource {
  /** The name given by the user; children are `${name}-<role>`. */
  protected readonly componentName: string;

  protected constructor(token: string, name: string, args: object, opts?: pulumi.ComponentResourceOptions) {
    super(token, name, args, opts);
    this.componentName = name;
  }

  /** The logical name of a child: names are a contract, so a role never changes without an alias. */
  protected childName(role: string): string {
    return `${this.componentName}-${role}`;
  }

  /** Options for a child that can be made again from the program at any time. */
  protected child(extra: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { parent: this, ...extra };
  }

  /**
   * Options for a child that holds data: it cannot be deleted or replaced by mistake, and it stays in the cloud when it is
   * removed from the program.
   */
  protected stateful(protect = true, extra: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { parent: this, protect, retainOnDelete: protect, ...extra };
  }
}

/**
 * Validates the plain part of a component's arguments before anything is registered, and throws one
 * `pulumi.InputPropertiesError` with every problem.
 *
 * Only fields named in the schema's shape are looked at: pass `args` whole. A field of the schema that holds a Pulumi
 * Output is itself a problem, because what the plan depends on must be known at plan time.
 */
export function parseArgs<S extends z.ZodObject>(component: string, schema: S, args: object): z.output<S> {
  const outputs: Problem[] = [];
  const plain: Record<string, unknown> = {};
  for (const key of Object.keys(schema.shape)) {
    const value = (args as Record<string, unknown>)[key];
    if (value === undefined) continue;
    findOutputs(value, [key], outputs);
    plain[key] = value;
  }
  if (outputs.length > 0) throw inputProblems(component, outputs);
  const checked = check(schema, plain);
  if (!checked.ok) throw inputProblems(component, checked.problems);
  return checked.value;
}

/** The one error a component throws for bad input. It names every problem; the engine prints it per argument. */
export function inputProblems(component: string, problems: readonly Problem[]): pulumi.InputPropertiesError {
  const lines = problems.map(({ path, reason }) => `  ${path === "" ? "(arguments)" : path}: ${reason}`);
  return new pulumi.InputPropertiesError({
    message: `${component}: ${problems.length} problem${problems.length === 1 ? "" : "s"} in its arguments\n${lines.join("\n")}`,
    errors: problems.map(({ path, reason }) => ({ propertyPath: path, reason })),
  });
}

function findOutputs(value: unknown, path: readonly PropertyKey[], problems: Problem[]): void {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    problems.push({ path: formatPath(path), reason: "must be known at plan time, got an Output; pass a plain value" });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      findOutputs(item, [...path, index], problems);
    });
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) findOutputs(item, [...path, key], problems);
  }
}
