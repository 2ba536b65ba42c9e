import type { z } from "zod";
import type { PlannedResource } from "../graph/planned-resource";
import { families } from "../rule/families";
import type { Outcome } from "../rule/outcome";
import { resourceRule, type ResourceRule, type Rule } from "../rule/rule";
import type { Value } from "../rule/value";
import { containersOf, podTemplates } from "../workloads/pod-templates";

type PodRuleFacts<C extends z.ZodObject> = Omit<
  ResourceRule<C>,
  "scope" | "types" | "applies" | "check" | "controls"
> & {
  readonly controls?: ResourceRule["controls"];
  /** Judges one pod and its containers, init and ephemeral ones included. */
  readonly judge: (
    pod: Value,
    containers: readonly Value[],
    config: z.output<C>,
    resource: PlannedResource,
  ) => Iterable<Outcome>;
};

/** Writes down a rule about pods, in every kind of resource that makes them. */
export function podRule<C extends z.ZodObject>({ judge, ...facts }: PodRuleFacts<C>): Rule {
  return resourceRule<C>({
    controls: "workload",
    ...facts,
    types: families.podBearing,
    applies: ({ resource }) => podTemplates(resource).length > 0,
    *check({ resource, config }) {
      for (const pod of podTemplates(resource)) yield* judge(pod, containersOf(pod), config, resource);
    },
  });
}

/** A setting of the security context: the container's own, else the pod's. */
export function securitySetting(pod: Value, container: Value, key: string): Value {
  const own = container.in("securityContext", key);
  return own.absent && !pod.in("securityContext", key).absent ? pod.in("securityContext", key) : own;
}
