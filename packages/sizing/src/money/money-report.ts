import { hoursPerMonth, instancePrice, isStale, priceExpiryDays } from "@holdfast/catalog";
import { volumeDecision } from "../advice/decision-sheet";
import { ownedServerCost, type OwnedServers, type SiteCosts } from "../advice/own-hardware";
import type { FleetNeed, FleetSizing } from "../fleet";
import { loadOf } from "../load";
import { breakEven } from "./break-even";
import { hostedOffersFor, hostedPrices, hostedUsd, type HostedPrice } from "./hosted-prices";
import { monthlyCost, notOffered, purchaseNames, purchaseOption, type PurchaseName } from "./purchase";
import { usdPerMillionTokens } from "./token-prices";

/** Figures of one's own, in place of list prices and assumptions. */
export interface OwnFigures {
  /** Share of the on-demand price by way of buying. */
  readonly shares?: Partial<Record<PurchaseName, number>>;
  /** Offers of hosted models; they come before the built-in ones. */
  readonly hosted?: readonly HostedPrice[];
  /** What one's own site and servers cost. */
  readonly site?: SiteCosts;
}

export interface MoneyQuestion {
  readonly need: FleetNeed;
  readonly sizing: FleetSizing;
  /** Mean share of what the fleet sustains, over the month. @default 0.4 of what the busiest minute asks for, an assumption */
  readonly utilisation?: number;
  readonly own?: OwnFigures;
  /** ISO date to judge the age of prices. */
  readonly today: string;
}

/** One way to have the fleet, at the stated utilisation. */
export interface MoneyWay {
  readonly name: PurchaseName | "owned";
  readonly monthlyUsd: number;
  /** Per million output tokens (input tokens for an encoder) at the stated utilisation. */
  readonly usdPerMillion: number;
  readonly terms: string;
  /** What the figure rests on where it is not a list price. */
  readonly caveat: string;
  readonly source: string;
  readonly asOf: string;
  readonly stale: boolean;
}

/** A hosted offer for the same tokens. */
export interface HostedComparison {
  readonly offer: HostedPrice;
  /** What the month's tokens cost there. */
  readonly monthlyUsd: number;
  /** Against the list price (owned servers: what they cost), and against the cheapest steady way where that is another. */
  readonly breakEven: readonly HostedBreakEven[];
  readonly stale: boolean;
}

/** From which volume a way of having the fleet is cheaper than the offer. */
export interface HostedBreakEven {
  readonly way: MoneyWay["name"];
  /** Prompt and output tokens together. */
  readonly tokensPerDay: number;
  /** That as a share of what the fleet can pass; above 1 it never pays at this size. */
  readonly ofCapacity: number;
  readonly sentences: readonly string[];
}

export interface MoneyReport {
  readonly utilisation: number;
  /** No utilisation was stated: the mean load is taken as 40 % of the busiest minute's. */
  readonly utilisationAssumed: boolean;
  /** Share of what it sustains that the busiest minute asks for. */
  readonly busiestShare: number;
  /** In the month at that utilisation; `output` is 0 for an encoder. */
  readonly tokensPerMonth: { readonly prompt: number; readonly output: number };
  readonly tokensPerDay: number;
  /** What the volume alone says, by the requirements' bounds. */
  readonly volume: "cloud" | "compute" | "self";
  readonly ways: readonly MoneyWay[];
  /** Ways that this type is not sold in, and why. */
  readonly notOffered: readonly string[];
  readonly owned?: OwnedServers;
  /** The cheapest way that a service for people may rest on. */
  readonly steady: MoneyWay;
  readonly hosted: readonly HostedComparison[];
  /** The arithmetic, a sentence each. */
  readonly why: readonly string[];
  /** What to know about the prices: old ones, estimated ones, assumptions. */
  readonly doubts: readonly string[];
}

/** Mean load over a month as a share of the busiest minute's. An assumption: office hours, nights and weekends. */
const meanToBusiest = 0.4;

