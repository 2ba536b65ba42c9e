import type { ObservabilitySpec } from "../observability-spec";
import { fleetSignals, overSignal, signalNames } from "./engine-signals";
import { fleetLabels, fleetPromises } from "./promises";
import { selector, type Alert } from "./rule";

/** Alerts on the engines themselves: there, alive, full, and serving the same model. */
export function engineAlerts(spec: ObservabilitySpec): Alert[] {
  return [...availabilityAlerts(spec), ...saturationAlerts(spec), ...faultAlerts(spec)];
}

function availabilityAlerts({ fleets }: ObservabilitySpec): Alert[] {
  const base = { component: "engine", runbook: "fleet-down" } as const;
  return [
    {
      ...base,
      alert: "LLMFleetDown",
      expr: "fleet:llm_replicas:ready == 0",
      for: "1m",
      severity: "critical",
      summary: "{{ $labels.fleet }}: no engine answers",
      description: "No replica of {{ $labels.model }} is in rotation and answers. Clients get errors.",
    },
    {
      ...base,
      alert: "LLMFleetBelowStrength",
      expr: "fleet:llm_replicas:ready < fleet:llm_replicas:promise",
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.fleet }}: only {{ $value }} replicas answer",
      description: "Fewer replicas of {{ $labels.model }} answer than the workload needs.",
    },
    {
      ...base,
      alert: "LLMEngineDown",
      expr: 'up{job="engine"} == 0',
      for: "3m",
      severity: "warning",
      summary: "{{ $labels.fleet }}: engine {{ $labels.instance }} does not answer",
      description:
        "The engine is in rotation, but its metrics cannot be read. It has crashed, hangs, or the network blocks the scrape.",
    },
    // A vanished target has no `up`: absence is its own rule, per fleet, since absence of all has no labels to tell fleets apart.
    ...fleets
      .filter((fleet) => fleetSignals(fleet) !== undefined)
      .map((fleet): Alert => ({
        ...base,
        alert: "LLMEngineTargetsAbsent",
        expr: `absent_over_time(up${selector({ job: "engine", fleet: fleet.fleetName })}[5m])`,
        severity: "critical",
        labels: fleetLabels(fleet),
        summary: `${fleet.fleetName}: no engine is in the fleet's DNS name`,
        description: `Nothing has been found under ${fleet.dnsName} for five minutes: no engine runs, or discovery is broken.`,
      })),
  ];
}

function saturationAlerts(spec: ObservabilitySpec): Alert[] {
  const { fleets } = spec;
  const alerts: Alert[] = [];
  for (const fleet of fleets) {
    if (fleetSignals(fleet) === undefined) continue;
    const { waiting } = fleetPromises(fleet, spec);
    alerts.push({
      alert: "LLMQueueGrowing",
      expr:
        `avg_over_time(model:llm_requests_waiting:sum${selector({ fleet: fleet.fleetName })}[10m]) > ${waiting} ` +
        `and deriv(model:llm_requests_waiting:sum${selector({ fleet: fleet.fleetName })}[15m]) > 0`,
      for: "10m",
      severity: "warning",
      component: "engine",
      runbook: "capacity",
      labels: fleetLabels(fleet),
      summary: `${fleet.fleetName}: {{ $value | humanize }} requests wait, and it grows`,
      description: `More than ${waiting} requests wait in the engines: ${
        fleet.workload.ttftSeconds === undefined
          ? "a whole batch over all replicas."
          : "at the planned arrival rate their wait alone is longer than the promised time to first token."
      }`,
    });
  }
  if (signalNames(fleets, "kvUsage").length > 0) {
    alerts.push(
      {
        alert: "LLMKVCacheSaturated",
        // Usage alone is no alarm: a full cache is a well used one. Together with waiting requests it is a bottleneck.
        expr:
          "engine:llm_kv_cache_usage:max > 0.95 " +
          "and on (fleet, model, instance, node) engine:llm_requests_waiting:sum > 0",
        for: "10m",
        severity: "warning",
        component: "engine",
        runbook: "kv-cache",
        summary:
          "{{ $labels.fleet }}: the KV cache of {{ $labels.instance }} is {{ $value | humanizePercentage }} full while requests wait",
        description: "Requests wait for memory, not for computing time.",
      },
      {
        alert: "LLMPreemptionsSustained",
        expr: "engine:llm_preemptions:rate5m > 0.1",
        for: "15m",
        severity: "warning",
        component: "engine",
        runbook: "kv-cache",
        summary:
          "{{ $labels.fleet }}: {{ $labels.instance }} throws work away {{ $value | humanize }} times per second",
        description: "The engine takes running requests off the GPU to make room and computes them again later.",
      },
    );
  }
  if (signalNames(fleets, "prefixHits").length > 0) {
    alerts.push({
      alert: "LLMPrefixCacheCollapse",
      expr:
        "model:llm_prefix_hit:ratio_rate30m < 0.5 * model:llm_prefix_hit:ratio_rate30m offset 1d " +
        "and model:llm_prefix_hit:ratio_rate30m offset 1d > 0.1",
      for: "30m",
      severity: "info",
      component: "engine",
      runbook: "kv-cache",
      summary: "{{ $labels.fleet }}: only {{ $value | humanizePercentage }} of the prompt tokens come from the cache",
      description:
        "Less than half of yesterday's share. Prompts have changed, or the balancing no longer keeps conversations together.",
    });
  }
  if (signalNames(fleets, "rejections").length > 0) {
    alerts.push({
      alert: "LLMAdmissionRejections",
      expr: "model:llm_rejections:rate5m > 0",
      for: "5m",
      severity: "warning",
      component: "engine",
      runbook: "capacity",
      summary: "{{ $labels.fleet }}: engines turn {{ $value | humanize }} requests per second away",
      description: "The engines' own queue limit is reached, so the gateway sends more than they can hold.",
    });
  }
  alerts.push({
    alert: "LLMLoadImbalance",
    expr:
      "engine:llm_requests_running:sum > 10 and on (fleet, model, instance, node) engine:llm_requests_running:sum " +
      "> on (fleet, model) group_left () 3 * avg by (fleet, model) (engine:llm_requests_running:sum)",
    for: "15m",
    severity: "warning",
    component: "engine",
    runbook: "capacity",
    summary:
      "{{ $labels.fleet }}: {{ $labels.instance }} carries {{ $value | humanize }} requests, three times the average",
    description:
      "One engine gets more than its share: look at the gateway's balancing and at the other engines' health.",
  });
  return signalNames(fleets, "running").length === 0 ? [] : alerts;
}

