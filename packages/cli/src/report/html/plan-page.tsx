import type { PlanDocument } from "../../plan/plan-schema";
import { Network } from "./access-matrix";
import { Exposure, Findings } from "./assurance";
import { Compared } from "./comparison";
import { Cost } from "./cost";
import { Inventory } from "./inventory";
import { Sizing } from "./sizing";
import { page } from "./page";
import { Tiles } from "./tiles";

const sections = ["network", "sizing", "cost", "exposure", "findings", "resources"];

/** plan.html: one file, nothing loaded from anywhere. `diagram` is the drawn network as SVG; `today` judges the age of prices. */
export function planPage(plan: PlanDocument, diagram: string, today: string): string {
  return page(
    `Plan of ${plan.environment}`,
    <>
      <p class="dim">
        {plan.project}, Holdfast {plan.holdfastVersion}. Made offline from the program; nothing is deployed.
      </p>
      <nav>
        {(plan.comparison === undefined ? sections : ["change", ...sections]).map((id) => (
          <a href={`#${id}`}>{id}</a>
        ))}
      </nav>
      <Tiles plan={plan} />
      {plan.comparison === undefined ? null : <Compared comparison={plan.comparison} />}
      {plan.accessMatrix.length > 0 ? <Network plan={plan} diagram={diagram} /> : null}
      {plan.sizing.length > 0 ? <Sizing sizing={plan.sizing} /> : null}
      <Cost cost={plan.cost} today={today} />
      <Exposure exposure={plan.exposure} />
      <Findings plan={plan} />
      <Inventory plan={plan} />
      <footer>
        The same facts for programs: plan.json; findings for code scanning: findings.sarif; for test reports: junit.xml;
        for a pull request: comment.md.
      </footer>
    </>,
  );
}