/** What a fleet costs by every way of having it, per month and per million tokens, and against hosted models. */
export function moneyReport(question: MoneyQuestion): MoneyReport {
  const { need, sizing, own = {}, today } = question;
  const encoder = sizing.predicted.tpotMs === 0;
  // Where the lengths are known a month is made of mean requests, else of requests at the 95th percentile, as the plan is.
  const load = loadOf(need.workload, sizing.engine.maxModelLen);
  const promptTokens = load.prompt.mean;
  const outputTokens = encoder ? 0 : load.output.mean;
  const sustained = sizing.predicted.tokensPerSecond;
  const perRequest = encoder ? promptTokens : outputTokens;
  const busiestShare = (load.requestsPerSecond * perRequest) / sustained;
  const { peakFactor } = need.workload.arrivals ?? {};
  const meanShare = peakFactor === undefined ? (need.batch === true ? 1 : meanToBusiest) : 1 / peakFactor;
  const utilisation = question.utilisation ?? Math.min(1, busiestShare * meanShare);
  const requests = (sustained / perRequest) * utilisation * hoursPerMonth * 3600;
  const tokensPerMonth = { prompt: requests * promptTokens, output: requests * outputTokens };
  const tokensPerDay = ((tokensPerMonth.prompt + tokensPerMonth.output) / hoursPerMonth) * 24;

  const { ways, refused, owned } = waysOf(question, sustained, utilisation);
  const steady = ways.filter((way) => steadyWays.has(way.name)).sort((a, b) => a.monthlyUsd - b.monthlyUsd)[0];
  const listed = ways[0];
  if (steady === undefined || listed === undefined) throw new RangeError("no way to have the fleet");
  const against = steady === listed ? [listed] : [listed, steady];
  const offers = [...(own.hosted ?? []), ...hostedPrices];
  const hosted = encoder
    ? []
    : hostedOffersFor(sizing.model, promptTokens / outputTokens, offers).map((offer): HostedComparison => {
        return {
          offer,
          monthlyUsd: hostedUsd(offer, tokensPerMonth.prompt, tokensPerMonth.output),
          breakEven: against.map((way) => ({
            way: way.name,
            ...breakEven({
              monthlyUsd: way.monthlyUsd,
              tokensPerSecond: sustained,
              promptPerOutput: promptTokens / outputTokens,
              hosted: offer,
              today,
            }),
          })),
          stale: isStale(offer, today),
        };
      });
  return {
    utilisation,
    utilisationAssumed: question.utilisation === undefined && peakFactor === undefined && need.batch !== true,
    busiestShare,
    tokensPerMonth,
    tokensPerDay,
    volume: volumeDecision(tokensPerDay),
    ways,
    notOffered: refused,
    ...(owned === undefined ? {} : { owned }),
    steady,
    hosted,
    why: whyOf(question, { sustained, utilisation, perRequest, rate: load.requestsPerSecond }, listed, owned),
    doubts: doubtsOf(question, ways, hosted, owned),
  };
}

/** Ways that a service for people may rest on. Spot may vanish, a block ends. */
const steadyWays = new Set<MoneyWay["name"]>(["on-demand", "reserved-1y", "reserved-3y", "owned"]);

function waysOf(question: MoneyQuestion, sustained: number, utilisation: number) {
  const { need, sizing, own = {}, today } = question;
  const perMillion = (monthlyUsd: number) => usdPerMillionTokens(monthlyUsd / hoursPerMonth, sustained, utilisation);
  const ways: MoneyWay[] = [];
  const refused: string[] = [];
  if (need.servers === undefined) {
    const price = instancePrice(sizing.instanceType, need.region);
    for (const name of purchaseNames) {
      const option = purchaseOption(name, sizing.instanceType, need.region);
      const why = notOffered(name, sizing.instanceType);
      if (why !== undefined) {
        refused.push(why);
        continue;
      }
      const stated = own.shares?.[option.name];
      const share = stated ?? option.share;
      const list = option.name === "on-demand" && price !== undefined ? price : option;
      const monthlyUsd = monthlyCost(sizing.usdPerHour / sizing.instances, sizing.instances, { ...option, share });
      ways.push({
        name: option.name,
        monthlyUsd,
        usdPerMillion: perMillion(monthlyUsd),
        terms: option.commitment,
        caveat: stated === undefined ? list.caveat : `own figure: ${share} of on-demand`,
        source: list.source,
        asOf: list.asOf,
        stale:
          stated === undefined &&
          (isStale(list, today) || (option.listed !== true && price !== undefined && isStale(price, today))),
      });
    }
  }
  const owned = ownedServerCost(
    sizing.gpu,
    need.servers?.find((one) => one.name === sizing.instanceType)?.gpus ?? gpusPerInstance(sizing),
    sizing.instances,
    own.site ?? {},
  );
  if (owned.priced || need.servers !== undefined) {
    const life = own.site?.lifeYears ?? 4;
    ways.push({
      name: "owned",
      monthlyUsd: owned.cost.monthlyUsd,
      usdPerMillion: perMillion(owned.cost.monthlyUsd),
      terms: `bought, used ${life} years`,
      caveat: owned.priced
        ? "price of the cards and assumptions about the rest"
        : `no purchase price is known for ${sizing.gpu}: without the servers themselves`,
      source: owned.price?.source ?? (owned.priced ? "own price" : "assumptions"),
      asOf: owned.price?.asOf ?? today,
      stale: owned.price !== undefined && isStale(owned.price, today),
    });
    return { ways, refused, owned };
  }
  refused.push(`no purchase price is known for ${sizing.gpu}: state what a server costs to compare with owning it`);
  return { ways, refused, owned: undefined };
}

