import { accountMeanings, share } from "../cloud-account";
import type { Rehearsal } from "../rehearsal-report";
import { Table } from "../../report/html/table";

/** What was the real thing and what stood in for it: in words, and AWS resource by resource. */
export function WhatWasReal({ rehearsal: { standIns, official, cloud } }: { readonly rehearsal: Rehearsal }) {
  const { resources, madeUp, unmapped, forgotten } = cloud;
  return (
    <section id="real">
      <h2>What was real</h2>
      <p>
        The Pulumi engine, the program, the policy pack and the state were
        {official.length === 0 ? "" : `, and the official plugins ${official.join(", ")}`}. Stand-ins were used for:
      </p>
      <ul>
        {standIns.map((text) => {
          const [name = "", ...rest] = text.split(": ");
          return (
            <li>
              <b>{name}</b>: {rest.join(": ")}
            </li>
          );
        })}
      </ul>
      {resources === 0 ? null : (
        <>
          <Table
            columns={[`of ${resources} AWS resources`, { head: "", kind: "number" }, ""]}
            rows={(Object.keys(accountMeanings) as (keyof typeof accountMeanings)[]).map((name) => [
              accountMeanings[name],
              cloud[name],
              <div class="bar" style="min-width: 240px" title={share(cloud[name], resources)}>
                <span class="kv" style={`width: ${(100 * cloud[name]) / resources}%`} />
              </div>,
            ])}
          />
          <Reasons
            title="Made up by the structural stand-in"
            items={madeUp.map(({ type, count, reason }) => [count, type, reason])}
          />
          <Reasons
            title="Properties newer than this version of the real provider, which it could not judge"
            items={Object.entries(unmapped).map(([name, count]) => [count, name, ""])}
          />
          <Reasons
            title="Properties that moto was told and does not tell again; changes to them by hand would not be seen"
            items={Object.entries(forgotten).map(([name, count]) => [count, name, ""])}
          />
        </>
      )}
    </section>
  );
}

function Reasons(props: { title: string; items: readonly (readonly [number, string, string])[] }) {
  if (props.items.length === 0) return null;
  const sum = props.items.reduce((all, [count]) => all + count, 0);
  return (
    <details>
      <summary>
        {props.title} ({sum})
      </summary>
      <Table
        columns={[{ head: "resources", kind: "number" }, "what", "why"]}
        rows={props.items.map(([count, name, reason]) => [count, <code>{name}</code>, reason])}
      />
    </details>
  );
}
