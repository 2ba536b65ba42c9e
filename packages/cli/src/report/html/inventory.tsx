import type { PlanDocument } from "../../plan/plan-schema";
import { count } from "../format";

type Resource = PlanDocument["resources"][number];

/** The whole plan as the tree it is, and the texts that would be deployed. */
export function Inventory({ plan }: { plan: PlanDocument }) {
  const known = new Set(plan.resources.map(({ urn }) => urn));
  const children = new Map<string, Resource[]>();
  const roots: Resource[] = [];
  for (const resource of plan.resources) {
    if (resource.parent === undefined || !known.has(resource.parent)) roots.push(resource);
    else children.set(resource.parent, [...(children.get(resource.parent) ?? []), resource]);
  }
  return (
    <section id="resources">
      <h2>Resources and deployed texts</h2>
      <details>
        <summary>{count(plan.resources.length, "resource")}</summary>
        <Tree resources={roots} below={children} />
      </details>
      <details>
        <summary>{count(plan.artefacts.length, "deployed text")}</summary>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>under rendered/</th>
                <th>read by</th>
                <th>SHA-256</th>
              </tr>
            </thead>
            <tbody>
              {plan.artefacts.map((artefact) => (
                <tr>
                  <td>
                    <a href={`rendered/${artefact.path}`}>
                      <code>{artefact.path}</code>
                    </a>
                  </td>
                  <td>{artefact.reader}</td>
                  <td class="mono dim">{artefact.sha256.slice(0, 16)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Tree({
  resources,
  below,
}: {
  resources: readonly Resource[];
  below: ReadonlyMap<string, readonly Resource[]>;
}) {
  return (
    <ul>
      {resources.map((resource) => (
        <li>
          {resource.name} <span class="dim mono">{resource.type}</span>
          {resource.protect ? <span class="badge good"> protected</span> : null}
          {below.has(resource.urn) ? <Tree resources={below.get(resource.urn) ?? []} below={below} /> : null}
        </li>
      ))}
    </ul>
  );
}
