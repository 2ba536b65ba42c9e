import { isDeepStrictEqual } from "node:util";
import { at } from "../declared/declared-stand-in";
import type { CheckFailure, Properties } from "../provider";
import { unknownValue } from "../wire-marks";

/** What the API server refuses in an object of which every field has the right kind. Unknown values are let pass. */
export function* objectProblems(inputs: Properties): Generator<CheckFailure> {
  for (const field of ["name", "namespace"]) {
    const name = at(inputs, `metadata.${field}`);
    if (typeof name === "string" && name !== unknownValue && !isName(name))
      yield problem(`metadata.${field}`, `"${name}" is not a DNS name: small letters, digits, "-" and "."`);
  }
  const template = at(inputs, "spec.template");
  if (isObject(template)) {
    const labels = (at(template, "metadata.labels") ?? {}) as Properties;
    const selector = at(inputs, "spec.selector.matchLabels");
    if (isObject(selector) && !Object.entries(selector).every(([key, value]) => isDeepStrictEqual(labels[key], value)))
      yield problem("spec.selector", "does not match the labels of the template");
    yield* podProblems((template.spec ?? {}) as Properties, "spec.template.spec");
  } else if (inputs.kind === "Pod") yield* podProblems((inputs.spec ?? {}) as Properties, "spec");
  if (inputs.kind === "Service") yield* serviceProblems((inputs.spec ?? {}) as Properties);
}

function* podProblems(pod: Properties, path: string): Generator<CheckFailure> {
  const containers = list(pod.containers);
  if (containers.length === 0 && pod.containers !== unknownValue)
    yield problem(`${path}.containers`, "a pod needs a container");
  const volumes = new Set(list(pod.volumes).map(({ name }) => name));
  const names = new Set<unknown>();
  for (const [index, container] of containers.entries()) {
    const place = `${path}.containers[${index}]`;
    const { name, image } = container;
    if (typeof name === "string" && name !== unknownValue && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
      yield problem(`${place}.name`, `"${name}" is not a DNS label`);
    if (names.has(name)) yield problem(`${place}.name`, `"${String(name)}" is there twice`);
    names.add(name);
    if (image === undefined || image === "") yield problem(`${place}.image`, "is missing");
    for (const [number, { containerPort }] of list(container.ports).entries())
      yield* portProblems(containerPort, `${place}.ports[${number}].containerPort`);
    for (const [number, mount] of list(container.volumeMounts).entries())
      if (pod.volumes !== unknownValue && mount.name !== unknownValue && !volumes.has(mount.name))
        yield problem(`${place}.volumeMounts[${number}].name`, `the pod has no volume "${String(mount.name)}"`);
    yield* resourceProblems((container.resources ?? {}) as Properties, `${place}.resources`);
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const given = container[probe];
      const ways = ["exec", "httpGet", "tcpSocket", "grpc"].filter(
        (way) => isObject(given) && given[way] !== undefined,
      );
      if (isObject(given) && ways.length !== 1)
        yield problem(`${place}.${probe}`, `needs one of exec, httpGet, tcpSocket, grpc, has ${ways.length}`);
    }
  }
}

function* resourceProblems({ limits = {}, requests = {} }: Properties, path: string): Generator<CheckFailure> {
  for (const [kind, amounts] of Object.entries({ limits, requests })) {
    for (const [name, amount] of Object.entries(isObject(amounts) ? amounts : {})) {
      if (amount === unknownValue) continue;
      const asked = quantity(amount);
      if (typeof amount === "string" && asked === undefined)
        yield problem(`${path}.${kind}.${name}`, `"${amount}" is not a quantity`);
      if (isDevice(name) && asked !== undefined && !Number.isInteger(asked))
        yield problem(`${path}.${kind}.${name}`, `"${String(amount)}" must be a whole number`);
      if (kind === "limits" || !isObject(limits) || limits[name] === unknownValue) continue;
      const limit = quantity(limits[name]);
      // A device is given whole and to one container.
      if (isDevice(name) && limit !== asked)
        yield problem(`${path}.limits.${name}`, "must be there, and the same as the request");
      else if (limit !== undefined && asked !== undefined && asked > limit)
        yield problem(`${path}.requests.${name}`, "must not be more than the limit");
    }
  }
}

function* serviceProblems(spec: Properties): Generator<CheckFailure> {
  const ports = list(spec.ports);
  if (ports.length === 0 && spec.ports !== unknownValue && spec.type !== "ExternalName" && spec.clusterIP !== "None")
    yield problem("spec.ports", "a service needs a port");
  for (const [index, { port, name }] of ports.entries()) {
    yield* portProblems(port, `spec.ports[${index}].port`);
    if (ports.length > 1 && name === undefined)
      yield problem(`spec.ports[${index}].name`, "is needed beside other ports");
  }
}

function* portProblems(port: unknown, place: string): Generator<CheckFailure> {
  if (typeof port === "number" && (!Number.isInteger(port) || port < 1 || port > 65535))
    yield problem(place, `${port} is not a port`);
}

/** An extended resource, such as `nvidia.com/gpu`. */
function isDevice(name: string): boolean {
  return name.includes("/") && !/^([\w-]+\.)*kubernetes\.io\//.test(name);
}

/** A name as RFC 1123 has it. */
function isName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}

const units: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** An amount such as `500m`, `32Gi` or `1e3`. */
function quantity(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const [, number, unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = units[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

function problem(property: string, reason: string): CheckFailure {
  return { property, reason };
}

function list(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
