import type { PlannedResource } from "../graph/planned-resource";
import { merge, numeric, objects, truth, type Facts, type Join, type Truth } from "./facts";
import { tokens } from "./tokens";
import type { Lock } from "./way-graph";

/** The security groups of what is launched from a template. */
export function templateGroups(template: PlannedResource, facts: Facts): Join {
  const interfaces = objects(template.inputs, "networkInterfaces").map((_, index) =>
    facts.join(template, ["networkInterfaces", index, "securityGroups"], tokens.securityGroup),
  );
  return merge([
    ...interfaces,
    facts.joinAll(template, ["vpcSecurityGroupIds", "securityGroups"], tokens.securityGroup),
  ]);
}

/** Whether a template gives its hosts public addresses. */
export function templateAddress(template: PlannedResource, facts: Facts): Lock {
  const choices = addressChoices(template);
  const name = facts.name(template);
  if (choices.includes(true)) return { state: "open", hop: `public address given by ${name}` };
  if (choices.includes("unknown")) return { state: "unknown", hop: facts.unknownText(template, "networkInterfaces") };
  return {
    state: "closed",
    hop: choices.includes(false) ? `${name} gives no public address` : `${name} does not ask for a public address`,
  };
}

/**
 * Whether hosts of a launch template or configuration want no public address of their subnet's. A subnet gives one to the first
 * interface alone (device 0 on card 0), so what further interfaces say, of Elastic Fabric Adapters for one, does not count.
 */
export function refusesAddress(template: PlannedResource): boolean {
  const first = objects(template.inputs, "networkInterfaces").filter(
    (one) => (numeric(one, "deviceIndex") ?? 0) === 0 && (numeric(one, "networkCardIndex") ?? 0) === 0,
  );
  const choices = first.length > 0 ? first : [template.inputs];
  return choices.every((one) => truth(one, "associatePublicIpAddress") === false);
}

/** What a launch template or configuration says about public addresses, once per interface. */
function addressChoices(template: PlannedResource): readonly Truth[] {
  return [
    truth(template.inputs, "associatePublicIpAddress"),
    ...objects(template.inputs, "networkInterfaces").map((one) => truth(one, "associatePublicIpAddress")),
  ];
}

/** Whether a subnet hands out public addresses to what is launched in it. */
export function subnetAddress(subnet: PlannedResource, facts: Facts): Lock {
  const choice = truth(subnet.inputs, "mapPublicIpOnLaunch");
  const byDefault = choice === undefined && tokens.defaultSubnet.some((type) => type === subnet.type);
  const name = facts.name(subnet);
  if (choice === true || byDefault) return { state: "open", hop: `public addresses handed out by ${name}` };
  if (choice === "unknown") return { state: "unknown", hop: facts.unknownText(subnet, "mapPublicIpOnLaunch") };
  return { state: "closed", hop: `${name} hands out no public addresses` };
}
