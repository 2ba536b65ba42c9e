import { compileHaproxy } from "@holdfast/gateway";
import { describeGateway } from "./gateway-suite";
import { prodLikeFleets as fleets, prodLikePolicy as policy } from "./prod-like";

describeGateway(
  "a compiled gateway like that of a production environment",
  () => ({ policy, fleets, files: compileHaproxy({ policy, fleets, longestResponseSeconds: 600, hosts: 2 }) }),
  { breakages: true },
);
