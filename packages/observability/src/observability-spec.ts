import { check, type Duration, durationSeconds, isDuration, type PlainFleet, type Problem } from "@holdfast/core";
import { z } from "zod";
import { engineMetricsProblem } from "./catalogue/metric-catalogue";
import type { ProgramSource } from "./hosts/service-unit";

/** What the monitoring needs to know of a fleet: the plain part of a `FleetEndpoint`. */
export type ObservedFleet = PlainFleet;

/** What the monitoring needs to know of the gateway. */
export interface ObservedGateway {
  /** The gateway's name. */
  readonly name: string;
  /** Hosts at full strength. */
  readonly hosts: number;
  /** Name of the pool of hosts, as their tag `holdfast:pool` says. @default `<name>-hosts` */
  readonly poolName?: string;
  /** Port on which each gateway host serves its metrics. @default 8405 */
  readonly metricsPort?: number;
  /** The name clients connect to, and so the name in the certificate. @default the certificate is read without naming it */
  readonly hostName?: string;
  /** Port clients connect to. @default 443 */
  readonly port?: number;
  /** The gateway's backend per fleet name, as its metrics call it. @default `fleet_<fleet name>` */
  readonly backends?: Readonly<Record<string, string>>;
}

export const severities = ["critical", "warning", "info"] as const;
export type Severity = (typeof severities)[number];

/** Where alerts go. Secrets are files on the host; the compiled configuration holds none. */
export type Notification = SnsNotification | EmailNotification | WebhookNotification | SlackNotification;

interface NotificationBase {
  /** Unique; part of the receiver's name. Lower case letters, digits and hyphens. */
  readonly name: string;
  /** @default critical and warning */
  readonly severities?: readonly Severity[];
}

/** An Amazon SNS topic of yours, reached through its private endpoint with the host's own role. */
export interface SnsNotification extends NotificationBase {
  readonly kind: "sns";
  /** Known at plan time, for example `arn:aws:sns:eu-central-1:123456789012:on-call`. */
  readonly topicArn: string;
}

/** Mail by way of an SNS topic that the component makes: a network without a way out has no mail relay. The addressee confirms once. */
export interface EmailNotification extends NotificationBase {
  readonly kind: "email";
  readonly address: string;
}

/** A POST of Alertmanager's JSON to an address that the hosts can reach, for example an incident system inside the network. */
export interface WebhookNotification extends NotificationBase {
  readonly kind: "webhook";
  /** Where to, when the address is no secret. Exactly one of `url` and `urlSecretArn`. */
  readonly url?: string;
  /** ARN of a secret that holds the address. */
  readonly urlSecretArn?: string;
  /** ARN of a secret with a bearer token. @default none */
  readonly tokenSecretArn?: string;
}

/** An incoming webhook in Slack's form; Mattermost and Rocket.Chat, which run inside a network, understand it too. */
export interface SlackNotification extends NotificationBase {
  readonly kind: "slack";
  /** ARN of a secret that holds the webhook's address. */
  readonly urlSecretArn: string;
  readonly channel: string;
}

/** Everything the monitoring of one environment is derived from. */
export interface ObservabilitySpec {
  /** Name of the environment; on every alert as the label `environment`. */
  readonly environment: string;
  /** Name of the monitoring's own pool of hosts, as their tag `holdfast:pool` says. @default "watch-hosts" */
  readonly poolName?: string;
  /**
   * Tags that tell this environment's hosts from those of another one with fleets of the same names in the same account and region,
   * for example `{ environment: "prod" }`. @default none: the names are enough
   */
  readonly discoveryTags?: Readonly<Record<string, string>>;
  /** AWS region whose hosts are discovered. */
  readonly region: string;
  /** Zone ids the environment is spread over. */
  readonly zones: readonly string[];
  readonly fleets: readonly ObservedFleet[];
  readonly gateway: ObservedGateway;
  /** How long measurements are kept. */
  readonly retention: Duration;
  /** The longest response the environment promises; answers close to it raise an alert. */
  readonly longestResponse: Duration;
  /** @default nobody is told: alerts are visible in Grafana and Alertmanager only */
  readonly notify?: readonly Notification[];
  /** Told every five minutes that alerting works; its silence is the alarm. @default none */
  readonly deadManSwitch?: WebhookNotification;
  /** @default no alert on spending */
  readonly budget?: { readonly monthlyUsd: number };
  /** Share of requests that must not fail with a server error, over 30 days. @default 0.999 (43.2 minutes in 30 days) */
  readonly availability?: number;
  /** Who owns the alerts, a team's name or e-mail address; the label `owner`. @default "platform" */
  readonly owner?: string;
  /** Where the runbooks are served, without a final slash. @default "docs/runbooks", the folder of this repository */
  readonly runbookBase?: string;
  /** How people reach Grafana. @default "https://localhost:3000", the end of a port-forwarding session */
  readonly grafanaUrl?: string;
  /** Size of the volume that holds the measurements. @default computed from fleets, hosts and retention */
  readonly volumeGiB?: number;
  /** How the programs get onto the hosts. @default { kind: "image" } */
  readonly programs?: ProgramSource;
}

