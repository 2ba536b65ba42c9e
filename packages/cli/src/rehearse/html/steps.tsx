import { count, shortUrn } from "../../report/format";
import type { Rehearsal } from "../rehearsal-report";
import type { StepResult } from "../step-result";
import { duration } from "../time-line";
import { Table } from "../../report/html/table";
import { TimeLinePicture } from "./time-line-picture";

/** What happened when, and what was held against it. */
export function Steps({ rehearsal: { steps, durationMs } }: { readonly rehearsal: Rehearsal }) {
  return (
    <section id="steps">
      <h2>Step by step</h2>
      <div class="diagram">
        <TimeLinePicture steps={steps} durationMs={durationMs} />
      </div>
      <Table
        columns={["step", { head: "time", kind: "number" }, "what happened", "checks"]}
        rows={steps.map((step) => [
          <>
            {step.name}
            {step.log === "" ? null : (
              <>
                <br />
                <a href={`output/${step.log}.txt`}>output</a>, <a href={`events/${step.log}.jsonl`}>events</a>
              </>
            )}
          </>,
          step.command === "" ? "" : duration(step.durationMs),
          step.summary,
          <Checks step={step} />,
        ])}
      />
    </section>
  );
}

function Checks({ step: { checks } }: { readonly step: StepResult }) {
  if (checks.length === 0) return <span class="dim">none</span>;
  const good = checks.filter(({ ok }) => ok).length;
  return (
    <details>
      <summary>
        <span class={good === checks.length ? "good" : "bad"}>
          {good} of {checks.length}
        </span>
      </summary>
      <ul>
        {checks.map(({ what, ok }) => (
          <li class={ok ? "good" : "bad"}>
            {ok ? "✓" : "✗"} {what}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Everything that was not as it had to be, first of all. */
export function Failures({ steps }: { readonly steps: readonly StepResult[] }) {
  const bad = steps.flatMap(({ name, checks }) => checks.filter(({ ok }) => !ok).map((one) => ({ name, ...one })));
  if (bad.length === 0) return null;
  return (
    <section id="failures">
      <h2>Not as it had to be</h2>
      {bad.map(({ name, what, detail }) => (
        <div class="card" style="margin: 10px 0">
          <h3 class="bad">
            {name}: not so that {what}
          </h3>
          <pre class="mono" style="white-space: pre-wrap; margin: 0">
            {detail}
          </pre>
        </div>
      ))}
    </section>
  );
}

/** What the policy pack said under the real engine; the same finding of several steps is one. */
export function Findings({ steps }: { readonly steps: readonly StepResult[] }) {
  const all = steps.flatMap(({ name, findings = [] }) => findings.map((finding) => ({ name, ...finding })));
  const same = new Map<string, { readonly first: (typeof all)[number]; readonly steps: Set<string> }>();
  for (const finding of all) {
    const key = JSON.stringify([finding.policy, finding.urn, finding.message]);
    const known = same.get(key) ?? { first: finding, steps: new Set<string>() };
    known.steps.add(finding.name);
    same.set(key, known);
  }
  return (
    <section id="findings">
      <h2>Policy findings</h2>
      {same.size === 0 ? (
        <p class="good">None: the policy pack was run with every preview and every update and found nothing.</p>
      ) : (
        <>
          <p class="dim">{count(same.size, "finding")}, as the engine's own policy pack reported them.</p>
          <Table
            columns={["rule", "level", "resource", "what", "seen in"]}
            rows={[...same.values()].map(({ first, steps: seen }) => [
              <code style="white-space: nowrap">{first.policy}</code>,
              <span class={`badge ${first.level === "mandatory" ? "bad" : "warn"}`}>{first.level}</span>,
              <code title={first.urn}>{shortUrn(first.urn)}</code>,
              first.message,
              [...seen].join(", "),
            ])}
          />
        </>
      )}
    </section>
  );
}

/** Lists of resources that a reader may want to go through: what the update changed, what remains. */
export function Lists({ steps, open = false }: { readonly steps: readonly StepResult[]; readonly open?: boolean }) {
  return (
    <>
      {steps.flatMap(({ details = {} }) =>
        Object.entries(details)
          .filter(([, urns]) => urns.length > 0)
          .map(([title, urns]) => (
            <details open={open && urns.length <= 20}>
              <summary>
                {title} ({withoutHalves(urns).length})
              </summary>
              <ul>
                {withoutHalves(urns).map((line) => (
                  <li>
                    <ResourceLine line={line} />
                  </li>
                ))}
              </ul>
            </details>
          )),
      )}
    </>
  );
}

/** The engine tells of a replacement three times: of the whole and of its halves. */
function withoutHalves(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    const [operation = "", urn] = line.split(" ");
    return !/^(create-replacement|delete-replaced)$/.test(operation) || !lines.includes(`replace ${urn ?? ""}`);
  });
}

/** `update edge (Listener)`, with the whole URN for whoever points at it. */
function ResourceLine({ line }: { readonly line: string }) {
  const [, operation = "", urn = line] = /^(?:([\w-]+) )?(urn:.*)$/.exec(line) ?? [];
  return (
    <span title={urn}>
      {operation} <code>{shortUrn(urn)}</code>
    </span>
  );
}
