import { join } from "node:path";
import {
  cloudAccount,
  createStack,
  expectDone,
  findTerraformAws,
  readStackConfig,
  RehearsalHome,
  runPulumi,
} from "@holdfast/testing";
import { expect, it } from "vitest";
import { realEngine } from "./real-engine";

// What a machine with Terraform's provider and without moto does: the provider's code plans and compares, what is made is made up. The
// store has a backup plan, inside of whose rules the provider computes something: only a state that has it shows no change.
it("with the real provider's code and no emulator nothing changes by itself either", async (context) => {
  const judge = findTerraformAws() ?? context.skip("no terraform-provider-aws");
  const cli = await realEngine(context);
  const home = new RehearsalHome(cli, readStackConfig(join(__dirname, "programs/store"), "test"), { judge });
  context.onTestFinished(() => {
    home.remove();
  });
  await createStack(home);
  const pulumi = (...args: string[]) =>
    expectDone(runPulumi(home, [...args, "--yes", "--skip-preview", "--stack", "test"]));
  await pulumi("up");
  await pulumi("refresh", "--expect-no-changes");
  const { resources, validated, planned, created } = cloudAccount(home.evidence.read());
  expect(resources).toBeGreaterThan(20);
  expect([validated, planned, created]).toEqual([resources, resources, 0]);
});
