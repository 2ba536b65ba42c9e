import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { Environment } from "@holdfast/environment";
import { ResourceGraph } from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";
import { Edit, Prod, type Mutation } from "./mutation";

const root = resolve(__dirname, "../..");
const holder = "test:index:Mutation";

/** The prod program as it is, and as each mutation makes it. */
export interface MutatedPrograms {
  readonly clean: ResourceGraph;
  of(mutation: Mutation): ResourceGraph;
}

/** The configuration of an environment, as Pulumi passes it to the program. */
export function stackConfig(stack: string): Record<string, string> {
  const file = parse(readFileSync(resolve(root, `stacks/config/Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(file.config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/**
 * Plans the prod program once, with the code of every mutation behind it, each below a component of its own; the plan of one
 * mutation is the prod program with that component alone.
 */
export async function planMutations(mutations: readonly Mutation[]): Promise<MutatedPrograms> {
  const { graph } = await planProgram({
    project: "holdfast",
    stack: "prod",
    config: stackConfig("prod"),
    workDir: root,
    program: () => {
      const made = captureResources();
      // As stacks/index.ts does. Imported from here that file would be compiled in the middle of a plan, which on a slow machine takes
      // longer than a program may wait for something that the engine does not see.
      const document = new pulumi.Config("holdfast").requireObject<unknown>("environment");
      new Environment(pulumi.getStack(), { document });
      for (const { name, add } of mutations) {
        const parent = new pulumi.ComponentResource(holder, name);
        add?.(new Prod(made), { parent });
      }
    },
  });
  const added = new Set(
    graph.ofType(holder).flatMap(({ urn }) => [urn, ...graph.descendants(urn).map((one) => one.urn)]),
  );
  const clean = new ResourceGraph(graph.resources.filter(({ urn }) => !added.has(urn)));
  return {
    clean,
    of: (mutation) => {
      const own = graph
        .ofType(holder)
        .filter(({ name }) => name === mutation.name)
        .flatMap(({ urn }) => graph.descendants(urn));
      const edit = new Edit(new ResourceGraph([...clean.resources, ...own]));
      mutation.change?.(edit);
      return edit.result();
    },
  };
}

/** Everything that the program registers from now on, by type and name. */
function captureResources(): ReadonlyMap<string, pulumi.Resource> {
  const made = new Map<string, pulumi.Resource>();
  pulumi.runtime.registerStackTransformation(({ type, name, resource }) => {
    made.set(`${type}::${name}`, resource);
    return undefined;
  });
  return made;
}
