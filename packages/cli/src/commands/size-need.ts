import { readFileSync } from "node:fs";
import { engines, findModel, gpusOfClass } from "@holdfast/catalog";
import type { Problem } from "@holdfast/core";
import {
  isPriced,
  ownServers,
  purchaseNames,
  type FleetNeed,
  type OwnFigures,
  type OwnHost,
  type SiteCosts,
} from "@holdfast/sizing";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { BadInput } from "../exit-code";
import { assumedLoad, type SizeOptions } from "./size-options";
import { readTraffic, type Traffic } from "./size-traffic";

/** What was asked, with every file read and every gap filled. */
export interface SizeQuestion {
  readonly need: FleetNeed;
  readonly own: OwnFigures;
  readonly host: OwnHost;
  readonly traffic?: Traffic;
  /** What nobody stated, and what was taken for it. */
  readonly assumptions: readonly string[];
}

/** Options to a need. What is not stated comes from the traffic, then from assumptions that the result names. */
export function questionOf(options: SizeOptions & { readonly model: string }): SizeQuestion {
  const traffic = options.traffic === undefined ? undefined : readTraffic(options.traffic);
  const own = options.costs === undefined ? {} : readCosts(options.costs);
  const host = options.host === undefined ? {} : hostOf(options.host);
  const assumptions: string[] = [];
  const encoder = (findModel(options.model)?.task ?? "generate") !== "generate";
  const load = (name: keyof typeof assumedLoad, measured: number | undefined, what: string, option: string): number => {
    const known = options[name] ?? measured;
    if (known !== undefined) return known;
    assumptions.push(`${what} ${assumedLoad[name]} (state ${option})`);
    return assumedLoad[name];
  };
  const promptTokens = load("promptTokens", traffic?.prompt.p95, "prompt tokens", "--prompt-tokens or --traffic");
  const outputTokens = encoder
    ? 0
    : load("outputTokens", traffic?.output.p95, "output tokens", "--output-tokens or --traffic");
  const requestsPerSecond = load(
    "requestsPerSecond",
    traffic?.requestsPerSecond,
    "requests per second",
    "--requests-per-second, or traffic with time stamps",
  );
  if (options.offline !== true && [options.ttft, options.tpot, options.e2e].every((one) => one === undefined))
    assumptions.push("no latency targets (state --ttft and --tpot)");
  const servers = serversOf(options, host, own.site);
  const unpriced = [...new Set((servers ?? []).filter(({ gpu }) => !isPriced(gpu)).map(({ gpu }) => gpu))];
  if (unpriced.length > 0 && own.site?.serverUsd === undefined)
    assumptions.push(
      `nothing for the servers themselves: no purchase price of ${unpriced.join(", ")} is known (state site.serverUsd in --costs)`,
    );
  return {
    own,
    host,
    assumptions,
    ...(traffic === undefined ? {} : { traffic }),
    need: {
      fleet: "fleet",
      model: options.model,
      region: options.region,
      batch: options.offline ?? false,
      minimumReplicas: options.replicas,
      workload: {
        promptTokens,
        outputTokens,
        requestsPerSecond,
        ...targetsOf(options),
        ...shapeOf(options, traffic, encoder),
      },
      ...(options.quality === undefined ? {} : { minimumQuality: options.quality }),
      ...(options.kv === undefined ? {} : { kvCacheDtype: options.kv }),
      ...(options.spareHosts === undefined ? {} : { spareHosts: options.spareHosts }),
      ...(options.headroom === undefined ? {} : { headroom: options.headroom / 100 }),
      ...(options.zones === undefined ? {} : { zones: options.zones }),
      ...(options.engine === undefined ? {} : { engine: engineOf(options.engine) }),
      ...(options.format === undefined ? {} : { format: options.format }),
      ...(options.gpu === undefined ? {} : { gpuClass: options.gpu }),
      ...(options.context === undefined ? {} : { maxModelLen: options.context }),
      ...(servers === undefined ? {} : { servers }),
    },
  };
}

/** `vllm@0.19.0`, or `vllm` for its newest version in the catalogue. */
function engineOf(text: string): NonNullable<FleetNeed["engine"]> {
  const [name = "", stated] = text.split("@", 2);
  const known = engines.findLast((one) => one.kind === name);
  if (known === undefined)
    throw new BadInput(`unknown engine "${name}"; known: ${[...new Set(engines.map(({ kind }) => kind))].join(", ")}`);
  return { kind: known.kind, version: stated ?? known.version };
}

type Workload = FleetNeed["workload"];

