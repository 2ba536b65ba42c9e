import { Faults } from "../faults";
import { PretendCloud } from "../pretend-cloud";
import { serveProvider } from "../provider-server";
import { TerraformAws } from "../terraform/terraform-aws";
import { AwsStandIn } from "./aws-stand-in";
import { DeclaredTypes } from "./declared-type";

/** The process that the engine starts as `pulumi-resource-aws`. */
if (require.main === module) {
  const { HOLDFAST_CLOUD, HOLDFAST_FAULTS, HOLDFAST_ACCOUNT, HOLDFAST_PROGRAM, HOLDFAST_JUDGE } = process.env;
  if (HOLDFAST_CLOUD === undefined) throw new Error("HOLDFAST_CLOUD must name the folder of the pretend cloud");
  const declared = new DeclaredTypes(HOLDFAST_PROGRAM ?? process.cwd());
  let judge: Promise<TerraformAws> | undefined;
  const startJudge =
    HOLDFAST_JUDGE === undefined
      ? undefined
      : () => (judge ??= TerraformAws.start({ file: HOLDFAST_JUDGE, version: "" }, declared));
  // The judge is a process of its own, and stops when this one does.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
  serveProvider(
    new AwsStandIn(
      declared,
      new PretendCloud(HOLDFAST_CLOUD),
      Faults.read(HOLDFAST_FAULTS),
      HOLDFAST_ACCOUNT ?? "111122223333",
      startJudge,
    ),
    "7.48.0",
  );
}
