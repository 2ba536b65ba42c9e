import type { FleetNeed, FleetSizing } from "../fleet";
import type { OwnServer } from "../own-server";
import { sizeFleet } from "../size-fleet";
import { moneyReport, type MoneyReport, type OwnFigures } from "./money-report";

/** One need to be placed in the cloud's region and on servers of one's own. */
export interface PlacesQuestion {
  /** Without `servers`: it is sized on the region's instance types as it stands. */
  readonly need: FleetNeed;
  /** The servers that one has or would buy, see `ownServers`. */
  readonly servers: readonly OwnServer[];
  /** Own prices and costs. */
  readonly own?: OwnFigures;
  /** Mean share of what the fleet sustains, over the month. @default as in `moneyReport` */
  readonly utilisation?: number;
  /** How often the load is doubled to see where the cheaper place changes. @default 6: up to 64 times */
  readonly doublings?: number;
  /** ISO date to judge the age of prices. */
  readonly today: string;
}

/** What the need takes in one place. */
export interface Place {
  readonly where: "cloud" | "own servers";
  readonly sizing: FleetSizing;
  readonly money: MoneyReport;
  /** US dollars a month at the price that needs no promise: on demand, or owned with people. */
  readonly monthlyUsd: number;
}

/** A place that cannot carry the need, and why. */
export interface NoPlace {
  readonly where: Place["where"];
  readonly reason: string;
}

export interface PlaceComparison {
  readonly places: readonly (Place | NoPlace)[];
  /** Absent where only one place can. */
  readonly cheaper?: Place["where"];
  /** US dollars a month between them; 0 where only one place can. */
  readonly differenceUsd: number;
  /** The first doubling of the load from which the other place is the cheaper one; absent where there is none. */
  readonly turnsAt?: { readonly factor: number; readonly requestsPerSecond: number };
  /** The comparison in sentences. */
  readonly why: readonly string[];
}

/** Sizes one need in the cloud and on servers of one's own, each with the configuration that is best there, and says which costs less. */
export function comparePlaces(question: PlacesQuestion): PlaceComparison {
  const cloud = placed(question, "cloud", 1);
  const own = placed(question, "own servers", 1);
  const places = [cloud, own];
  if (!isPlace(cloud) || !isPlace(own)) {
    const why = places.filter((one) => !isPlace(one)).map((one) => `${one.where}: ${isPlace(one) ? "" : one.reason}`);
    return { places, differenceUsd: 0, why };
  }
  const { doublings = 6 } = question;
  const cheaper = cheaperOf(cloud, own);
  const differenceUsd = Math.abs(cloud.monthlyUsd - own.monthlyUsd);
  const turnsAt = turningPoint(question, cheaper, doublings);
  const people = own.money.owned?.cost.peopleUsd ?? 0;
  const usd = (value: number) => `$${Math.round(value).toLocaleString("en-US")}`;
  const other = cheaper === "cloud" ? "own servers" : "the cloud";
  return {
    places,
    cheaper,
    differenceUsd,
    ...(turnsAt === undefined ? {} : { turnsAt }),
    why: [
      `${cheaper === "cloud" ? "the cloud" : "own servers"}: ${usd(differenceUsd)} a month cheaper, on demand (${usd(cloud.monthlyUsd)}) against owned with people (${usd(own.monthlyUsd)}, of which people ${usd(people)}); people are counted for own servers only`,
      ...(turnsAt === undefined && doublings === 0
        ? []
        : [
            turnsAt === undefined
              ? `${other} would not be cheaper at up to ${2 ** doublings} times the load either`
              : `from about ${turnsAt.factor} times the load on, ${Number(turnsAt.requestsPerSecond.toPrecision(3))} requests/s, ${other} ${other === "the cloud" ? "is" : "are"} cheaper`,
          ]),
    ],
  };
}

export function isPlace(one: Place | NoPlace): one is Place {
  return "sizing" in one;
}

function cheaperOf(cloud: Place, own: Place): Place["where"] {
  return own.monthlyUsd < cloud.monthlyUsd ? "own servers" : "cloud";
}

function turningPoint(
  question: PlacesQuestion,
  cheaper: Place["where"],
  doublings: number,
): PlaceComparison["turnsAt"] {
  for (let i = 1; i <= doublings; i++) {
    const factor = 2 ** i;
    const [cloud, own] = [placed(question, "cloud", factor), placed(question, "own servers", factor)];
    if (!isPlace(cloud) || !isPlace(own)) return undefined;
    if (cheaperOf(cloud, own) !== cheaper)
      return { factor, requestsPerSecond: question.need.workload.requestsPerSecond * factor };
  }
  return undefined;
}

function placed(question: PlacesQuestion, where: Place["where"], factor: number): Place | NoPlace {
  const { workload } = question.need;
  const loaded = {
    ...question.need,
    workload: { ...workload, requestsPerSecond: workload.requestsPerSecond * factor },
    servers: question.servers,
  };
  const need: FleetNeed = where === "cloud" ? withoutServers(loaded) : loaded;
  const outcome = sizeFleet(need);
  if (!outcome.ok) return { where, reason: outcome.reason };
  const { own, utilisation, today } = question;
  const money = moneyReport({
    need,
    sizing: outcome.sizing,
    today,
    ...(own === undefined ? {} : { own }),
    ...(utilisation === undefined ? {} : { utilisation }),
  });
  const [listed] = where === "cloud" ? money.ways : money.ways.filter((way) => way.name === "owned");
  if (listed === undefined) return { where, reason: `no price is known for ${outcome.sizing.instanceType}` };
  return { where, sizing: outcome.sizing, money, monthlyUsd: listed.monthlyUsd };
}

function withoutServers(need: FleetNeed): FleetNeed {
  return Object.fromEntries(Object.entries(need).filter(([name]) => name !== "servers")) as unknown as FleetNeed;
}
