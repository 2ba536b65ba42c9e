import { beforeAll, describe, expect, it } from "vitest";
import { proveExposure } from "@holdfast/policies";
import { allMutations } from "./mutations/all-mutations";
import { planMutations, type MutatedPrograms } from "./prod-program";

let programs: MutatedPrograms;

beforeAll(async () => {
  programs = await planMutations(allMutations);
});

it("finds nothing exposed in the prod program as it is, and says why", () => {
  const report = proveExposure(programs.clean);
  expect(report.endpoints.filter(({ verdict }) => verdict !== "none")).toEqual([]);
  expect(report.verdict).toBe("none");
  expect(report.endpoints.length).toBeGreaterThan(40);
  expect(report.endpoints.filter(({ cut }) => cut === undefined || cut.length === 0)).toEqual([]);
});

describe.each(allMutations)("$name", (mutation) => {
  it("is caught, with the way in", () => {
    const report = proveExposure(programs.of(mutation));
    const found = report.endpoints.filter(
      ({ endpoint, verdict }) => verdict === "exposed" && endpoint.endsWith(mutation.exposes),
    );
    expect(report.verdict).toBe("exposed");
    expect(
      found,
      `exposed are: ${report.endpoints
        .filter(({ verdict }) => verdict === "exposed")
        .map(({ endpoint }) => endpoint.split("::").at(-1))
        .join(", ")}`,
    ).toHaveLength(1);
    const [endpoint] = found;
    expect(endpoint?.from).toBe(mutation.from ?? "internet");
    const path = endpoint?.path?.join("\n") ?? "";
    expect(path.split("\n")[0]).toContain(mutation.from ?? "internet");
    for (const part of mutation.path) expect(path).toContain(part);
  });
});

it("holds at least forty ways of exposing something, no two the same", () => {
  expect(allMutations.length).toBeGreaterThanOrEqual(40);
  expect(new Set(allMutations.map(({ name }) => name)).size).toBe(allMutations.length);
});
