import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compileObservability } from "../compile-observability";
import { alertCases, type AlertCase } from "../fixtures/alert-cases";
import { fillTemplate } from "../fixtures/alert-template";
import { prodLikeSpec } from "../fixtures/prod-like-spec";
import { installed, layOut, read } from "../fixtures/real-readers";
import { hostLabels, series, type InputSeries } from "../fixtures/series";
import { yamlText } from "../yaml-text";
import { seriesNames } from "./absence-alerts";
import { rulePaths } from "./rule-files";
import { runbooks } from "./rule";

interface CompiledAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface CompiledRecording {
  readonly record: string;
  readonly expr: string;
}

// What is tested is what would be deployed: the compiled files, read back.
const files = compileObservability(prodLikeSpec);
const rulesIn = <Rule>(path: string): Rule[] => {
  const text = files.find((file) => file.path === path)?.content ?? "";
  return (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
};
const recordings = rulesIn<CompiledRecording>(rulePaths.recordings);
const alerts = rulesIn<CompiledAlert>(rulePaths.alerts);
const values = alerts.filter(({ alert }) => alert !== "SignalAbsent" && alert !== "TargetsAbsent");
const promtool = installed("promtool");

/** The compiled rule that a case is about: the one of the case's fleet where there is one per fleet. */
function ruleOf({ alert, labels }: AlertCase): CompiledAlert {
  const [only, ...more] = alerts.filter(
    (one) => one.alert === alert && (one.labels.fleet ?? labels.fleet) === labels.fleet,
  );
  if (only === undefined || more.length > 0)
    throw new Error(`${alert}: ${more.length + (only ? 1 : 0)} rules for ${JSON.stringify(labels)}`);
  return only;
}

function minutes(duration: string | undefined): number {
  if (duration === undefined) return 0;
  return Number.parseInt(duration, 10) * (duration.endsWith("h") ? 60 : 1);
}

interface TestGroup {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly InputSeries[];
  readonly alert_rule_test?: readonly object[];
  readonly promql_expr_test?: readonly object[];
}

/** What promtool is told to expect: the alert with every label and text, nothing before its time is up, nothing just below. */
function testGroups(one: AlertCase): TestGroup[] {
  const rule = ruleOf(one);
  const labels = { ...one.labels, ...rule.labels };
  const texts = Object.entries(rule.annotations).map(([key, text]) => [key, fillTemplate(text, labels, one.value)]);
  const expected = { exp_labels: labels, exp_annotations: Object.fromEntries(texts) as Record<string, string> };
  const early = minutes(rule.for) - (one.every ?? 1);
  const test = (at: number, exp_alerts: object[]) => ({ eval_time: `${at}m`, alertname: one.alert, exp_alerts });
  const firing: TestGroup = {
    name: `${one.alert} fires`,
    interval: "1m",
    input_series: one.fires,
    alert_rule_test: [...(early >= 0 ? [test(early, [])] : []), test(one.at, [expected])],
  };
  if (one.alert === "Watchdog") return [firing];
  return [
    firing,
    {
      name: `${one.alert} stays silent`,
      interval: "1m",
      input_series: one.silent,
      alert_rule_test: [test(one.at, [])],
    },
  ];
}

/** The recordings an expression rests on, in the order of the compiled file. Evaluating all of them for every test would take minutes. */
function recordingsBehind(exprs: readonly string[]): CompiledRecording[] {
  const records = new Set(recordings.map(({ record }) => record));
  const needed = new Set<CompiledRecording>();
  const visit = (expr: string) => {
    for (const name of seriesNames(expr, (word) => records.has(word))) {
      for (const recording of recordings) {
        if (recording.record !== name || needed.has(recording)) continue;
        needed.add(recording);
        visit(recording.expr);
      }
    }
  };
  exprs.forEach(visit);
  return recordings.filter((recording) => needed.has(recording));
}

interface Suite {
  readonly rules: readonly CompiledAlert[];
  readonly groups: readonly TestGroup[];
  readonly every: number;
}

/** Runs suites of tests in one promtool, each against its alerts as compiled and the recordings behind them. */
function promtoolTest(suites: readonly Suite[]): { status: number | null; output: string } {
  const root = layOut(
    suites.flatMap(({ rules, groups, every }, index) => [
      {
        path: `/${index}/rules.yml`,
        content: yamlText({
          groups: [{ name: "all", rules: [...recordingsBehind(rules.map(({ expr }) => expr)), ...rules] }],
        }),
        reader: "prometheus-rules",
      },
      {
        path: `/${index}/tests.yml`,
        content: yamlText({ rule_files: ["rules.yml"], evaluation_interval: `${every}m`, tests: groups }),
        reader: "prometheus-tests",
      },
    ]),
  );
  return read("promtool", ["test", "rules", ...suites.map((_, index) => join(root, `${index}/tests.yml`))]);
}

function suiteOf(one: AlertCase): Suite {
  return { rules: [ruleOf(one)], groups: testGroups(one), every: one.every ?? 1 };
}

describe("every alert", () => {
  it("has a case that makes it fire and one that does not", () => {
    const covered = new Set(alertCases.map(({ alert }) => alert));
    expect(values.filter(({ alert }) => !covered.has(alert)).map(({ alert }) => alert)).toEqual([]);
  });

  it("carries severity, component, owner, texts, a runbook that exists and a dashboard that exists", () => {
    const folder = resolve(__dirname, "../../../../docs/runbooks");
    const dashboards = files
      .filter(({ reader }) => reader === "grafana-dashboard")
      .map(({ path }) => path.replace(/^.*\/|\.json$/g, ""));
    const written = new Set(readdirSync(folder));
    for (const { alert, labels, annotations } of alerts) {
      expect(labels.severity, alert).toMatch(/^(critical|warning|info)$/);
      expect(labels.component, alert).toMatch(/^(service|engine|gateway|gpu|host|cost|monitoring)$/);
      expect(labels.owner, alert).toBe("platform");
      expect(annotations.summary?.length, alert).toBeGreaterThan(5);
      expect(annotations.description?.length, alert).toBeGreaterThan(10);
      const runbook = annotations.runbook_url?.replace("docs/runbooks/", "") ?? "";
      expect(written.has(runbook), `${alert}: ${runbook}`).toBe(true);
      const text = readFileSync(join(folder, runbook), "utf8");
      const kind = alert === "SignalAbsent" || alert === "TargetsAbsent" ? "SignalAbsent" : alert;
      expect(text.includes(kind), `${runbook} says nothing of ${alert}`).toBe(true);
      expect(dashboards).toContain(annotations.dashboard_url?.replace("https://localhost:3000/d/", ""));
    }
  });

  it("has runbooks that say how to diagnose, fix, verify and whom to call", () => {
    for (const runbook of runbooks) {
      const text = readFileSync(resolve(__dirname, `../../../../docs/runbooks/${runbook}.md`), "utf8");
      for (const part of ["## Look", "## Fix", "## Check", "## Escalate"]) expect(text, runbook).toContain(part);
    }
  });
});

describe.skipIf(!promtool)("promtool", () => {
  it("accepts the compiled rules without a single lint warning", () => {
    const root = layOut(files);
    const { status, output } = read("promtool", [
      "check",
      "rules",
      "--lint=all",
      "--lint-fatal",
      ...Object.values(rulePaths).map((path) => join(root, path)),
    ]);
    expect(status, output).toBe(0);
    expect(output.match(/SUCCESS/g)).toHaveLength(2);
  });

  it("sees every alert fire at its threshold and stay silent below it", { timeout: 120_000 }, () => {
    const { status, output } = promtoolTest(alertCases.map(suiteOf));
    expect(status, output).toBe(0);
  });

  it("would notice an alert that fires too early, or with another text", () => {
    const [broken] = alertCases.filter(({ alert }) => alert === "LLMTimeToFirstTokenHigh");
    expect(broken).toBeDefined();
    if (broken === undefined) return;
    expect(promtoolTest([suiteOf(broken)]).status).toBe(0);
    expect(promtoolTest([suiteOf({ ...broken, at: 9 })]).status).not.toBe(0);
    expect(promtoolTest([suiteOf({ ...broken, value: 3.5 })]).status).not.toBe(0);
    expect(promtoolTest([suiteOf({ ...broken, silent: broken.fires })]).status).not.toBe(0);
  });
});

describe.skipIf(!promtool)("absence", () => {
  const targets: readonly InputSeries[] = [
    ...(["gateway", "probe", "prometheus", "alertmanager"] as const).map((job) =>
      series("up", { ...hostLabels(job, job), probe: "p" }, "1x30"),
    ),
    series("up", hostLabels("node", "serving", 1, "chat"), "1x30"),
    series("up", hostLabels("dcgm", "serving", 1, "chat"), "1x30"),
    series("up", { ...hostLabels("engine", "serving", 1, "chat"), model: "chat", engine_kind: "vllm" }, "1x30"),
  ];
  const absences = alerts.filter(({ alert }) => alert === "SignalAbsent");
  const jobOf = (rule: CompiledAlert) => /job="(\w+)"/.exec(rule.expr)?.[1] ?? "";
  const present = (rule: CompiledAlert) => {
    const job = jobOf(rule);
    return series(
      rule.labels.signal ?? "",
      { ...hostLabels(job, "serving", 1, "chat"), model: "chat", probe: "p" },
      "1x30",
    );
  };
  const firing = (name: string) => `sum by (signal, absent_job) (ALERTS{alertname="${name}",alertstate="firing"})`;

  it("of any one signal behind an alert fires, and names it", { timeout: 120_000 }, () => {
    const groups = [undefined, ...absences].map((missing): TestGroup => ({
      name: `without ${missing?.labels.signal ?? "any loss"}`,
      interval: "1m",
      input_series: [...targets, ...absences.filter((one) => one !== missing).map(present)],
      promql_expr_test: [
        {
          expr: firing("SignalAbsent"),
          eval_time: "20m",
          exp_samples: missing === undefined ? [] : [{ labels: `{signal="${missing.labels.signal ?? ""}"}`, value: 1 }],
        },
      ],
    }));
    const { status, output } = promtoolTest([{ rules: absences, groups, every: 5 }]);
    expect(status, output).toBe(0);
  });

  it("of all targets of a job fires, and names the job", () => {
    const jobs = alerts.filter(({ alert }) => alert === "TargetsAbsent").map(({ labels }) => labels.absent_job ?? "");
    expect(jobs.sort()).toEqual(["alertmanager", "dcgm", "gateway", "node", "probe", "prometheus"]);
    const groups = [undefined, ...jobs].map((missing): TestGroup => ({
      name: `without job ${missing ?? "loss"}`,
      interval: "1m",
      input_series: targets.filter(({ series: text }) => missing === undefined || !text.includes(`job="${missing}"`)),
      promql_expr_test: [
        {
          expr: firing("TargetsAbsent"),
          eval_time: "20m",
          exp_samples: missing === undefined ? [] : [{ labels: `{absent_job="${missing}"}`, value: 1 }],
        },
      ],
    }));
    const { status, output } = promtoolTest([
      { rules: alerts.filter(({ alert }) => alert === "TargetsAbsent"), groups, every: 1 },
    ]);
    expect(status, output).toBe(0);
  });
});