function targetsOf({ ttft, tpot, e2e, percentile: at }: SizeOptions): Partial<Workload> {
  return {
    ...(ttft === undefined ? {} : { ttftSeconds: ttft }),
    ...(tpot === undefined ? {} : { tpotMs: tpot }),
    ...(e2e === undefined ? {} : { endToEndSeconds: e2e }),
    ...(at === undefined ? {} : { targetPercentiles: { ttft: at, tpot: at, endToEnd: at } }),
  };
}

/** More uneven arrivals than this are beyond the planner; the library's own bound. */
const mostVariation = 20;

/** How long requests are and how they come, where the traffic or the options say. A stated length replaces the measured ones. */
function shapeOf(options: SizeOptions, traffic: Traffic | undefined, encoder: boolean): Partial<Workload> {
  const { burstiness, peakFactor, sharedPrefix, turns, hitRate, offlineTokens } = options;
  const variation =
    burstiness ?? (traffic?.variation === undefined ? undefined : Math.min(mostVariation, traffic.variation));
  const arrivals = {
    ...(variation === undefined ? {} : { variation }),
    ...(peakFactor === undefined ? {} : { peakFactor }),
  };
  const sessions = {
    ...(sharedPrefix === undefined ? {} : { sharedPrefixTokens: sharedPrefix }),
    ...(turns === undefined ? {} : { turns }),
    ...(hitRate === undefined ? {} : { hitRate: hitRate / 100 }),
  };
  const any = (part: object) => Object.keys(part).length > 0;
  return {
    ...(any(arrivals) ? { arrivals } : {}),
    ...(any(sessions) ? { sessions } : {}),
    ...(offlineTokens === undefined ? {} : { offline: { tokensPerDay: offlineTokens } }),
    ...(traffic === undefined || options.promptTokens !== undefined ? {} : { promptLengths: traffic.prompt }),
    ...(traffic === undefined || encoder || options.outputTokens !== undefined
      ? {}
      : { outputLengths: traffic.output }),
  };
}

function serversOf(options: SizeOptions, host: OwnHost, costs: SiteCosts | undefined) {
  const wanted = options.onPrem === true || options.profile !== undefined || options.host !== undefined;
  if (!wanted || options.cpu === true) return undefined;
  const { gpu, profile } = options;
  if (gpu !== undefined && gpusOfClass(gpu).length === 0) return [];
  const servers = ownServers({
    host,
    ...(gpu === undefined ? {} : { gpuClass: gpu }),
    ...(profile === undefined ? {} : { profile }),
    ...(costs === undefined ? {} : { costs }),
  });
  if (servers.length === 0)
    throw new BadInput(
      `the ${profile ?? ""} profile has no ${gpu ?? ""}; leave out --gpu to see its own, or --profile to size a server with ${gpu ?? "any card"}`,
    );
  return servers;
}

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

const share = z.number().gt(0).max(1);
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, "must be a day such as 2026-11-20");

const costsSchema = z.strictObject({
  shares: z.partialRecord(z.enum(purchaseNames), share).optional(),
  hosted: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        model: z.string().min(1),
        inputUsd: z.number().min(0),
        outputUsd: z.number().min(0),
        source: z.string().min(1),
        asOf: day,
      }),
    )
    .optional(),
  site: z
    .strictObject({
      serverUsd: figure,
      lifeYears: figure,
      residualShare: z.number().min(0).lt(1),
      utilisation: share,
      pue: z.number().min(1),
      usdPerKwh: z.number().min(0),
      hostingUsdPerMonth: z.number().min(0),
      maintenanceShare: z.number().min(0).max(1),
      people: z.number().min(0),
      usdPerPersonYear: z.number().min(0),
    })
    .partial()
    .optional(),
});

/** One's own prices and costs: a YAML or JSON file. */
function readCosts(file: string): OwnFigures {
  let document: unknown;
  try {
    // Days stay text: YAML's own dates would lose what was written.
    document = parseYaml(readFileSync(file, "utf8"), { schema: "core" });
  } catch (error) {
    throw new BadInput(`cannot read the costs in ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const outcome = costsSchema.safeParse(document ?? {});
  if (!outcome.success)
    throw new BadInput(
      `${file} does not hold costs`,
      outcome.error.issues.map((issue) => ({ path: issue.path.join("."), reason: issue.message })),
    );
  const { shares, hosted, site } = outcome.data;
  const models = (hosted ?? []).map((offer) => ({ ...offer, model: findModel(offer.model)?.id ?? offer.model }));
  return {
    ...(shares === undefined ? {} : { shares: defined(shares) }),
    ...(hosted === undefined ? {} : { hosted: models }),
    ...(site === undefined ? {} : { site: defined(site) }),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same without the keys that hold nothing. */
function defined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
