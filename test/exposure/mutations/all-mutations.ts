import type { Mutation } from "../mutation";
import { addresses, balancers } from "./addresses-and-balancers";
import { routes } from "./routes";
import { securityRules } from "./security-rules";
import { containers, services } from "./services";

/** Ways of exposing something, each a small change to the prod program. */
export const allMutations: readonly Mutation[] = [
  ...securityRules,
  ...routes,
  ...addresses,
  ...balancers,
  ...services,
  ...containers,
];
