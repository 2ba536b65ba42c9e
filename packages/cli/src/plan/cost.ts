import { hoursPerMonth, instancePrice, servicePrice, type Price, type ServicePriceId } from "@holdfast/catalog";
import { isPropertyList, isPropertyMap, read, type PlannedResource, type ResourceGraph } from "@holdfast/policies";
import type { CostLine, PlanDocument, PlannedSizing } from "./plan-schema";

type Cost = PlanDocument["cost"];

/** One priced part of a resource: so many units at so much per unit and month. */
interface Item {
  readonly what: string;
  readonly quantity: number;
  readonly unitUsdPerMonth: number;
  readonly price: Price;
}

interface Pricing {
  readonly items: readonly Item[];
  readonly notPriced?: string;
}

interface Context {
  readonly graph: ResourceGraph;
  /** The region of resources that name none. */
  readonly region: string;
}

/**
 * What a plan costs per month at its desired sizes, from on-demand list prices. Priced from the resources themselves, so it holds
 * for any program. What is charged by use (traffic, log volume, requests) is named in `notPriced`.
 */
export function priceGraph(graph: ResourceGraph, region: string, sizing: readonly PlannedSizing[]): Cost {
  const context = { graph, region };
  const lines = new Map<string, CostLine>();
  const notPriced = new Set<string>();
  for (const resource of graph.resources) {
    const pricing = pricers[resource.type]?.(resource, context);
    if (pricing?.notPriced !== undefined) notPriced.add(pricing.notPriced);
    for (const item of pricing?.items ?? []) add(lines, item);
  }
  for (const item of modelStorage(graph, context, sizing)) add(lines, item);
  for (const text of chargedByUse(graph)) notPriced.add(text);
  const sorted = [...lines.values()].sort((a, b) => b.monthlyUsd - a.monthlyUsd || (a.what < b.what ? -1 : 1));
  return {
    monthlyUsd: cents(sorted.reduce((sum, line) => sum + line.monthlyUsd, 0)),
    currency: "USD",
    lines: sorted.map((line) => ({ ...line, monthlyUsd: cents(line.monthlyUsd) })),
    notPriced: [...notPriced].sort(),
  };
}

const pricers: Record<string, (resource: PlannedResource, context: Context) => Pricing> = {
  "aws:autoscaling/group:Group": group,
  "aws:ec2/instance:Instance": (instance, context) =>
    hosts(instance.name, text(instance, "instanceType"), 1, regionOf(instance, context)),
  "aws:ebs/volume:Volume": (volume, context) => ({
    items: [gibMonth(`${volume.name}: gp3 volume, GiB`, number(volume, "size") ?? 0, regionOf(volume, context))],
  }),
  "aws:lb/loadBalancer:LoadBalancer": (balancer, context) =>
    hourly("network load balancer", 1, "network-load-balancer-hour", regionOf(balancer, context)),
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:kms/key:Key": (key, context) => monthly("KMS key", 1, "kms-key-month", regionOf(key, context)),
  "aws:kms/replicaKey:ReplicaKey": (key, context) => monthly("KMS key", 1, "kms-key-month", regionOf(key, context)),
  "aws:secretsmanager/secret:Secret": (secret, context) =>
    monthly("secret", 1, "secret-month", regionOf(secret, context)),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (zone, context) =>
    monthly("private hosted zone", 1, "private-hosted-zone-month", regionOf(zone, context)),
  "aws:ec2/natGateway:NatGateway": () => ({ items: [], notPriced: "NAT gateways" }),
  "aws:networkfirewall/firewall:Firewall": () => ({ items: [], notPriced: "Network Firewall endpoints" }),
};

function group(group: PlannedResource, context: Context): Pricing {
  const count = number(group, "desiredCapacity") ?? number(group, "minSize") ?? 0;
  const template = context.graph.references(group, "launchTemplate", "aws:ec2/launchTemplate:LaunchTemplate")
    .resources[0];
  if (template === undefined) return { items: [], notPriced: `${group.name}: its launch template is not in the plan` };
  const region = regionOf(group, context);
  const label = group.name.replace(/-group$/, "");
  const compute = hosts(label, text(template, "instanceType"), count, region);
  return { ...compute, items: [...compute.items, ...volumes(template, label, count, region)] };
}

function hosts(label: string, instanceType: string | undefined, count: number, region: string): Pricing {
  const price = instanceType === undefined ? undefined : instancePrice(instanceType, region);
  if (instanceType === undefined || price === undefined) {
    return { items: [], notPriced: `${label}: no price known for ${instanceType ?? "its instance type"} in ${region}` };
  }
  return {
    items: [{ what: `${label}: ${instanceType}`, quantity: count, unitUsdPerMonth: price.usd * hoursPerMonth, price }],
  };
}

