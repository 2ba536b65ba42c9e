import type { PlannedResource } from "../graph/planned-resource";
import { allAddresses, meet, parseCidr, type AddressSet } from "../addresses/address-set";
import { isHidden, isSet, text, texts, truth, type Facts } from "./facts";
import type { Lock } from "./way-graph";

/** A setting that makes something public by itself. */
export interface SwitchDoor {
  readonly types: readonly string[];
  readonly kind: string;
  readonly judge: (resource: PlannedResource, facts: Facts, outsiders: AddressSet) => Lock;
}

export const switchDoors: readonly SwitchDoor[] = [
  {
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    kind: "function URL",
    judge: (one, facts) => byText(one, facts, "authorizationType", (value) => value !== "AWS_IAM", true),
  },
  {
    types: ["aws:rds/clusterInstance:ClusterInstance"],
    kind: "database",
    judge: (one, facts) => byTruth(one, facts, "publiclyAccessible", (value) => value === true),
  },
  {
    types: ["aws:apigatewayv2/domainName:DomainName"],
    kind: "API address",
    judge: (one, facts) => ({ state: "open", hop: `${facts.name(one)} is a public address of APIs` }),
  },
  {
    types: ["aws:apigateway/domainName:DomainName"],
    kind: "API address",
    judge: restApi,
  },
  { types: ["aws:lambda/permission:Permission"], kind: "function", judge: functionPermission },
  {
    types: ["aws:lambda/layerVersionPermission:LayerVersionPermission"],
    kind: "function layer",
    judge: (one, facts) =>
      byText(one, facts, "principal", (value) => value === "*" && !isSet(one.inputs, "organizationId"), false),
  },
  {
    types: ["aws:cloudwatch/eventPermission:EventPermission"],
    kind: "event bus",
    judge: (one, facts) =>
      byText(one, facts, "principal", (value) => value === "*" && !isSet(one.inputs, "condition"), false),
  },
  {
    types: ["aws:apigatewayv2/api:Api"],
    kind: "API",
    judge: (one, facts) => byTruth(one, facts, "disableExecuteApiEndpoint", (value) => value !== true),
  },
  { types: ["aws:apigateway/restApi:RestApi"], kind: "API", judge: restApi },
  {
    types: ["aws:appsync/graphQLApi:GraphQLApi"],
    kind: "API",
    judge: (one, facts) => byText(one, facts, "visibility", (value) => value !== "PRIVATE", true),
  },
  {
    types: ["aws:cloudfront/distribution:Distribution"],
    kind: "content distribution",
    judge: (one, facts) => byTruth(one, facts, "enabled", (value) => value !== false),
  },
  {
    types: [
      "aws:globalaccelerator/accelerator:Accelerator",
      "aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator",
    ],
    kind: "global accelerator",
    judge: (one, facts) => byTruth(one, facts, "enabled", (value) => value !== false),
  },
  { types: ["aws:ec2/vpcEndpointService:VpcEndpointService"], kind: "endpoint service", judge: endpointService },
  { types: ["aws:eks/cluster:Cluster"], kind: "Kubernetes API", judge: kubernetesApi },
  {
    types: ["aws:apprunner/service:Service"],
    kind: "container service",
    judge: (one, facts) =>
      byTruth(one, facts, "networkConfiguration.ingressConfiguration.isPubliclyAccessible", (value) => value !== false),
  },
  {
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    kind: "search domain",
    judge: (one, facts) =>
      isSet(one.inputs, "vpcOptions")
        ? { state: "closed", hop: `${facts.name(one)} is in a VPC` }
        : { state: "open", hop: `${facts.name(one)} has a public address: it is in no VPC` },
  },
  {
    types: ["aws:ec2/amiLaunchPermission:AmiLaunchPermission"],
    kind: "image",
    judge: (one, facts) => byText(one, facts, "group", (value) => value === "all", false),
  },
  {
    types: [
      "aws:rds/snapshot:Snapshot",
      "aws:rds/clusterSnapshot:ClusterSnapshot",
      "aws:rds/snapshotCopy:SnapshotCopy",
    ],
    kind: "snapshot",
    judge: (one, facts) => byMember(one, facts, "sharedAccounts", "all"),
  },
  {
    types: ["aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission"],
    kind: "snapshot",
    judge: (one, facts) => byText(one, facts, "accountId", (value) => value === "all", false),
  },
  {
    types: ["aws:ssm/document:Document"],
    kind: "document",
    judge: (one, facts) => byMember(one, facts, "permissions", "all"),
  },
  {
    types: ["aws:ecrpublic/repository:Repository"],
    kind: "image repository",
    judge: (one, facts) => ({ state: "open", hop: `${facts.name(one)} is in the public registry` }),
  },
  {
    types: ["aws:vpclattice/service:Service"],
    kind: "lattice service",
    judge: (one, facts) => byText(one, facts, "authType", (value) => value !== "AWS_IAM", true),
  },
  {
    types: [
      "aws:lightsail/instance:Instance",
      "aws:lightsail/containerService:ContainerService",
      "aws:lightsail/lb:Lb",
      "aws:lightsail/distribution:Distribution",
    ],
    kind: "Lightsail resource",
    judge: (one, facts) => ({ state: "open", hop: `${facts.name(one)} has a public address` }),
  },
  {
    types: ["aws:transfer/server:Server"],
    kind: "file transfer server",
    judge: (one, facts) =>
      byText(one, facts, "endpointType", (value) => value !== "VPC" && value !== "VPC_ENDPOINT", true),
  },
  {
    types: ["aws:grafana/workspace:Workspace"],
    kind: "Grafana workspace",
    judge: (one, facts) =>
      isSet(one.inputs, "networkAccessControl")
        ? { state: "closed", hop: `${facts.name(one)} limits its callers` }
        : { state: "open", hop: `${facts.name(one)} has a public address and no limit on callers` },
  },
  {
    types: ["aws:ec2clientvpn/endpoint:Endpoint"],
    kind: "client VPN",
    judge: (one, facts) => ({
      state: "closed",
      hop: `${facts.name(one)} asks for a certificate or a login; what it leads to is judged at the subnets`,
    }),
  },
  {
    types: ["aws:ram/principalAssociation:PrincipalAssociation"],
    kind: "resource share",
    judge: (one, facts) => byText(one, facts, "principal", (value) => value === "*", false),
  },
  {
    types: ["aws:ec2/instanceConnectEndpoint:InstanceConnectEndpoint"],
    kind: "instance connect endpoint",
    judge: (one, facts) => ({ state: "closed", hop: `${facts.name(one)} asks for an identity of the account` }),
  },
  {
    types: ["aws:sagemaker/notebookInstance:NotebookInstance"],
    kind: "notebook",
    judge: (one, facts) => ({ state: "closed", hop: `${facts.name(one)} asks for an identity of the account` }),
  },
];

