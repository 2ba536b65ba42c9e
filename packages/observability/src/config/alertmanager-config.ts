import type { HostFile } from "@holdfast/core";
import { places } from "../hosts/places";
import type { Notification, ObservabilitySpec, Severity, WebhookNotification } from "../observability-spec";
import { yamlText } from "../yaml-text";

export const alertmanagerPath = "/etc/prometheus/alertmanager.yml";

/** Stands for an address that is in a secret; the start script puts the secret's text in its place, in memory. */
export function secretUrl(secret: string): string {
  return `http://${secret}.secret.invalid/`;
}

/** Stands for the own account's number, which only the host knows; the start script puts it in. */
const ownAccount = "000000000000";

/** Name of the topic that mail goes through. Known at plan time, so that the configuration is. */
export function alertTopicName(environment: string, notification: string): string {
  return `holdfast-${environment}-${notification}-alerts`;
}

/** The file of a notification's secret, by what it holds. */
export function notificationSecret(name: string, what: "url" | "token"): string {
  return `notify-${name}-${what}`;
}

const own = `${places.runtime}/alertmanager`;

/**
 * Routing by severity. A fleet without any engine silences the alerts about its parts, a host that is down those about its GPUs, so
 * that one fault is one message.
 */
export function alertmanagerConfig(spec: ObservabilitySpec): HostFile {
  const { notify = [], deadManSwitch } = spec;
  const config = {
    global: { resolve_timeout: "5m" },
    route: {
      receiver: "nobody",
      group_by: ["alertname", "environment", "fleet"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [
        {
          receiver: deadManSwitch === undefined ? "nobody" : deadManSwitch.name,
          matchers: ['alertname="Watchdog"'],
          group_wait: "0s",
          group_interval: "1m",
          repeat_interval: "5m",
        },
        ...notify.map((notification) => ({
          receiver: notification.name,
          matchers: [`severity=~"${told(notification).join("|")}"`],
          // Everybody who asked for a severity is told.
          continue: true,
        })),
      ],
    },
    inhibit_rules: inhibitions,
    receivers: [
      { name: "nobody" },
      ...[...notify, ...(deadManSwitch === undefined ? [] : [deadManSwitch])].map((notification) =>
        receiver(notification, spec),
      ),
    ],
  };
  return { path: alertmanagerPath, content: yamlText(config), reader: "alertmanager" };
}

const standard: readonly Severity[] = ["critical", "warning"];

function told({ severities = standard }: Notification): readonly Severity[] {
  return severities;
}

const inhibitions = [
  {
    source_matchers: ['alertname="LLMFleetDown"'],
    target_matchers: ['component=~"service|engine|gpu"', 'alertname!="LLMFleetDown"'],
    equal: ["environment", "fleet"],
  },
  {
    source_matchers: ['alertname="GatewayDown"'],
    target_matchers: ['component=~"service|gateway"', 'alertname!="GatewayDown"'],
    equal: ["environment"],
  },
  {
    source_matchers: ['alertname="HostDown"'],
    target_matchers: ['alertname=~"Gpu.*|SignalAbsent|LLMEngineDown|ProbeFailed"'],
    equal: ["environment", "node"],
  },
  {
    source_matchers: ['alertname=~"LLM.*BudgetBurnFast|LLM.*BudgetBurn|LLMErrorRateHigh"'],
    target_matchers: [
      'alertname=~"LLM.*BudgetBurn(Medium|Slow|Creeping)|LLMTimeToFirstTokenHigh|LLMTimePerOutputTokenHigh"',
    ],
    equal: ["environment", "fleet"],
  },
  {
    source_matchers: ['alertname="CertificateExpiresNow"'],
    target_matchers: ['alertname="CertificateExpiresSoon"'],
    equal: ["environment", "instance"],
  },
];

function receiver(notification: Notification, spec: ObservabilitySpec): object {
  const { name } = notification;
  const subject = "[{{ .Status | toUpper }}] {{ .CommonLabels.severity }}: {{ .CommonAnnotations.summary }}";
  switch (notification.kind) {
    case "email":
    case "sns": {
      const topic =
        notification.kind === "sns"
          ? notification.topicArn
          : `arn:aws:sns:${spec.region}:${ownAccount}:${alertTopicName(spec.environment, name)}`;
      return {
        name,
        sns_configs: [
          {
            topic_arn: topic,
            sigv4: { region: topic.split(":")[3] },
            subject,
            message: messageText,
            send_resolved: true,
          },
        ],
      };
    }
    case "webhook":
      return { name, webhook_configs: [webhook(notification)] };
    case "slack":
      return {
        name,
        slack_configs: [
          {
            api_url_file: `${own}/${notificationSecret(name, "url")}`,
            channel: notification.channel,
            title: subject,
            text: messageText,
            send_resolved: true,
          },
        ],
      };
  }
}

function webhook({ name, url, tokenSecretArn }: WebhookNotification): object {
  return {
    url: url ?? secretUrl(notificationSecret(name, "url")),
    send_resolved: true,
    ...(tokenSecretArn !== undefined && {
      http_config: { authorization: { credentials_file: `${own}/${notificationSecret(name, "token")}` } },
    }),
  };
}

const messageText =
  "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\nRunbook: {{ .Annotations.runbook_url }}\n" +
  "Dashboard: {{ .Annotations.dashboard_url }}\n\n{{ end }}";

/** The secrets that the notifications need, by file name. */
export function notificationSecrets(
  spec: Pick<ObservabilitySpec, "notify" | "deadManSwitch">,
): { name: string; arn: string }[] {
  const all: Notification[] = [
    ...(spec.notify ?? []),
    ...(spec.deadManSwitch === undefined ? [] : [spec.deadManSwitch]),
  ];
  return all.flatMap((notification) => {
    if (notification.kind !== "webhook" && notification.kind !== "slack") return [];
    const token = notification.kind === "webhook" ? notification.tokenSecretArn : undefined;
    const { name, urlSecretArn } = notification;
    return [
      ...(urlSecretArn === undefined ? [] : [{ name: notificationSecret(name, "url"), arn: urlSecretArn }]),
      ...(token === undefined ? [] : [{ name: notificationSecret(name, "token"), arn: token }]),
    ];
  });
}