function gpusPerInstance({ gpusPerReplica, replicasPerInstance }: FleetSizing): number {
  return gpusPerReplica * replicasPerInstance;
}

function whyOf(
  { sizing, own = {} }: MoneyQuestion,
  { sustained, utilisation, perRequest, rate }: Record<"sustained" | "utilisation" | "perRequest" | "rate", number>,
  way: MoneyWay,
  owned: OwnedServers | undefined,
): string[] {
  const tokens = sizing.predicted.tpotMs > 0 ? "output tokens" : "tokens";
  const perMillion = (usdPerHour: number, share: number) => usdPerMillionTokens(usdPerHour, sustained, share);
  const hour = way.monthlyUsd / hoursPerMonth;
  const lines = [
    ...[1, utilisation].map(
      (share) =>
        `${way.name} at ${percent(share)} of what it sustains: $${hour.toFixed(2)} an hour x 1e6 / (${Math.round(sustained)} tokens/s x 3600 x ${Number(share.toFixed(4))}) = $${perMillion(hour, share).toFixed(2)} per million ${tokens}`,
    ),
    `the busiest minute asks for ${rate} requests/s x ${Math.round(perRequest)} = ${Math.round(rate * perRequest)} of ${Math.round(sustained)} tokens/s`,
  ];
  if (owned !== undefined) {
    const { cost, servers, serverUsd, kilowatts } = owned;
    const site = own.site ?? {};
    const { lifeYears = 4, residualShare = 0.1, utilisation: load = 0.7, pue = 1.4, usdPerKwh = 0.12 } = site;
    const usd = (value: number) => `$${Math.round(value).toLocaleString("en-US")}`;
    lines.push(
      `owned, the servers: ${servers} x ${usd(serverUsd)} x (1 - ${residualShare} left at the end) / ${lifeYears * 12} months = ${usd(cost.depreciationUsd)}`,
      `owned, power: ${servers} x ${kilowatts.toFixed(2)} kW x ${load} mean load x ${hoursPerMonth} h x PUE ${pue} x $${usdPerKwh} = ${usd(cost.powerUsd)}`,
      `owned, place: ${usd(site.hostingUsdPerMonth ?? 500)} a server = ${usd(cost.hostingUsd)}; support and spares: ${percent(site.maintenanceShare ?? 0.05)} of the price a year = ${usd(cost.maintenanceUsd)}`,
      `owned, people: ${site.people ?? 0.5} x ${usd(site.usdPerPersonYear ?? 150_000)} a year / 12 = ${usd(cost.peopleUsd)}; together ${usd(cost.monthlyUsd)} a month`,
    );
  }
  return lines;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function doubtsOf(
  question: MoneyQuestion,
  ways: readonly MoneyWay[],
  hosted: readonly HostedComparison[],
  owned: OwnedServers | undefined,
): string[] {
  const doubts: string[] = [];
  const old = ways.filter((way) => way.stale);
  if (old.length > 0)
    doubts.push(
      `STALE, older than ${priceExpiryDays} days: ${old.map((way) => `${way.name} of ${way.asOf}`).join(", ")}`,
    );
  const price =
    question.need.servers === undefined ? instancePrice(question.sizing.instanceType, question.need.region) : undefined;
  if (price !== undefined && price.caveat !== "") doubts.push(`on-demand: ${price.caveat}`);
  const oldOffers = hosted.filter((one) => one.stale);
  if (oldOffers.length > 0)
    doubts.push(
      `STALE, older than ${priceExpiryDays} days: ${oldOffers.length} hosted price${oldOffers.length > 1 ? "s" : ""}, the oldest of ${oldOffers.map((one) => one.offer.asOf).sort()[0] ?? ""}`,
    );
  const unverified = hosted.find((one) => one.offer.unverified !== undefined);
  if (unverified !== undefined) doubts.push(`hosted: ${unverified.offer.unverified ?? ""}`);
  const rough = ways.filter((way) => way.caveat.startsWith("rule of thumb"));
  if (rough.length > 0)
    doubts.push(`rules of thumb, state your own with --costs: ${rough.map((way) => way.name).join(", ")}`);
  if (owned !== undefined)
    doubts.push(
      "owned: life, power price, PUE, place, support and people are assumptions: state your own with --costs",
    );
  return doubts;
}
