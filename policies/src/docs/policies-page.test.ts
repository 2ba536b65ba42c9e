import { resolve } from "node:path";
import { format } from "prettier";
import { expect, it } from "vitest";
import { allExamples } from "../rules/all-examples";
import { allRules } from "../rules/all-rules";
import { policiesPage } from "./policies-page";

it("docs/policies.md says what the rules say (npm run docs -w policies writes it)", async () => {
  const page = await format(policiesPage(allRules, allExamples), { parser: "markdown", printWidth: 120 });
  await expect(page).toMatchFileSnapshot(resolve(__dirname, "../../../docs/policies.md"));
});
