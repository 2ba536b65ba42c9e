import { Environment } from "@holdfast/environment";
import * as pulumi from "@pulumi/pulumi";

const environment = new Environment(pulumi.getStack(), {
  document: new pulumi.Config("holdfast").requireObject<unknown>("environment"),
});

export const gatewayUrl = environment.gateway.url;
export const secretsToFill = environment.secretsToFill;
