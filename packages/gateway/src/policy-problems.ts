import { check, mayHandle, nearest, type DataClass, type FleetEndpoint, type Problem } from "@holdfast/core";
import {
  gatewayPolicySchema,
  legiblePolicy,
  withoutKeys,
  type CheckedGatewayPolicy,
  type GatewayPolicy,
} from "./gateway-policy";

/** What of a fleet the policy is checked against. */
export type RoutedFleet = Pick<
  FleetEndpoint,
  "fleetName" | "servedModelName" | "task" | "dataClass" | "hosts" | "rotationNoticeSeconds"
>;

export interface PolicyContext {
  readonly fleets: readonly RoutedFleet[];
  /** Gateway hosts the limits are shared by. */
  readonly hosts: number;
  /** The most sensitive class allowed in the environment. @default "restricted" */
  readonly dataClass?: DataClass;
}

/** Route 53 answers a multivalue name with at most eight records, so a ninth host behind one name would come and go at random. */
export const mostHostsPerName = 8;
/** Seconds after which no gateway sends a new request to an address that has left its DNS name, once the record's TTL is over. */
export const discoverySeconds = 5;

const fix = (path: string, reason: string): Problem => ({ path, reason });
const list = (names: readonly string[]): string => (names.length > 0 ? names.join(", ") : "none");
const hint = (word: string, names: readonly string[]): string => {
  const near = nearest(word, names);
  return near === undefined ? "" : `; did you mean "${near}"?`;
};

/** Everything about a policy that its schema cannot see: names that lead nowhere, classes, shares. Pure; paths are relative to the policy. */
export function policyProblems(policy: CheckedGatewayPolicy, context: PolicyContext): Problem[] {
  return [...clientProblems(policy, context), ...tierProblems(policy, context.hosts)];
}

/** Fleets that cannot stand behind one gateway together; paths are relative to the list of fleets. */
export function fleetProblems(fleets: readonly RoutedFleet[]): Problem[] {
  const problems: Problem[] = [];
  if (fleets.length === 0)
    problems.push(fix("", "must have at least one fleet, got none; pass the ModelFleet components to route to"));
  fleets.forEach((fleet, index) => {
    const path = `[${index}]`;
    const first = fleets.findIndex(
      (other) => other.servedModelName === fleet.servedModelName || other.fleetName === fleet.fleetName,
    );
    if (first < index) {
      problems.push(
        fix(
          path,
          `got fleet "${fleet.fleetName}" serving "${fleet.servedModelName}", as entry [${first}] does; allowed: one fleet per name and model; rename one of them`,
        ),
      );
    }
    if (fleet.hosts > mostHostsPerName) {
      problems.push(
        fix(
          path,
          `got ${fleet.hosts} hosts behind one DNS name; allowed: at most ${mostHostsPerName}, as Route 53 answers no more; use larger instances or split the fleet`,
        ),
      );
    }
    if (fleet.rotationNoticeSeconds < discoverySeconds) {
      problems.push(
        fix(
          path,
          `got a rotation notice of ${fleet.rotationNoticeSeconds} s; allowed: at least ${discoverySeconds} s, the time a gateway needs to notice that an address is gone; raise the fleet's drain`,
        ),
      );
    }
  });
  return problems;
}

function clientProblems(policy: CheckedGatewayPolicy, context: PolicyContext): Problem[] {
  const problems: Problem[] = [];
  const tiers = Object.keys(policy.tiers);
  const models = context.fleets.map((fleet) => fleet.servedModelName);
  const keyOwner = new Map<string, string>();
  const subjectOwner = new Map<string, string>();
  for (const [client, rule] of Object.entries(policy.clients)) {
    const at = `clients.${client}`;
    if (!tiers.includes(rule.tier)) {
      problems.push(
        fix(
          `${at}.tier`,
          `unknown tier, got "${rule.tier}"; allowed: ${list(tiers)}${hint(rule.tier, tiers)}; name one of them or add it to tiers`,
        ),
      );
    }
    if (context.dataClass !== undefined && !mayHandle(context.dataClass, rule.dataClass)) {
      problems.push(
        fix(
          `${at}.dataClass`,
          `above the environment's class, got "${rule.dataClass}"; allowed: up to "${context.dataClass}"; lower it, or raise the environment's class and everything that handles its data`,
        ),
      );
    }
    rule.models.forEach((model, index) => {
      const fleet = context.fleets.find((one) => one.servedModelName === model);
      if (fleet === undefined) {
        problems.push(
          fix(
            `${at}.models[${index}]`,
            `unknown model, got "${model}"; allowed: ${list(models)}${hint(model, models)}; name one of them or add a fleet`,
          ),
        );
      } else if (!mayHandle(fleet.dataClass, rule.dataClass)) {
        problems.push(
          fix(
            `${at}.models[${index}]`,
            `got "${model}", whose fleet handles data up to "${fleet.dataClass}", while the client sends "${rule.dataClass}"; allowed: fleets of class "${rule.dataClass}" or above; take the model off the list or raise the fleet's class`,
          ),
        );
      }
      if (rule.models.indexOf(model) < index)
        problems.push(
          fix(`${at}.models[${index}]`, `got "${model}" a second time; allowed: each model once; remove it`),
        );
    });
    problems.push(...identityProblems(policy, client, keyOwner, subjectOwner));
  }
  return problems;
}

