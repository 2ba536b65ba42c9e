import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { Made, Ways } from "../declared/declared-stand-in";
import type { CheckFailure, Properties, Subject } from "../provider";
import { containerBody } from "./container-body";
import type { DockerEngine } from "./docker-engine";
import { unknownValue } from "../wire-marks";

const container = "docker:index/container:Container";
/** How the ids of containers begin that no engine has. */
const madeUp = "made-up-";
const remoteImage = "docker:index/remoteImage:RemoteImage";

/**
 * What the stand-in knows of Docker. Images are never pulled and containers never started: where a real engine is given and has the
 * image, it is asked to make the container, so that it judges every setting; everywhere else it is made up.
 * Source of what needs a new resource: terraform-provider-docker 3, which the Pulumi provider bridges; as of 2026-11.
 */
export function dockerWays(engine?: DockerEngine): Ways {
  return {
    complete: ({ type, name }, inputs, olds, random) => {
      if (type !== container || inputs.name !== undefined) return inputs;
      const old = Array.isArray(olds.__defaults) ? olds.name : undefined;
      return { ...inputs, name: old ?? `${name}-${random.slice(0, 7)}`, __defaults: ["name"] };
    },
    refuses: ({ type }, inputs) => {
      if (type === remoteImage) return [...imageProblems(inputs)];
      return type === container ? [...containerProblems(inputs)] : [];
    },
    replaces: (type) =>
      type === container
        ? {
            allBut: [
              ...["attach", "cpuSet", "cpuShares", "destroyGraceSeconds", "logs", "maxRetryCount", "memory"],
              ...["memoryReservation", "memorySwap", "mustRun", "removeVolumes", "restart", "rm", "start", "wait"],
              ...["waitTimeout", "containerReadRefreshTimeoutMilliseconds"],
            ],
          }
        : { allBut: type === remoteImage ? ["keepLocally", "forceRemove"] : [] },
    // The names are made up anew unless the program gives one.
    replacesInPlace: (type, { name, __defaults }) =>
      type === container && name !== undefined && __defaults === undefined,
    make: (subject, inputs) => make(subject, inputs, engine),
    unmake: async (type, id) => {
      if (type === container && !id.startsWith(madeUp)) await engine?.removeContainer(id);
    },
    isThere: async (type, id) =>
      type !== container || engine === undefined || id.startsWith(madeUp) || (await engine.container(id)) !== undefined,
  };
}

async function make({ type, urn }: Subject, inputs: Properties, engine: DockerEngine | undefined): Promise<Made> {
  const hash = createHash("sha256")
    .update(JSON.stringify([type, inputs.name ?? urn]))
    .digest("hex");
  if (type === remoteImage) {
    const name = String(inputs.name);
    const there = await engine?.image(name);
    const imageId = there?.Id ?? `sha256:${hash}`;
    const repoDigest = there?.RepoDigests?.[0] ?? `${name.split("@")[0]?.replace(/:[^/:]+$/, "") ?? ""}@sha256:${hash}`;
    const id = `${imageId}${name}`;
    return { id, outputs: { id, imageId, repoDigest } };
  }
  if (type === container && engine !== undefined && (await engine.image(String(inputs.image))) !== undefined) {
    const id = await engine.createContainer(String(inputs.name), containerBody(inputs).body);
    return { id, outputs: { id } };
  }
  const id = `${madeUp}${hash}`;
  return { id, outputs: { id } };
}

function* imageProblems({ name }: Properties): Generator<CheckFailure> {
  // Source: the grammar of references in distribution/reference.
  const path =
    /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*/i;
  const whole = new RegExp(`${path.source}(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`, "i");
  if (typeof name === "string" && name !== unknownValue && !whole.test(name))
    yield { property: "name", reason: `"${name}" is not the name of an image` };
}

function* containerProblems(inputs: Properties): Generator<CheckFailure> {
  for (const [index, port] of entries(inputs.ports)) {
    for (const side of ["internal", "external"] as const) {
      const number = port[side];
      if (typeof number === "number" && (!Number.isInteger(number) || number < 1 || number > 65535))
        yield { property: `ports[${index}].${side}`, reason: `${number} is not a port` };
    }
    if (typeof port.ip === "string" && port.ip !== unknownValue && isIP(port.ip) === 0)
      yield { property: `ports[${index}].ip`, reason: `"${port.ip}" is not an address` };
  }
  const { restart, rm, memory, image } = inputs;
  const policies = ["no", "on-failure", "always", "unless-stopped"];
  if (typeof restart === "string" && restart !== unknownValue && !policies.includes(restart))
    yield { property: "restart", reason: `"${restart}" is none of ${policies.join(", ")}` };
  if (rm === true && typeof restart === "string" && restart !== "no")
    yield { property: "rm", reason: "a container that is removed when it ends cannot be restarted" };
  if (typeof memory === "number" && memory > 0 && memory < 6) yield { property: "memory", reason: "the least is 6 MB" };
  if (image === "") yield { property: "image", reason: "is empty" };
}

function entries(value: unknown): (readonly [number, Properties])[] {
  return Array.isArray(value) ? [...(value as Properties[]).entries()] : [];
}
