import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { Environment } from "@holdfast/environment";
import { proveExposure, readPlan } from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";
import { stackConfig } from "./prod-program";

it.each(["dev", "prod"])("%s is proven unreachable, from its program and from its plan", async (stack) => {
  const { graph } = await planProgram({
    project: "holdfast",
    stack,
    config: stackConfig(stack),
    program: () => {
      const document = new pulumi.Config("holdfast").requireObject<unknown>("environment");
      new Environment(pulumi.getStack(), { document });
    },
  });
  const report = proveExposure(graph);
  expect(report.endpoints.filter(({ verdict }) => verdict !== "none")).toEqual([]);
  expect(report.verdict).toBe("none");
  // A plan.json holds no outputs, so no registered access matrix: the answer must not hang on it.
  const plan = { resources: graph.resources.map(({ outputs: _, ...resource }) => resource) };
  expect(proveExposure(readPlan(JSON.parse(JSON.stringify(plan))))).toEqual(report);
});
