import type { Problem } from "@holdfast/core";
import type { FleetNeed, OwnHost } from "@holdfast/sizing";
import { z } from "zod";
import { BadInput } from "../exit-code";

const figure = z.number().positive();

/** Keys of `--host`: what the library calls them, and their unit. */
const hostKeys = {
  gpus: ["gpus", "how many in a server"],
  cores: ["cores", "processor cores"],
  memory: ["memoryGb", "GB of host memory"],
  storage: ["storageGb", "GB of local disks"],
  disk: ["diskMBps", "MB/s that they read"],
  network: ["networkGbps", "Gb/s"],
  supplies: ["supplies", "watts of each power supply, joined by +"],
  cooling: ["coolingWatts", "watts of GPU heat that are carried off"],
} as const;

/** `cores=16,memory=128,supplies=1600+1600` as a host; every bad part is named. */
export function hostOf(text: string): OwnHost {
  const problems: Problem[] = [];
  const host: Record<string, number | readonly number[]> = {};
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [name = "", value = ""] = part.split("=", 2).map((one) => one.trim());
    const key = Object.hasOwn(hostKeys, name) ? hostKeys[name as keyof typeof hostKeys] : undefined;
    const numbers = value.split("+").map(Number);
    const good = numbers.every((one) => figure.safeParse(one).success) && (name === "supplies" || numbers.length === 1);
    if (key === undefined) {
      const known = Object.entries(hostKeys).map(([one, [, what]]) => `${one} (${what})`);
      problems.push({ path: name || part, reason: `not a figure of a host; known: ${known.join(", ")}` });
    } else if (!good) problems.push({ path: name, reason: `must be ${key[1]}, above 0, got "${value}"` });
    else host[key[0]] = name === "supplies" ? numbers : (numbers[0] ?? 0);
  }
  if (problems.length > 0) throw new BadInput(`--host ${text}`, problems);
  return host;
}

/** Words of `--start`: what is there before a replica starts. */
const startWords = {
  "image-cached": ["imageCached", "the engine's image is on the machine image"],
  "compile-cached": ["compileCached", "the engine's compile cache is warm"],
  stream: ["stream", "weights stream to the GPUs instead of over the disk"],
  "warm-pool": ["warmPool", "hosts wait stopped in a warm pool"],
} as const;
/** Figures of `--start`. */
const startFigures = {
  image: ["imageGb", "compressed size of the engine's image, GB"],
  disk: ["diskMBps", "MB/s that the local disks read"],
} as const;

/** `image-cached,warm-pool,image=13` as what is known of a cold start; every bad part is named. */
export function startOf(text: string): NonNullable<FleetNeed["start"]> {
  const problems: Problem[] = [];
  const start: Record<string, boolean | number> = {};
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [name = "", value] = part.split("=", 2).map((one) => one.trim());
    if (value === undefined && Object.hasOwn(startWords, name)) {
      start[startWords[name as keyof typeof startWords][0]] = true;
      continue;
    }
    const key = Object.hasOwn(startFigures, name) ? startFigures[name as keyof typeof startFigures] : undefined;
    if (key === undefined) {
      const known = [
        ...Object.entries(startWords).map(([one, [, what]]) => `${one} (${what})`),
        ...Object.entries(startFigures).map(([one, [, what]]) => `${one}=<n> (${what})`),
      ];
      problems.push({ path: name || part, reason: `nothing that a start is known by; known: ${known.join(", ")}` });
    } else if (!figure.safeParse(Number(value)).success)
      problems.push({ path: name, reason: `must be ${key[1]}, above 0, got "${value ?? ""}"` });
    else start[key[0]] = Number(value);
  }
  if (problems.length > 0) throw new BadInput(`--start ${text}`, problems);
  return start;
}