function identityProblems(
  policy: CheckedGatewayPolicy,
  client: string,
  keyOwner: Map<string, string>,
  subjectOwner: Map<string, string>,
): Problem[] {
  const problems: Problem[] = [];
  const rule = policy.clients[client];
  if (rule === undefined) return problems;
  const keyRef = keyRefOf(client, rule);
  if (keyRef !== undefined) {
    const owner = keyOwner.get(keyRef);
    if (owner === undefined) keyOwner.set(keyRef, client);
    else {
      problems.push(
        fix(
          `clients.${client}.keyRef`,
          `got "${keyRef}", which client "${owner}" has already; allowed: one client per key reference; give each client keys of its own`,
        ),
      );
    }
  }
  const subject = rule.certificateSubject;
  if (subject !== undefined) {
    if (policy.tls.clientCertificates === "off") {
      problems.push(
        fix(
          `clients.${client}.certificateSubject`,
          `got "${subject}" while tls.clientCertificates is "off"; allowed: none; require client certificates or remove the subject`,
        ),
      );
    }
    const owner = subjectOwner.get(subject);
    if (owner === undefined) subjectOwner.set(subject, client);
    else if (keyRef === undefined) {
      problems.push(
        fix(
          `clients.${client}.certificateSubject`,
          `got "${subject}", which client "${owner}" has already; allowed: one client per subject unless a key tells them apart; add a keyRef`,
        ),
      );
    }
  }
  return problems;
}

function tierProblems(policy: CheckedGatewayPolicy, hosts: number): Problem[] {
  const problems: Problem[] = [];
  for (const [tier, limit] of Object.entries(policy.tiers)) {
    const shares: [string, number | undefined][] = [["concurrentRequests", limit.concurrentRequests]];
    if (policy.limits.sharing === "divided")
      shares.push(["requestsPerMinute", limit.requestsPerMinute], ["burst", limit.burst]);
    for (const [key, value] of shares) {
      if (value !== undefined && value < hosts) {
        problems.push(
          fix(
            `tiers.${tier}.${key}`,
            `must be at least the number of gateway hosts (${hosts}), because every host admits its share, got ${value}; raise it${key === "concurrentRequests" ? "" : ' or set limits.sharing to "peers"'}`,
          ),
        );
      }
    }
    if (limit.burst !== undefined && limit.burst > limit.requestsPerMinute) {
      problems.push(
        fix(
          `tiers.${tier}.burst`,
          `must be at most requestsPerMinute (${limit.requestsPerMinute}), got ${limit.burst}; lower it or leave it out`,
        ),
      );
    }
  }
  return problems;
}

/** The key reference of a client: its own, or its name; none where the certificate alone identifies it. */
export function keyRefOf(
  client: string,
  rule: { readonly keyRef?: string | undefined; readonly certificateSubject?: string | undefined },
): string | undefined {
  return rule.keyRef ?? (rule.certificateSubject === undefined ? client : undefined);
}

/** A problem without anything that looks like a credential, in its path or in its text. */
export function discreet({ path, reason }: Problem): Problem {
  return { path: withoutKeys(path), reason: withoutKeys(reason) };
}

/**
 * Checks a whole policy against what it stands in front of, form and meaning together. For programs that want every problem of
 * their own document in one error.
 */
export function checkGatewayPolicy(
  policy: GatewayPolicy,
  context: PolicyContext,
): { readonly ok: true; readonly policy: CheckedGatewayPolicy } | { readonly ok: false; readonly problems: Problem[] } {
  const form = check(gatewayPolicySchema, policy);
  const problems = [
    ...(form.ok ? [] : form.problems),
    ...policyProblems(form.ok ? form.value : legiblePolicy(policy), context),
  ];
  return form.ok && problems.length === 0
    ? { ok: true, policy: form.value }
    : { ok: false, problems: problems.map(discreet) };
}
