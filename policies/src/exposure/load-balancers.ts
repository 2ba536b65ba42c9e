import type { PlannedResource } from "../graph/planned-resource";
import { texts, type Facts } from "./facts";
import { tokens } from "./tokens";

/** What a load balancer hands connections to. */
export interface Forwarding {
  readonly target: PlannedResource;
  /** How, with URNs. */
  readonly hop: string;
}

const targetTypes = [
  ...tokens.instance,
  ...tokens.autoScalingGroup,
  ...tokens.loadBalancer,
  ...tokens.ecsService,
  "aws:lambda/function:Function",
] as const;

/** Which load balancer hands connections to what, over listeners, rules and target groups. */
export class LoadBalancers {
  readonly #targets = new Map<string, Forwarding[]>();
  readonly #ofListener = new Map<string, readonly PlannedResource[]>();
  readonly #forwards = new Map<string, Forwarding[]>();

  constructor(private readonly facts: Facts) {
    this.#readTargets();
    this.#readListeners();
    this.#readClassic();
  }

  forwards(balancer: PlannedResource): readonly Forwarding[] {
    return this.#forwards.get(balancer.urn) ?? [];
  }

  /** The balancers that a listener belongs to. */
  balancersOf(listener: PlannedResource): readonly PlannedResource[] {
    return this.#ofListener.get(listener.urn) ?? [];
  }

  #readTargets(): void {
    const { facts } = this;
    const add = (groups: readonly PlannedResource[], targets: readonly PlannedResource[]): void => {
      for (const group of groups)
        for (const target of targets)
          append(this.#targets, group.urn, { target, hop: `target group "${group.name}" (${group.urn})` });
    };
    for (const group of facts.of(tokens.autoScalingGroup))
      add(facts.joinAll(group, ["targetGroupArns", "trafficSources"], tokens.targetGroup).resources, [group]);
    for (const attachment of [...facts.of(tokens.autoScalingAttachment), ...facts.of(tokens.trafficSource)])
      add(
        facts.joinAll(attachment, ["lbTargetGroupArn", "albTargetGroupArn", "trafficSource"], tokens.targetGroup)
          .resources,
        facts.join(attachment, "autoscalingGroupName", tokens.autoScalingGroup).resources,
      );
    for (const attachment of facts.of(tokens.targetGroupAttachment))
      add(
        facts.join(attachment, "targetGroupArn", tokens.targetGroup).resources,
        facts.join(attachment, "targetId", targetTypes).resources,
      );
    for (const service of facts.of(tokens.ecsService))
      add(facts.join(service, "loadBalancers", tokens.targetGroup).resources, [service]);
  }

  #readListeners(): void {
    const { facts } = this;
    for (const listener of facts.of(tokens.listener)) {
      const balancers = facts.join(listener, "loadBalancerArn", tokens.loadBalancer).resources;
      this.#ofListener.set(listener.urn, balancers);
      this.#addForwards(balancers, listener, "defaultActions");
    }
    for (const rule of facts.of(tokens.listenerRule)) {
      const listeners = facts.join(rule, "listenerArn", tokens.listener).resources;
      const balancers = listeners.flatMap((listener) => this.balancersOf(listener));
      this.#addForwards(balancers, rule, "actions");
    }
  }

  #addForwards(balancers: readonly PlannedResource[], holder: PlannedResource, actions: string): void {
    for (const group of this.facts.join(holder, actions, tokens.targetGroup).resources)
      for (const { target, hop } of this.#targets.get(group.urn) ?? [])
        for (const balancer of balancers)
          append(this.#forwards, balancer.urn, { target, hop: `${this.facts.name(holder)} and ${hop}` });
  }

  #readClassic(): void {
    const { facts } = this;
    for (const balancer of facts.of(tokens.classicLoadBalancer))
      for (const target of facts.join(balancer, "instances", tokens.instance).resources)
        append(this.#forwards, balancer.urn, { target, hop: `instances of ${facts.name(balancer)}` });
    for (const attachment of facts.of(tokens.classicAttachment))
      for (const balancer of facts.join(attachment, "elb", tokens.classicLoadBalancer).resources)
        for (const target of facts.join(attachment, "instance", tokens.instance).resources)
          append(this.#forwards, balancer.urn, { target, hop: facts.name(attachment) });
    for (const group of facts.of(tokens.autoScalingGroup))
      if (
        texts(group.inputs, "loadBalancers").length > 0 ||
        facts.join(group, "loadBalancers", tokens.classicLoadBalancer).present
      )
        for (const balancer of facts.join(group, "loadBalancers", tokens.classicLoadBalancer).resources)
          append(this.#forwards, balancer.urn, { target: group, hop: `instances of ${facts.name(group)}` });
  }
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