function byTruth(
  resource: PlannedResource,
  facts: Facts,
  path: string,
  opens: (value: boolean | undefined) => boolean,
): Lock {
  const choice = truth(resource.inputs, path);
  if (choice === "unknown") return { state: "unknown", hop: facts.unknownText(resource, path) };
  return opens(choice)
    ? { state: "open", hop: `${facts.name(resource)} is reachable from anywhere (${path} is ${choice ?? "not set"})` }
    : { state: "closed", hop: `${facts.name(resource)} is not public (${path} is ${choice ?? "not set"})` };
}

function byText(
  resource: PlannedResource,
  facts: Facts,
  path: string,
  opens: (value: string) => boolean,
  absentOpens: boolean,
): Lock {
  if (isHidden(resource.inputs, path)) return { state: "unknown", hop: facts.unknownText(resource, path) };
  const choice = text(resource.inputs, path);
  const open = choice === undefined ? absentOpens : opens(choice);
  const words = `${path} is ${choice ?? "not set"}`;
  return open
    ? { state: "open", hop: `${facts.name(resource)} is open to anybody (${words})` }
    : { state: "closed", hop: `${facts.name(resource)} is not open to anybody (${words})` };
}

function byMember(resource: PlannedResource, facts: Facts, path: string, member: string): Lock {
  if (texts(resource.inputs, path).some((one) => one.toLowerCase() === member))
    return { state: "open", hop: `${facts.name(resource)} is shared with everybody (${path} holds "${member}")` };
  if (isHidden(resource.inputs, path)) return { state: "unknown", hop: facts.unknownText(resource, path) };
  return { state: "closed", hop: `${facts.name(resource)} is shared with nobody unknown` };
}

