import { findGpu } from "@holdfast/catalog";
import type { FleetSizing } from "../fleet";
import type { OwnServer } from "../own-server";
import type { OwnHost, SiteCosts } from "./own-hardware";
import { airflow, plannedGpuWatts, serverPower, siteEnergy, type ServerPower, type SiteEnergy } from "./power";
import { hostFindings, powerFindings, profileForLoad, serverProfiles, type ServerProfile } from "./server-profile";
import { diskFindings, loadTime } from "./storage";

/** One thing that a site must have, held against what it has. */
export interface SiteCheck {
  readonly what: "power" | "cooling" | "rack" | "memory" | "disk" | "network" | "redundancy" | "profile";
  readonly ok: boolean;
  /** The figures, and what is missing. */
  readonly finding: string;
}

export interface SitePlan {
  readonly servers: number;
  readonly server: OwnServer;
  /** Of one server at full load. */
  readonly power: ServerPower;
  /** Air through one server at a rise of 27 degrees Fahrenheit (15 kelvin), cubic feet a minute. */
  readonly airflowCfm: number;
  /** Of all servers, in an average month at the stated mean load. */
  readonly energy: SiteEnergy;
  readonly racks: number;
  readonly checks: readonly SiteCheck[];
}

export interface SiteQuestion {
  readonly sizing: FleetSizing;
  readonly server: OwnServer;
  readonly requestsPerSecond: number;
  readonly batch?: boolean;
  readonly host?: OwnHost;
  readonly profile?: ServerProfile["name"];
  readonly costs?: SiteCosts;
}

/** What an air-cooled rack can carry off, kW (handbook: such racks end at 25 to 30). */
const airCooledRackKw = 25;
/** Host memory that a production server has at least, and one that holds large models or works in batches, GB (GPU-R12). */
const memoryFloors = { least: 32, larger: 64 } as const;
const largerModelBytes = 30e9;
/** Weights should be there within so many seconds. */
const patienceSeconds = 600;
/** Between servers that share a replica, Gb/s (GPU-R11). */
const fabricGbps = 200;
/** Rise of the air through a server, degrees Fahrenheit. */
const airRise = 27;

/** Power, heat, racks and energy of own hardware, and what of it does not hold. */
export function sitePlan(question: SiteQuestion): SitePlan {
  const { sizing, server, costs = {} } = question;
  const power = serverPower(server.gpu, server.gpus, plannedGpuWatts(server.gpu));
  const servers = sizing.instances;
  const kilowatts = (power.drawnWatts * servers) / 1000;
  return {
    servers,
    server,
    power,
    airflowCfm: airflow(power.loadWatts, airRise),
    energy: siteEnergy(kilowatts, costs.utilisation ?? 0.7, costs.pue ?? 1.4, costs.usdPerKwh ?? 0.12),
    racks: Math.ceil(kilowatts / airCooledRackKw),
    checks: [
      ...powerChecks(question, power),
      rackCheck(power, servers),
      memoryCheck(question),
      ...diskChecks(question),
      ...networkChecks(question),
      redundancyCheck(question),
      ...profileChecks(question),
    ],
  };
}

const watts = (value: number) => `${Math.round(value).toLocaleString("en-US")} W`;

function powerChecks({ server, host, profile }: SiteQuestion, power: ServerPower): SiteCheck[] {
  const supplies = host?.supplies ?? suppliesOf(profile);
  const coolingWatts = host?.coolingWatts ?? serverProfiles.find((one) => one.name === profile)?.coolingWatts;
  const findings = powerFindings({
    gpu: server.gpu,
    gpus: server.gpus,
    ...(supplies === undefined ? {} : { supplies }),
    ...(coolingWatts === undefined ? {} : { coolingWatts }),
  });
  const told = (what: "power" | "cooling") =>
    findings.filter((one) => one.startsWith(`${what}: `)).map((one) => one.slice(what.length + 2));
  const supply =
    supplies === undefined
      ? `${watts(power.drawnWatts)} drawn: buy two supplies of ${watts(power.supplyWatts)} each, so that one alone carries the server`
      : `${watts(power.drawnWatts)} drawn, supplies ${supplies.join(" + ")} W${supplies.length > 1 ? ", one alone carries it" : ", no second one: a dead supply is a dead server"}`;
  const heat = `${watts(power.loadWatts)} of heat = ${Math.round(power.btuPerHour).toLocaleString("en-US")} BTU/h = ${power.tons.toFixed(2)} tons a server`;
  const check = (what: "power" | "cooling", good: string): SiteCheck[] => {
    const bad = told(what);
    return bad.length === 0
      ? [{ what, ok: true, finding: good }]
      : bad.map((finding) => ({ what, ok: false, finding }));
  };
  return [...check("power", supply), ...check("cooling", heat)];
}

function suppliesOf(profile: ServerProfile["name"] | undefined): number[] | undefined {
  const supplies = serverProfiles.find((one) => one.name === profile)?.supplies;
  return supplies === undefined ? undefined : Array<number>(supplies.count).fill(supplies.watts);
}

