import type { PlannedResource } from "../graph/planned-resource";
import { isPropertyMap, read, type PropertyMap } from "../graph/property-value";
import { cidrs, isNone, meet, parseCidr, unite, type AddressSet } from "../addresses/address-set";
import type { ExposureAssumptions } from "./exposure-report";
import { isHidden, isSet, numeric, objects, text, texts, truth, type Facts } from "./facts";
import type { Lock } from "./way-graph";
import type { ServiceEndpoint } from "./service-doors";

/** Addresses on which a published port stays on the host or in a private network. */
const localAddresses = cidrs(
  "127.0.0.0/8",
  "::1/128",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
);

/** Kubernetes Services, Ingresses, Gateways and host ports, and published ports of Docker containers. */
export function containerEndpoints(
  facts: Facts,
  outsiders: AddressSet,
  assume: ExposureAssumptions,
): ServiceEndpoint[] {
  return [
    ...facts
      .of(["kubernetes:core/v1:Service", "kubernetes:core/v1:ServicePatch"])
      .map((service) => kubernetesService(service, facts, outsiders, assume)),
    ...facts
      .matching(/^kubernetes:(networking\.k8s\.io|extensions)\/v\w+:Ingress(Patch)?$/)
      .map((one) => ingress(one, facts, outsiders, assume)),
    ...facts
      .matching(/^kubernetes:gateway\.networking\.k8s\.io\/v\w+:Gateway$/)
      .map((one) => gateway(one, facts, assume)),
    ...facts.matching(podHolder).flatMap((one) => hostPorts(one, facts)),
    ...facts.of(["docker:index/container:Container"]).map((container) => dockerContainer(container, facts)),
    ...facts.of(["docker:index/service:Service"]).map((service) => dockerService(service, facts)),
  ];
}

const podHolder =
  /^kubernetes:(core\/v1:Pod|apps\/v\w+:(Deployment|StatefulSet|DaemonSet|ReplicaSet)|batch\/v\w+:(Job|CronJob))$/;

const privateAnnotations: Readonly<Record<string, readonly string[]>> = {
  "service.beta.kubernetes.io/aws-load-balancer-internal": ["true", "0.0.0.0/0"],
  "service.beta.kubernetes.io/aws-load-balancer-scheme": ["internal"],
  "service.beta.kubernetes.io/azure-load-balancer-internal": ["true"],
  "networking.gke.io/load-balancer-type": ["Internal"],
  "cloud.google.com/load-balancer-type": ["Internal"],
  "service.beta.kubernetes.io/oci-load-balancer-internal": ["true"],
  "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": ["private"],
};

function kubernetesService(
  service: PlannedResource,
  facts: Facts,
  outsiders: AddressSet,
  assume: ExposureAssumptions,
): ServiceEndpoint {
  const name = facts.name(service);
  const locks: Lock[] = [];
  const type = text(service.inputs, "spec.type") ?? "ClusterIP";
  if (isHidden(service.inputs, "spec.type"))
    locks.push({ state: "unknown", hop: facts.unknownText(service, "spec.type") });
  const external = texts(service.inputs, "spec.externalIPs").filter((address) => isOutside(address));
  if (external.length > 0)
    locks.push({ state: "open", hop: `${name} answers on the external addresses ${external.join(", ")}` });
  if (type === "NodePort")
    locks.push({ state: "open", hop: `${name} opens a port on every address of every node (NodePort)` });
  if (type === "LoadBalancer") locks.push(balancerLock(service, facts, outsiders, assume));
  if (locks.length === 0)
    locks.push({ state: "closed", hop: `${name} has an address inside the cluster only (${type})` });
  return { resource: service, kind: "Kubernetes service", locks };
}