function functionPermission(resource: PlannedResource, facts: Facts): Lock {
  if (isHidden(resource.inputs, "principal"))
    return { state: "unknown", hop: facts.unknownText(resource, "principal") };
  const limits = ["sourceArn", "sourceAccount", "principalOrgId"].some((key) => isSet(resource.inputs, key));
  const everybody =
    text(resource.inputs, "principal") === "*" && !limits && text(resource.inputs, "functionUrlAuthType") !== "AWS_IAM";
  return everybody
    ? { state: "open", hop: `${facts.name(resource)} lets everybody call the function` }
    : { state: "closed", hop: `${facts.name(resource)} names who may call the function` };
}

function restApi(resource: PlannedResource, facts: Facts): Lock {
  const types = texts(resource.inputs, "endpointConfiguration.types");
  if (isHidden(resource.inputs, "endpointConfiguration"))
    return { state: "unknown", hop: facts.unknownText(resource, "endpointConfiguration") };
  if (truth(resource.inputs, "disableExecuteApiEndpoint") === true)
    return { state: "closed", hop: `${facts.name(resource)} has its own address turned off` };
  return types.length > 0 && types.every((type) => type === "PRIVATE")
    ? { state: "closed", hop: `${facts.name(resource)} is private` }
    : { state: "open", hop: `${facts.name(resource)} is public (endpoint type ${types.join(", ") || "EDGE"})` };
}

function endpointService(resource: PlannedResource, facts: Facts): Lock {
  const open = (holder: PlannedResource): Lock => ({
    state: "open",
    hop: `${facts.name(holder)} lets every AWS account connect`,
  });
  if (texts(resource.inputs, "allowedPrincipals").includes("*")) return open(resource);
  const grants = facts
    .of(["aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple"])
    .filter((one) => facts.join(one, "vpcEndpointServiceId", [resource.type]).resources.includes(resource));
  const wide = grants.find((one) => text(one.inputs, "principalArn") === "*");
  if (wide !== undefined) return open(wide);
  const hidden = grants.find((one) => isHidden(one.inputs, "principalArn"));
  if (isHidden(resource.inputs, "allowedPrincipals"))
    return { state: "unknown", hop: facts.unknownText(resource, "allowedPrincipals") };
  if (hidden !== undefined) return { state: "unknown", hop: facts.unknownText(hidden, "principalArn") };
  return { state: "closed", hop: `${facts.name(resource)} names the accounts that may connect` };
}

function kubernetesApi(resource: PlannedResource, facts: Facts, outsiders: AddressSet): Lock {
  const name = facts.name(resource);
  const open = truth(resource.inputs, "vpcConfig.endpointPublicAccess");
  if (open === "unknown")
    return { state: "unknown", hop: facts.unknownText(resource, "vpcConfig.endpointPublicAccess") };
  if (open === false) return { state: "closed", hop: `${name} has no public endpoint` };
  const blocks = texts(resource.inputs, "vpcConfig.publicAccessCidrs");
  if (isHidden(resource.inputs, "vpcConfig.publicAccessCidrs"))
    return { state: "unknown", hop: facts.unknownText(resource, "vpcConfig.publicAccessCidrs") };
  const admitted = blocks.length === 0 ? [allAddresses] : blocks.map((block) => parseCidr(block) ?? allAddresses);
  return admitted.some((block) => meet(block, outsiders))
    ? {
        state: "open",
        hop: `${name} has a public endpoint for ${blocks.join(", ") || "every address (endpointPublicAccess is not off)"}`,
      }
    : { state: "closed", hop: `the public endpoint of ${name} admits declared networks only` };
}
