import { Faults } from "../faults";
import { PretendCloud } from "../pretend-cloud";
import { serveProvider } from "../provider-server";
import { AwsStandIn } from "./aws-stand-in";
import { DeclaredTypes } from "./declared-type";

/** The process that the engine starts as `pulumi-resource-aws`. */
if (require.main === module) {
  const { HOLDFAST_CLOUD, HOLDFAST_FAULTS, HOLDFAST_ACCOUNT, HOLDFAST_PROGRAM } = process.env;
  if (HOLDFAST_CLOUD === undefined) throw new Error("HOLDFAST_CLOUD must name the folder of the pretend cloud");
  serveProvider(
    new AwsStandIn(
      new DeclaredTypes(HOLDFAST_PROGRAM ?? process.cwd()),
      new PretendCloud(HOLDFAST_CLOUD),
      Faults.read(HOLDFAST_FAULTS),
      HOLDFAST_ACCOUNT ?? "111122223333",
    ),
    "7.48.0",
  );
}