const name = z.string().regex(/^[a-z][a-z0-9-]{0,38}$/, "must be lower case letters, digits and hyphens");
const duration = z.custom<Duration>((value) => typeof value === "string" && isDuration(value), {
  message: 'not a duration; write for example "90 days"',
});
const secretArn = z.string().regex(/^arn:[a-z-]+:secretsmanager:/, "must be the ARN of a Secrets Manager secret");
const base = { name, severities: z.array(z.enum(severities)).min(1).optional() };
const webhook = z
  .strictObject({
    ...base,
    kind: z.literal("webhook"),
    url: z
      .url({ protocol: /^https?$/, message: "must be an http or https address" })
      .refine((url) => !/[?&](token|key|secret)=|\/\/[^/]*@/i.test(url), {
        message: "must hold no credential; put the address into a secret and name it in urlSecretArn",
      })
      .optional(),
    urlSecretArn: secretArn.optional(),
    tokenSecretArn: secretArn.optional(),
  })
  .refine((one) => (one.url === undefined) !== (one.urlSecretArn === undefined), {
    message: "needs exactly one of url and urlSecretArn",
  });
const notification = z.discriminatedUnion("kind", [
  z.strictObject({
    ...base,
    kind: z.literal("sns"),
    topicArn: z.string().regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, "must be the ARN of an SNS topic"),
  }),
  z.strictObject({ ...base, kind: z.literal("email"), address: z.email("must be an e-mail address") }),
  webhook,
  z.strictObject({ ...base, kind: z.literal("slack"), urlSecretArn: secretArn, channel: z.string().min(1) }),
]);

/** The settings that the component and the pure compiler share; the component adds what only the cloud knows. */
export const observabilitySettings = {
  retention: duration.refine((value) => durationSeconds(value) >= 86_400, { message: "must be at least one day" }),
  longestResponse: duration,
  notify: z.array(notification).optional(),
  deadManSwitch: webhook.optional(),
  budget: z.strictObject({ monthlyUsd: z.number().positive() }).optional(),
  availability: z.number().min(0.9).max(0.99999).optional(),
  owner: z
    .string()
    .regex(/^[A-Za-z0-9@._+ -]{1,64}$/, "must be a team's name or e-mail address, at most 64 characters")
    .optional(),
  runbookBase: z.string().regex(/[^/]$/, "must not end with a slash").optional(),
  grafanaUrl: z.url({ protocol: /^https$/ }).optional(),
  volumeGiB: z.int().min(10).max(16_384).optional(),
};

const settingsSchema = z.object(observabilitySettings);

/** Every problem of a spec that its types cannot rule out. */
export function observabilityProblems(spec: ObservabilitySpec): Problem[] {
  const checked = check(settingsSchema, pickSettings(spec));
  const problems = checked.ok ? [] : [...checked.problems];
  const seen = new Set<string>();
  spec.fleets.forEach((fleet, index) => {
    const at = `fleets[${index}]`;
    if (seen.has(fleet.fleetName)) {
      problems.push({ path: `${at}.fleetName`, reason: `two fleets are called "${fleet.fleetName}"; rename one` });
    }
    seen.add(fleet.fleetName);
    const problem = engineMetricsProblem({ kind: fleet.engine, version: fleet.engineVersion });
    if (problem !== undefined) problems.push({ path: `${at}.engineVersion`, reason: problem });
  });
  for (const fleet of Object.keys(spec.gateway.backends ?? {})) {
    if (!seen.has(fleet)) problems.push({ path: `gateway.backends.${fleet}`, reason: `there is no fleet "${fleet}"` });
  }
  const names = (spec.notify ?? []).map((one) => one.name);
  names.forEach((one, index) => {
    if (names.indexOf(one) < index) {
      problems.push({ path: `notify[${index}].name`, reason: `two notifications are called "${one}"; rename one` });
    }
  });
  return problems;
}

function pickSettings(spec: ObservabilitySpec): Record<string, unknown> {
  const known = Object.keys(observabilitySettings) as (keyof typeof observabilitySettings)[];
  return Object.fromEntries(known.filter((key) => spec[key] !== undefined).map((key) => [key, spec[key]]));
}
