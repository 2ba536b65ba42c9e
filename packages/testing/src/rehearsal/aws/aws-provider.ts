import { EvidenceLog } from "../evidence";
import { Faults } from "../faults";
import { PretendCloud } from "../pretend-cloud";
import { serveProvider } from "../provider-server";
import { TerraformAws } from "../terraform/terraform-aws";
import { AwsStandIn } from "./aws-stand-in";
import { DeclaredTypes } from "./declared-type";

/**
 * How long one operation of the real provider may take, milliseconds; its own limits are tens of minutes. Its longest pauses are a minute
 * (a load balancer, a bucket's life cycle rules), to which a busy machine adds.
 */
const limitMs = 300_000;

/** The process that the engine starts as `pulumi-resource-aws`. */
if (require.main === module) {
  const { HOLDFAST_CLOUD, HOLDFAST_FAULTS, HOLDFAST_ACCOUNT, HOLDFAST_PROGRAM, HOLDFAST_JUDGE } = process.env;
  if (HOLDFAST_CLOUD === undefined) throw new Error("HOLDFAST_CLOUD must name the folder of the pretend cloud");
  const declared = new DeclaredTypes(HOLDFAST_PROGRAM ?? process.cwd());
  let aws: Promise<TerraformAws> | undefined;
  const startProvider =
    HOLDFAST_JUDGE === undefined
      ? undefined
      : () => (aws ??= TerraformAws.start({ file: HOLDFAST_JUDGE, version: "" }, declared, limitMs));
  // The real provider is a process of its own, and stops when this one does.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
  serveProvider(
    new AwsStandIn({
      declared,
      cloud: new PretendCloud(HOLDFAST_CLOUD),
      faults: Faults.read(HOLDFAST_FAULTS),
      evidence: new EvidenceLog(process.env.HOLDFAST_EVIDENCE),
      account: HOLDFAST_ACCOUNT ?? "111122223333",
      startProvider,
      emulator: process.env.HOLDFAST_EMULATOR,
    }),
    "7.48.0",
  );
}
