import type { z } from "zod";
import type { Outcome } from "../rule/outcome";
import { resourceRule, type ResourceRule, type Rule } from "../rule/rule";
import { enginesOf, type EngineCommand } from "../workloads/engine-command";
import { workloadTypes } from "../workloads/workload";

type EngineRuleFacts<C extends z.ZodObject> = Omit<
  ResourceRule<C>,
  "scope" | "types" | "applies" | "check" | "controls"
> & {
  readonly controls?: ResourceRule["controls"];
  /** Engines that the rule is about. @default all */
  readonly engines?: readonly EngineCommand["kind"][];
  /** Judges one engine. */
  readonly judge: (engine: EngineCommand, config: z.output<C>) => Iterable<Outcome>;
};

/** Writes down a rule about inference engines, wherever the plan starts one: fleets, pods, containers, tasks and hosts. */
export function engineRule<C extends z.ZodObject>({ engines, judge, ...facts }: EngineRuleFacts<C>): Rule {
  const concerned = (resource: Parameters<typeof enginesOf>[0]) =>
    enginesOf(resource).filter(({ kind }) => engines?.includes(kind) ?? true);
  return resourceRule<C>({
    controls: "engine",
    ...facts,
    types: workloadTypes,
    applies: ({ resource }) => concerned(resource).length > 0,
    *check({ resource, config }) {
      for (const engine of concerned(resource)) yield* judge(engine, config);
    },
  });
}