function balancerLock(
  service: PlannedResource,
  facts: Facts,
  outsiders: AddressSet,
  assume: ExposureAssumptions,
): Lock {
  const name = facts.name(service);
  const ranges = texts(service.inputs, "spec.loadBalancerSourceRanges");
  const annotations = annotationsOf(service);
  if (ranges.length > 0) {
    const admitted = unite(...ranges.flatMap((range) => parseCidr(range) ?? []));
    if (!isNone(admitted) && !meet(admitted, outsiders))
      return { state: "closed", hop: `${name} admits declared networks only (loadBalancerSourceRanges)` };
  }
  if (annotations === "unknown") return { state: "unknown", hop: facts.unknownText(service, "metadata.annotations") };
  const marked = Object.entries(privateAnnotations).find(([key, values]) => values.includes(mark(annotations, key)));
  if (marked !== undefined) return { state: "closed", hop: `${name} has a private load balancer (${marked[0]})` };
  const scheme = text(annotations, ["service.beta.kubernetes.io/aws-load-balancer-scheme"]);
  const controller = assume.loadBalancerController ?? "in-tree";
  const klass = text(service.inputs, "spec.loadBalancerClass") ?? "";
  const privateByDefault =
    controller !== "in-tree" || klass === "service.k8s.aws/nlb" || klass === "eks.amazonaws.com/nlb";
  if (scheme === undefined && privateByDefault)
    return {
      state: "closed",
      hop: `${name} has a load balancer whose controller makes it private unless told otherwise`,
    };
  return {
    state: "open",
    hop: `${name} has a public load balancer${scheme === undefined ? " (nothing says that it is internal)" : ` (scheme ${scheme})`}`,
  };
}

function ingress(
  resource: PlannedResource,
  facts: Facts,
  outsiders: AddressSet,
  assume: ExposureAssumptions,
): ServiceEndpoint {
  const name = facts.name(resource);
  const annotations = annotationsOf(resource);
  const lock = ((): Lock => {
    if (annotations === "unknown")
      return { state: "unknown", hop: facts.unknownText(resource, "metadata.annotations") };
    const klass = text(resource.inputs, "spec.ingressClassName") ?? mark(annotations, "kubernetes.io/ingress.class");
    const inbound =
      mark(annotations, "alb.ingress.kubernetes.io/inbound-cidrs") ||
      mark(annotations, "nginx.ingress.kubernetes.io/whitelist-source-range");
    const blocks = inbound === "" ? [] : inbound.split(",").map((block) => parseCidr(block));
    if (blocks.length > 0 && blocks.every((block) => block !== undefined && !meet(block, outsiders)))
      return { state: "closed", hop: `${name} admits declared networks only` };
    const scheme = annotations["alb.ingress.kubernetes.io/scheme"];
    if (scheme === "internet-facing")
      return { state: "open", hop: `${name} has a public load balancer (alb.ingress.kubernetes.io/scheme)` };
    if (klass === "alb" || scheme === "internal")
      return { state: "closed", hop: `${name} has a private load balancer` };
    if (assume.loadBalancerController === "private")
      return { state: "closed", hop: `${name} is served by a private controller (assumed)` };
    return { state: "unknown", hop: `what serves ${name} (class ${klass || "not set"}) is decided by its controller` };
  })();
  return { resource, kind: "Kubernetes ingress", locks: [lock] };
}

function gateway(resource: PlannedResource, facts: Facts, assume: ExposureAssumptions): ServiceEndpoint {
  const name = facts.name(resource);
  const marks = read(resource.inputs, "spec.infrastructure.annotations");
  const annotations = marks.state === "known" && isPropertyMap(marks.value) ? marks.value : {};
  const marked = Object.entries(privateAnnotations).find(([key, values]) => values.includes(mark(annotations, key)));
  const scheme = text(annotations, ["service.beta.kubernetes.io/aws-load-balancer-scheme"]);
  const addresses = objects(resource.inputs, "spec.addresses").flatMap((one) => text(one, "value") ?? []);
  const lock: Lock =
    scheme === "internet-facing" || addresses.some(isOutside)
      ? { state: "open", hop: `${name} has a public address` }
      : marked !== undefined || (addresses.length > 0 && !addresses.some(isOutside))
        ? { state: "closed", hop: `${name} has a private address` }
        : assume.loadBalancerController === "private" ||
            assume.loadBalancerController === "aws-load-balancer-controller"
          ? { state: "closed", hop: `${name} is served by a controller that makes private load balancers (assumed)` }
          : { state: "unknown", hop: `what serves ${name} is decided by its controller` };
  return { resource, kind: "Kubernetes gateway", locks: [lock] };
}

