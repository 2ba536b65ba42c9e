import type { ComponentChildren } from "preact";
import type { ComparedFinding, Comparison } from "../../plan/comparison-schema";
import { costChange, findingChange, resourceCounts, signedDollars } from "../comparison-summary";
import { dollars, shortUrn } from "../format";

/** What the plan changes against an earlier one: the counts, then the lists. */
export function Compared({ comparison }: { comparison: Comparison }) {
  const { baseline, findings, exposure, resources, fleets, cost } = comparison;
  const worse = findings.new.some(({ standing }) => standing === "blocks");
  const opened = exposure.endpoints.some(({ after }) => after === "exposed");
  const turned = findings.unchanged.filter(({ was }) => was !== undefined);
  return (
    <section id="change">
      <h2>What this change does</h2>
      <p class="dim">Compared with {baseline}.</p>
      <div class="scroll">
        <table>
          <tbody>
            <Row name="findings">
              <span class={worse ? "bad" : ""}>{findingChange(comparison)}</span>
            </Row>
            <Row name="exposure">
              <span class={opened ? "bad" : ""}>
                {exposure.before === exposure.after
                  ? `${exposure.after}, as before`
                  : `${exposure.before} -> ${exposure.after}`}
              </span>
            </Row>
            <Row name="resources">{resourceCounts(comparison)}</Row>
            {fleets.map(({ fleet, before, after }) => (
              <Row name={`fleet ${fleet}`}>
                {before ?? "none"} → {after ?? "none"}
              </Row>
            ))}
            <Row name="cost">{costChange(cost)}</Row>
          </tbody>
        </table>
      </div>
      <FindingList title="New findings" list={findings.new} open={true} />
      <FindingList title="Fixed findings" list={findings.fixed} />
      <FindingList title="Findings that weigh differently" list={turned} />
      <FindingList title="Unchanged findings" list={findings.unchanged} />
      <List
        title="Endpoints"
        head={["endpoint", "before", "now", "way in"]}
        rows={exposure.endpoints.map(({ endpoint, before, after, path }) => [
          shortUrn(endpoint),
          before ?? "not there",
          after ?? "not there",
          (path ?? []).join(" → "),
        ])}
      />
      <List title="Added resources" head={["resource"]} rows={resources.added.map((urn) => [shortUrn(urn)])} />
      <List title="Removed resources" head={["resource"]} rows={resources.removed.map((urn) => [shortUrn(urn)])} />
      <List
        title="Changed resources"
        head={["resource", "properties"]}
        rows={resources.changed.map(({ urn, properties, was }) => [
          `${shortUrn(urn)}${was === undefined ? "" : `, known as ${shortUrn(was)} before`}`,
          properties.join(", "),
        ])}
      />
      <List
        title="Cost"
        head={["what", "before", "now", "difference"]}
        rows={cost.lines.map(({ what, before, after }) => [
          what,
          dollars(before),
          dollars(after),
          signedDollars(after - before),
        ])}
      />
    </section>
  );
}

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
    </tr>
  );
}

function FindingList({ title, list, open }: { title: string; list: readonly ComparedFinding[]; open?: boolean }) {
  return (
    <List
      title={title}
      {...(open === undefined ? {} : { open })}
      head={["rule", "weight", "resource", "what"]}
      rows={list.map(({ rule, standing, was, urn, property, message }) => [
        rule,
        was === undefined ? standing : `${was} -> ${standing}`,
        `${shortUrn(urn)}${property === "" ? "" : ` ${property}`}`,
        message,
      ])}
    />
  );
}

/** A folded table; nothing at all when it would be empty. */
function List(props: { title: string; head: readonly string[]; rows: readonly (readonly string[])[]; open?: boolean }) {
  if (props.rows.length === 0) return null;
  return (
    <details open={props.open ?? false}>
      <summary>
        {props.title} ({props.rows.length})
      </summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {props.head.map((name) => (
                <th>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row) => (
              <tr>
                {row.map((text) => (
                  <td>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
