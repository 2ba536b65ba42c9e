import { PolicyPack } from "@pulumi/policy";
import { z } from "zod";
import { configurationProblem, packPolicies } from "./pack-policies";
import { refuseConfiguration } from "./refuse-configuration";

// The settings of each rule are parsed once: to compile a parser for each of them would be half of the start.
z.config({ jitless: true });
refuseConfiguration(configurationProblem);

// Every policy carries its own level; this one is for policies that a later version of the SDK might add.
new PolicyPack("holdfast", {
  policies: packPolicies(),
  enforcementLevel: "advisory",
  displayName: "Holdfast",
  description:
    "Rules for running large language models privately: TLS, authentication, exposure, encryption, identity, data protection, engine arguments.",
});