function hostPorts(holder: PlannedResource, facts: Facts): ServiceEndpoint[] {
  const specs = ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"];
  const opened = specs
    .flatMap((at) => ["containers", "initContainers"].flatMap((key) => objects(holder.inputs, `${at}.${key}`)))
    .flatMap((container) => objects(container, "ports"))
    .filter((port) => numeric(port, "hostPort") !== undefined && (numeric(port, "hostPort") ?? 0) > 0);
  const wide = opened.filter((port) => !isSet(port, "hostIP") || isOutside(text(port, "hostIP") ?? "0.0.0.0"));
  if (wide.length === 0) return [];
  const numbers = wide.map((port) => numeric(port, "hostPort")).join(", ");
  return [
    {
      resource: holder,
      kind: "Kubernetes host port",
      locks: [
        {
          state: "unknown",
          hop: `${facts.name(holder)} opens port ${numbers} on every address of its nodes, and the nodes' networks are not in this program`,
        },
      ],
    },
  ];
}

function dockerContainer(container: PlannedResource, facts: Facts): ServiceEndpoint {
  const name = facts.name(container);
  const locks: Lock[] = objects(container.inputs, "ports").map((port) => publishedPort(port, name));
  if (isHidden(container.inputs, "ports") && locks.length === 0)
    locks.push({ state: "unknown", hop: facts.unknownText(container, "ports") });
  if (truth(container.inputs, "publishAllPorts") === true)
    locks.push({ state: "open", hop: `${name} publishes every port on every address of the host` });
  if (text(container.inputs, "networkMode") === "host")
    locks.push({
      state: "unknown",
      hop: `${name} shares the host's network: what it listens on is not in this program`,
    });
  if (locks.length === 0) locks.push({ state: "closed", hop: `${name} publishes no port` });
  return { resource: container, kind: "container", locks };
}

function publishedPort(port: PropertyMap, name: string): Lock {
  const numberText = String(numeric(port, "external") ?? numeric(port, "internal") ?? "any");
  if (isHidden(port, "ip"))
    return {
      state: "unknown",
      hop: `the address on which ${name} publishes port ${numberText} is not known before deployment`,
    };
  const address = text(port, "ip") ?? "0.0.0.0";
  if (address === "0.0.0.0" || address === "::")
    return { state: "open", hop: `${name} publishes port ${numberText} on every address of the host` };
  return isOutside(address)
    ? { state: "open", hop: `${name} publishes port ${numberText} on the public address ${address}` }
    : { state: "closed", hop: `${name} publishes port ${numberText} on ${address} only` };
}

function dockerService(service: PlannedResource, facts: Facts): ServiceEndpoint {
  const name = facts.name(service);
  const ports = objects(service.inputs, "endpointSpec.ports").filter(
    (port) => isSet(port, "publishedPort") || text(port, "publishMode") === "host",
  );
  const lock: Lock =
    ports.length > 0
      ? {
          state: "open",
          hop: `${name} publishes port ${ports.map((port) => String(numeric(port, "publishedPort") ?? "any")).join(", ")} on every address of every node`,
        }
      : { state: "closed", hop: `${name} publishes no port` };
  return { resource: service, kind: "container service", locks: [lock] };
}

function isOutside(address: string): boolean {
  const parsed = parseCidr(address);
  if (parsed === undefined || address === "0.0.0.0" || address === "::") return true;
  return !meet(parsed, localAddresses);
}

function annotationsOf(resource: PlannedResource): PropertyMap | "unknown" {
  const reading = read(resource.inputs, "metadata.annotations");
  if (reading.state === "unknown") return "unknown";
  return reading.state === "known" && isPropertyMap(reading.value) ? reading.value : {};
}

/** An annotation as a text; empty when there is none. */
function mark(annotations: PropertyMap, key: string): string {
  const value = annotations[key];
  return typeof value === "string" || typeof value === "boolean" ? String(value) : "";
}
