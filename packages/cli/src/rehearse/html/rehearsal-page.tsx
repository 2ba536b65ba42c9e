import { count } from "../../report/format";
import { page } from "../../report/html/page";
import { Tile } from "../../report/html/tile";
import { share } from "../cloud-account";
import { passed, type Rehearsal } from "../rehearsal-report";
import { duration } from "../time-line";
import { Failures, Findings, Lists, Steps } from "./steps";
import { WhatWasReal } from "./what-was-real";

/** rehearsal.html: one file, nothing loaded from anywhere; the same facts as rehearsal.json. */
export function rehearsalPage(rehearsal: Rehearsal): string {
  const { environment, cli, steps, durationMs } = rehearsal;
  const update = steps.filter(({ name }) => name === "update");
  const destroy = steps.filter(({ name }) => name === "destroy");
  const sections = [
    ...(passed(rehearsal) ? [] : ["failures"]),
    ...["steps", "real", "findings"],
    ...(hasLists(update) ? ["update"] : []),
    ...(hasLists(destroy) ? ["remains"] : []),
  ];
  return page(
    `Rehearsal of ${environment}`,
    <>
      <p class="dim">
        Pulumi {cli.version} ({cli.origin}) took it through its whole life in {duration(durationMs)}. Nothing was
        deployed.
      </p>
      <nav>
        {sections.map((id) => (
          <a href={`#${id}`}>{id}</a>
        ))}
      </nav>
      <Tiles rehearsal={rehearsal} />
      <Failures steps={steps} />
      <Steps rehearsal={rehearsal} />
      <WhatWasReal rehearsal={rehearsal} />
      <Findings steps={steps} />
      {hasLists(update) ? (
        <section id="update">
          <h2>What the update changed</h2>
          <p class="dim">{update[0]?.summary}.</p>
          <Lists steps={update} open />
        </section>
      ) : null}
      {hasLists(destroy) ? (
        <section id="remains">
          <h2>What remains after everything was destroyed</h2>
          <p class="dim">{destroy[0]?.summary}.</p>
          <Lists steps={destroy} />
        </section>
      ) : null}
      <footer>
        A rehearsal ends each update. In real life a machine is switched off in the middle of a creation, and what AWS
        was making in that moment is there without the state knowing it: docs/runbooks/interrupted-update.md of Holdfast
        finds and adopts it. The same facts for programs: rehearsal.json; as text: rehearsal.md; all that the engine
        printed and its own events: output/ and events/.
      </footer>
    </>,
  );
}

function Tiles({ rehearsal }: { readonly rehearsal: Rehearsal }) {
  const { steps, cloud, durationMs } = rehearsal;
  const checks = steps.flatMap((step) => step.checks);
  const good = checks.filter(({ ok }) => ok).length;
  const slowest = [...steps].sort((a, b) => b.durationMs - a.durationMs)[0];
  const up = steps.find(({ name }) => name === "up");
  const update = steps.find(({ name, command }) => name === "update" && command !== "");
  const findings = steps.find(({ name }) => name === "up")?.findings ?? [];
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  return (
    <div class="tiles">
      <Tile
        label="The whole life"
        value={passed(rehearsal) ? "passed" : "failed"}
        tone={passed(rehearsal) ? "good" : "bad"}
      >
        {good} of {count(checks.length, "check")} hold, in {duration(durationMs)}
        {slowest === undefined ? "" : `; ${slowest.name} took longest`}
      </Tile>
      <Tile label="Made by the engine" value={count(up?.counts.create ?? 0, "resource")}>
        {update === undefined ? "no update was tried" : update.summary}
      </Tile>
      <Tile
        label="AWS, by the real provider's code"
        value={cloud.validated === 0 ? "none" : `${share(cloud.validated, cloud.resources)} validated`}
      >
        {cloud.created === 0
          ? "none created in an emulator"
          : `${share(cloud.created, cloud.resources)} created in moto, ${cloud.destroyed} of ${cloud.created} destroyed again`}
      </Tile>
      <Tile
        label="Policy findings"
        value={mandatory === 0 ? "none mandatory" : count(mandatory, "mandatory", "mandatory")}
        tone={mandatory === 0 ? "good" : "bad"}
      >
        {findings.length - mandatory} advisory, under the real engine
      </Tile>
    </div>
  );
}

function hasLists(steps: Rehearsal["steps"]): boolean {
  return steps.some(({ details = {} }) => Object.values(details).some((urns) => urns.length > 0));
}