function faultAlerts({ fleets }: ObservabilitySpec): Alert[] {
  const alerts: Alert[] = [];
  if (signalNames(fleets, "running").length > 0) {
    alerts.push({
      alert: "LLMEngineHung",
      expr:
        "engine:llm_requests_running:sum > 0 and on (fleet, model, instance, node) " +
        "(engine:llm_generation_tokens:rate5m + engine:llm_prompt_tokens:rate5m) == 0",
      for: "5m",
      severity: "critical",
      component: "engine",
      runbook: "engine-hung",
      summary: "{{ $labels.fleet }}: {{ $labels.instance }} holds {{ $value }} requests and produces nothing",
      description:
        "The engine has requests in work but has read and written no token for five minutes, while its health page may still be fine.",
    });
  }
  const errors = overSignal(
    fleets,
    "finished",
    (metric) => `sum by (fleet, model, instance, node) (rate(${metric}{finished_reason="error"}[5m]))`,
  );
  if (errors !== undefined) {
    alerts.push({
      alert: "LLMEngineErrors",
      expr: `${errors} > 0`,
      for: "5m",
      severity: "warning",
      component: "engine",
      runbook: "engine-errors",
      summary:
        "{{ $labels.fleet }}: {{ $labels.instance }} ends {{ $value | humanize }} requests per second in an error",
      description: "An error after the first token is a success for the gateway: only the engine counts it.",
    });
  }
  alerts.push({
    alert: "LLMModelNotVerified",
    expr: "max by (fleet, node, instance_id, model, version) (holdfast_model_verified) == 0",
    for: "30m",
    severity: "critical",
    component: "engine",
    runbook: "model-fingerprint",
    summary: "{{ $labels.fleet }}: {{ $labels.node }} has not verified {{ $labels.model }} {{ $labels.version }}",
    description:
      "The host is still fetching the model, or has refused its files: no engine starts on it until every file is what the manifest says.",
  });
  alerts.push({
    alert: "LLMModelFingerprintMismatch",
    expr: "count by (fleet) (count by (fleet, sha256) (llm_model_manifest_info)) > 1",
    for: "1h",
    severity: "critical",
    component: "engine",
    runbook: "model-fingerprint",
    summary: "{{ $labels.fleet }}: hosts serve {{ $value }} different versions of the model",
    description:
      "The hosts of one fleet have verified different manifests for longer than a rollout takes. The same question gets different answers.",
  });
  return alerts;
}
