import type { PlannedResource } from "../graph/planned-resource";
import type { Facts } from "./facts";
import type { LoadBalancers } from "./load-balancers";
import { tokens } from "./tokens";

/** A service that hands outside connections to something inside, past the scheme and the routes of what it hands them to. */
export interface FrontDoor {
  readonly from: PlannedResource;
  readonly to: PlannedResource;
  readonly hop: string;
}

const accelerators = [
  "aws:globalaccelerator/accelerator:Accelerator",
  "aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator",
];
const balancers = [...tokens.loadBalancer, ...tokens.classicLoadBalancer];

/** Accelerators, content distributions, API gateways and endpoint services, and what stands behind them. */
export function frontDoors(facts: Facts, loadBalancers: LoadBalancers): FrontDoor[] {
  return [
    ...acceleratorDoors(facts),
    ...distributionDoors(facts),
    ...apiDoors(facts, loadBalancers),
    ...endpointServiceDoors(facts),
    ...latticeDoors(facts),
  ];
}

function acceleratorDoors(facts: Facts): FrontDoor[] {
  const listeners = [
    "aws:globalaccelerator/listener:Listener",
    "aws:globalaccelerator/customRoutingListener:CustomRoutingListener",
  ];
  const groups = [
    "aws:globalaccelerator/endpointGroup:EndpointGroup",
    "aws:globalaccelerator/customRoutingEndpointGroup:CustomRoutingEndpointGroup",
  ];
  return facts.of(groups).flatMap((group) => {
    const from = facts
      .join(group, "listenerArn", listeners)
      .resources.flatMap((listener) => facts.join(listener, "acceleratorArn", accelerators).resources);
    const targets = facts.join(group, "endpointConfigurations", [
      ...balancers,
      ...tokens.instance,
      ...tokens.subnet,
    ]).resources;
    // An accelerator that is not in the program is as public as one that is.
    const doors = from.length > 0 ? from : [group];
    return doors.flatMap((accelerator) => targets.map((to) => ({ from: accelerator, to, hop: facts.name(group) })));
  });
}

function distributionDoors(facts: Facts): FrontDoor[] {
  const vpcOrigins = ["aws:cloudfront/vpcOrigin:VpcOrigin"];
  return facts.of(["aws:cloudfront/distribution:Distribution"]).flatMap((distribution) => {
    const through = facts
      .join(distribution, "origins", vpcOrigins)
      .resources.flatMap((origin) =>
        facts
          .join(origin, "vpcOriginEndpointConfig", [...balancers, ...tokens.instance])
          .resources.map((to) => ({ from: distribution, to, hop: facts.name(origin) })),
      );
    const direct = facts
      .join(distribution, "origins", [...balancers, ...tokens.bucket])
      .resources.map((to) => ({ from: distribution, to, hop: `origin of ${facts.name(distribution)}` }));
    return [...through, ...direct];
  });
}

function apiDoors(facts: Facts, loadBalancers: LoadBalancers): FrontDoor[] {
  const behind = (holder: PlannedResource, path: string): readonly PlannedResource[] => [
    ...facts.join(holder, path, balancers).resources,
    ...facts.join(holder, path, tokens.listener).resources.flatMap((listener) => loadBalancers.balancersOf(listener)),
  ];
  const http = facts
    .of(["aws:apigatewayv2/integration:Integration"])
    .flatMap((integration) =>
      facts
        .join(integration, "apiId", ["aws:apigatewayv2/api:Api"])
        .resources.flatMap((from) =>
          behind(integration, "integrationUri").map((to) => ({ from, to, hop: facts.name(integration) })),
        ),
    );
  const links = ["aws:apigateway/vpcLink:VpcLink"];
  const rest = facts
    .of(["aws:apigateway/integration:Integration"])
    .flatMap((integration) =>
      facts
        .join(integration, "restApi", ["aws:apigateway/restApi:RestApi"])
        .resources.flatMap((from) =>
          facts
            .join(integration, "connectionId", links)
            .resources.flatMap((link) => behind(link, "targetArn").map((to) => ({ from, to, hop: facts.name(link) }))),
        ),
    );
  return [...http, ...rest];
}

function endpointServiceDoors(facts: Facts): FrontDoor[] {
  return facts
    .of(["aws:ec2/vpcEndpointService:VpcEndpointService"])
    .flatMap((from) =>
      facts
        .joinAll(from, ["networkLoadBalancerArns", "gatewayLoadBalancerArns"], balancers)
        .resources.map((to) => ({ from, to, hop: `endpoint service handing over to ${facts.name(to)}` })),
    );
}

/** Lattice services hand over to target groups of their own. */
function latticeDoors(facts: Facts): FrontDoor[] {
  const services = ["aws:vpclattice/service:Service"];
  const groups = ["aws:vpclattice/targetGroup:TargetGroup"];
  const targets = new Map<string, PlannedResource[]>();
  for (const attachment of facts.of(["aws:vpclattice/targetGroupAttachment:TargetGroupAttachment"]))
    for (const group of facts.join(attachment, "targetGroupIdentifier", groups).resources)
      targets.set(group.urn, [
        ...(targets.get(group.urn) ?? []),
        ...facts.join(attachment, "target", [...balancers, ...tokens.instance]).resources,
      ]);
  return facts
    .of(["aws:vpclattice/listener:Listener"])
    .flatMap((listener) =>
      facts
        .joinAll(listener, ["serviceIdentifier", "serviceArn"], services)
        .resources.flatMap((from) =>
          facts
            .join(listener, "defaultAction", groups)
            .resources.flatMap((group) =>
              (targets.get(group.urn) ?? []).map((to) => ({ from, to, hop: facts.name(listener) })),
            ),
        ),
    );
}
