import { expect, it } from "vitest";
import { standInTexts, type AtHand } from "./stand-ins";

const cli = { file: "/usr/bin/pulumi", version: "3.259.0", origin: "PATH", hasLanguageHost: true } as const;
const judge = { file: "/opt/terraform-provider-aws_v5.100.0", version: "5.100.0" };
const first = (hand: AtHand, ...packages: string[]) =>
  standInTexts(hand, packages).map((text) => text.split(/[;,.] /)[0]);

it("names what the program uses, and nothing that it does not use", () => {
  const hand = { cli, judge, moto: true };
  expect(standInTexts(hand, [])).toEqual([]);
  expect(standInTexts(hand, ["random"])).toEqual([]);
  expect(first(hand, "docker", "kubernetes")).toEqual([
    "docker: properties are held against what @pulumi/docker declares",
    "kubernetes: objects are held against what @pulumi/kubernetes declares",
  ]);
  expect(first({ ...hand, cli: { ...cli, hasLanguageHost: false } })).toEqual(["language host: ours"]);
});

it("says of AWS what it leans on, loudly where that is nothing", () => {
  const aws = (hand: Omit<AtHand, "cli">) => standInTexts({ cli, ...hand }, ["aws"]).join();
  expect(aws({ judge: undefined, moto: false })).toMatch(
    /^aws: structural.*whether AWS takes the values is not: no terraform-provider-aws was found/,
  );
  expect(aws({ judge, moto: false })).toMatch(
    /terraform-provider-aws 5\.100\.0.*what is created, read and deleted is made up/,
  );
  expect(aws({ judge, moto: true })).toMatch(/made, read, changed and deleted by it in moto/);
});
