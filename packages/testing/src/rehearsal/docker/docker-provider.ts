import { DeclaredStandIn } from "../declared/declared-stand-in";
import { Declarations } from "../declared/declarations";
import { Faults } from "../faults";
import { PretendCloud } from "../pretend-cloud";
import { serveProvider } from "../provider-server";
import { DockerEngine } from "./docker-engine";
import { dockerWays } from "./docker-ways";

/** The process that the engine starts as `pulumi-resource-docker`. */
if (require.main === module) {
  const { HOLDFAST_CLOUD, HOLDFAST_FAULTS, HOLDFAST_PROGRAM, HOLDFAST_DOCKER_HOST } = process.env;
  if (HOLDFAST_CLOUD === undefined) throw new Error("HOLDFAST_CLOUD must name the folder of the pretend cloud");
  const declarations = new Declarations("@pulumi/docker", HOLDFAST_PROGRAM ?? process.cwd());
  const engine = HOLDFAST_DOCKER_HOST === undefined ? undefined : new DockerEngine(HOLDFAST_DOCKER_HOST);
  serveProvider(
    new DeclaredStandIn(
      declarations,
      new PretendCloud(HOLDFAST_CLOUD),
      Faults.read(HOLDFAST_FAULTS),
      dockerWays(engine),
    ),
    declarations.version,
  );
}
