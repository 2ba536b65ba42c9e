import { DeclaredStandIn } from "../declared/declared-stand-in";
import { Declarations } from "../declared/declarations";
import { Faults } from "../faults";
import { PretendCloud } from "../pretend-cloud";
import { serveProvider } from "../provider-server";
import { kubernetesWays } from "./kubernetes-ways";

/** The process that the engine starts as `pulumi-resource-kubernetes`. */
if (require.main === module) {
  const { HOLDFAST_CLOUD, HOLDFAST_FAULTS, HOLDFAST_PROGRAM } = process.env;
  if (HOLDFAST_CLOUD === undefined) throw new Error("HOLDFAST_CLOUD must name the folder of the pretend cloud");
  const declarations = new Declarations("@pulumi/kubernetes", HOLDFAST_PROGRAM ?? process.cwd());
  serveProvider(
    new DeclaredStandIn(declarations, new PretendCloud(HOLDFAST_CLOUD), Faults.read(HOLDFAST_FAULTS), kubernetesWays),
    declarations.version,
  );
}
