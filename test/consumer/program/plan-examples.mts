// Plans compiled examples one after the other: node plan-examples.mjs <list as JSON>. An ES module, as a company may have one.
import { evaluatePolicies, proveExposure } from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";

interface Example {
  readonly name: string;
  readonly main: string;
  readonly config: Readonly<Record<string, string>>;
}

const results: Record<string, unknown> = {};
for (const { name, main, config } of JSON.parse(process.argv[2] ?? "[]") as Example[]) {
  try {
    const { graph } = await planProgram({ main, project: "readme", stack: "test", config });
    const exposure = proveExposure(graph);
    const { findings } = evaluatePolicies(graph, { exposure });
    results[name] = { resources: graph.resources.length, exposure: exposure.verdict, findings: findings.length };
  } catch (error) {
    results[name] = { error: error instanceof Error ? error.message : String(error) };
  }
}
console.log(JSON.stringify(results));