function volumes(template: PlannedResource, label: string, count: number, region: string): Item[] {
  const mappings = read(template.inputs, "blockDeviceMappings");
  if (mappings.state !== "known" || !isPropertyList(mappings.value)) return [];
  const gib = mappings.value.reduce<number>((sum, mapping) => {
    const size = isPropertyMap(mapping) && isPropertyMap(mapping.ebs) ? mapping.ebs.volumeSize : 0;
    return sum + (typeof size === "number" ? size : 0);
  }, 0);
  return gib === 0 ? [] : [gibMonth(`${label}: gp3 root volumes, GiB`, gib * count, region)];
}

function endpoint(endpoint: PlannedResource, context: Context): Pricing {
  if (text(endpoint, "vpcEndpointType") !== "Interface") return { items: [] };
  const subnets = read(endpoint.inputs, "subnetIds");
  const zones = subnets.state === "known" && isPropertyList(subnets.value) ? subnets.value.length : 1;
  return hourly("interface endpoint, per zone", zones, "interface-endpoint-hour", regionOf(endpoint, context));
}

/** The model store holds each model version once, the replica once more, and the vault once more. */
function modelStorage(graph: ResourceGraph, { region }: Context, sizing: readonly PlannedSizing[]): Item[] {
  const versions = new Map<string, number>();
  for (const fleet of sizing) {
    if (typeof fleet.weightsBytes === "number")
      versions.set(`${fleet.model} ${fleet.format}`, fleet.weightsBytes / 1e9);
  }
  const gb = [...versions.values()].reduce((sum, size) => sum + size, 0);
  const stores = graph.ofType("storage:index:ModelStore");
  if (gb === 0 || stores.length === 0) return [];
  const replica = graph.ofType("aws:s3/bucketReplicationConfig:BucketReplicationConfig").length > 0;
  const vault = graph.ofType("aws:backup/plan:Plan").length > 0;
  const item = (what: string, id: ServicePriceId): Item => {
    const price = servicePrice(id, region);
    return { what, quantity: Math.round(gb), unitUsdPerMonth: price.usd, price };
  };
  return [
    item("model weights in S3, GB", "s3-standard-gb"),
    ...(replica ? [item("model weights in the replica, GB", "s3-standard-gb")] : []),
    ...(vault ? [item("model weights in backup, GB", "backup-s3-gb")] : []),
  ];
}

function chargedByUse(graph: ResourceGraph): string[] {
  const has = (type: string) => graph.ofType(type).length > 0;
  return [
    ...(has("aws:cloudwatch/logGroup:LogGroup") ? ["log volume in CloudWatch Logs (ingest and storage)"] : []),
    ...(has("aws:ec2/vpcEndpoint:VpcEndpoint") ? ["data through interface endpoints and between zones"] : []),
    ...(has("aws:lb/loadBalancer:LoadBalancer") ? ["load balancer capacity units"] : []),
    ...(has("aws:kms/key:Key") ? ["KMS and S3 requests"] : []),
  ];
}

function hourly(what: string, quantity: number, id: ServicePriceId, region: string): Pricing {
  const price = servicePrice(id, region);
  return { items: [{ what, quantity, unitUsdPerMonth: price.usd * hoursPerMonth, price }] };
}

function monthly(what: string, quantity: number, id: ServicePriceId, region: string): Pricing {
  const price = servicePrice(id, region);
  return { items: [{ what, quantity, unitUsdPerMonth: price.usd, price }] };
}

function gibMonth(what: string, quantity: number, region: string): Item {
  const price = servicePrice("ebs-gp3-gb", region);
  return { what, quantity, unitUsdPerMonth: price.usd, price };
}

function add(lines: Map<string, CostLine>, { what, quantity, unitUsdPerMonth, price }: Item): void {
  const source = price.caveat === "" ? price.source : `${price.source} (${price.caveat})`;
  const key = `${what} ${price.region} ${unitUsdPerMonth}`;
  const known = lines.get(key);
  const total = (known?.quantity ?? 0) + quantity;
  lines.set(key, {
    what,
    quantity: total,
    unitUsd: Math.round(unitUsdPerMonth * 1e5) / 1e5,
    monthlyUsd: total * unitUsdPerMonth,
    source,
    asOf: price.asOf,
  });
}

function regionOf(resource: PlannedResource, { region }: Context): string {
  return text(resource, "region") ?? region;
}

function text(resource: PlannedResource, path: string): string | undefined {
  const reading = read(resource.inputs, path);
  return reading.state === "known" && typeof reading.value === "string" ? reading.value : undefined;
}

function number(resource: PlannedResource, path: string): number | undefined {
  const reading = read(resource.inputs, path);
  return reading.state === "known" && typeof reading.value === "number" ? reading.value : undefined;
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