function rackCheck(power: ServerPower, servers: number): SiteCheck {
  const kilowatts = power.drawnWatts / 1000;
  const each = Math.floor(airCooledRackKw / kilowatts);
  return each < 1
    ? {
        what: "rack",
        ok: false,
        finding: `a server draws ${kilowatts.toFixed(1)} kW, more than an air-cooled rack of ${airCooledRackKw} kW takes: liquid cooling`,
      }
    : {
        what: "rack",
        ok: true,
        finding: `${servers} x ${kilowatts.toFixed(1)} kW; an air-cooled rack of ${airCooledRackKw} kW takes ${each} of them`,
      };
}

/** Host memory: the floor of the requirements, and room to read the weights of one replica from the page cache. */
function memoryCheck({ sizing, server, batch = false }: SiteQuestion): SiteCheck {
  const weightsGb = sizing.weightsBytes / 1e9;
  const larger = batch || sizing.weightsBytes > largerModelBytes;
  const floor = larger ? memoryFloors.larger : memoryFloors.least;
  const loader = Math.ceil(weightsGb + 16);
  const needs = Math.max(floor, loader);
  const why =
    needs === loader && loader > floor
      ? `${weightsGb.toFixed(0)} GB of weights pass through it, and 16 for the system`
      : larger
        ? "batch work or a model above 30 GB"
        : "the least of a production server";
  const missing = needs - server.memoryGb;
  return {
    what: "memory",
    ok: missing <= 0,
    finding: `${server.memoryGb} GB of host memory, ${needs} needed (${why})${missing > 0 ? `: ${missing} GB missing` : ""}`,
  };
}

function diskChecks({ sizing, server, host }: SiteQuestion): SiteCheck[] {
  const readMBps = host?.diskMBps ?? 5000;
  const findings = diskFindings(sizing.weightsBytes, { sizeGb: server.storageGb, readMBps });
  if (findings.length > 0)
    return findings.map((finding) => ({ what: "disk", ok: false, finding: finding.replace(/^disk: /, "") }));
  const { seconds } = loadTime(sizing.weightsBytes, { diskMBps: readMBps });
  return [
    {
      what: "disk",
      ok: true,
      finding: `${server.storageGb} GB; weights load in ${Math.ceil(seconds)} s at ${readMBps} MB/s${host?.diskMBps === undefined ? " (NVMe assumed)" : ""}`,
    },
  ];
}

function networkChecks({ sizing, server }: SiteQuestion): SiteCheck[] {
  const { seconds } = loadTime(sizing.weightsBytes, { networkGbps: server.networkGbps });
  const patient = seconds <= patienceSeconds;
  const copy: SiteCheck = {
    what: "network",
    ok: patient,
    finding: `${server.networkGbps} Gb/s copy ${(sizing.weightsBytes / 1e9).toFixed(0)} GB of weights to a server in ${Math.ceil(seconds)} s${patient ? "" : `, more than ${patienceSeconds}`}`,
  };
  const hosts = sizing.hostsPerReplica;
  if (hosts <= 1) return [copy];
  const ok = server.networkGbps >= fabricGbps;
  return [
    copy,
    {
      what: "network",
      ok,
      finding: `a replica spans ${hosts} servers: ${server.networkGbps} Gb/s between them, ${fabricGbps} (InfiniBand HDR, the large profile) needed${ok ? "" : `: ${fabricGbps - server.networkGbps} missing`}`,
    },
  ];
}

function redundancyCheck({ sizing }: SiteQuestion): SiteCheck {
  const ok = sizing.instances > 1;
  return {
    what: "redundancy",
    ok,
    finding: ok
      ? `${sizing.instances} servers: one may be serviced while the others answer`
      : "one server: when it is down nothing answers (ask for --replicas 2)",
  };
}

function profileChecks({ server, profile, host, requestsPerSecond }: SiteQuestion): SiteCheck[] {
  const byLoad = profileForLoad(requestsPerSecond);
  const chosen = serverProfiles.find((one) => one.name === profile);
  if (chosen === undefined) {
    const name = byLoad ?? "none: between medium and large it is sized, not guessed";
    return [{ what: "profile", ok: true, finding: `${requestsPerSecond} requests/s: ${name}` }];
  }
  const [, most] = chosen.requestsPerSecond;
  const checks = hostFindings({ ...server, ...host, gpus: server.gpus }, chosen)
    .filter((finding) => !/^(power|cooling): /.test(finding))
    .map((finding): SiteCheck => ({ what: "profile", ok: false, finding }));
  if (most !== undefined && requestsPerSecond > most)
    checks.push({
      what: "profile",
      ok: false,
      finding: `${requestsPerSecond} requests/s are above the ${chosen.name} profile's ${most}${byLoad === undefined ? "" : `: the ${byLoad} profile is for that`}`,
    });
  if (findGpu(server.gpu) !== undefined && checks.length === 0)
    checks.push({ what: "profile", ok: true, finding: `meets the ${chosen.name} profile` });
  return checks;
}
