import {
  comparePlaces,
  decisionSheet,
  moneyReport,
  neighbours,
  recommendEngine,
  sitePlan,
  type DecisionInputs,
  type DecisionLine,
  type EngineAdvice,
  type FleetSizing,
  type MoneyReport,
  type Neighbour,
  type PlaceComparison,
  type SitePlan,
} from "@holdfast/sizing";
import type { SizeQuestion } from "./size-need";
import type { ModelChoice } from "./size-model";
import type { SizeOptions } from "./size-options";

/** The sheet for self-hosting against a cloud, and what of it was assumed. */
export interface Decision {
  readonly recommendation: ReturnType<typeof decisionSheet>["recommendation"];
  readonly lines: readonly DecisionLine[];
  readonly assumptions: readonly string[];
}

/** Everything that is known of one sizing. */
export interface SizeResult {
  readonly question: SizeQuestion;
  readonly sizing: FleetSizing;
  readonly neighbours: readonly Neighbour[];
  readonly money: MoneyReport;
  readonly engineChoice: EngineAdvice;
  /** Which model was taken, where only its use was stated. */
  readonly modelChoice?: ModelChoice;
  readonly site?: SitePlan;
  readonly decision?: Decision;
  /** The cloud and servers of one's own, side by side. */
  readonly places?: PlaceComparison;
}

/** Works out the money, the neighbours, the site and the decision of a sizing. */
export function resultOf(options: SizeOptions, question: SizeQuestion, sizing: FleetSizing, today: string): SizeResult {
  const { need, own, host, beside } = question;
  const priced = {
    own,
    today,
    ...(options.utilisation === undefined ? {} : { utilisation: options.utilisation / 100 }),
  };
  const money = moneyReport({ need, sizing, ...priced });
  const server = need.servers?.find((one) => one.name === sizing.instanceType);
  const site =
    server === undefined
      ? undefined
      : sitePlan({
          sizing,
          server,
          requestsPerSecond: need.workload.requestsPerSecond,
          batch: need.batch ?? false,
          host,
          ...(options.profile === undefined ? {} : { profile: options.profile }),
          ...(own.site === undefined ? {} : { costs: own.site }),
        });
  const engineChoice = recommendEngine({
    substrate: options.substrate ?? (server === undefined ? "aws-ec2" : "kubernetes"),
    gpu: true,
    production: (need.minimumReplicas ?? 1) > 1,
    concurrency: sizing.maxConcurrency,
    gguf: /^i?q\d/.test(sizing.format),
  });
  return {
    question,
    sizing,
    neighbours: neighbours(need, sizing),
    money,
    engineChoice,
    ...(site === undefined ? {} : { site }),
    ...(beside === undefined ? {} : { places: comparePlaces({ need, servers: beside, ...priced }) }),
    ...(asksForDecision(options) ? { decision: decisionOf(options, money, need.workload.requestsPerSecond) } : {}),
  };
}

/** Options that only the decision sheet reads: one of them is enough to ask for it. */
function asksForDecision(options: SizeOptions): boolean {
  const { dataClass, regulation, airGapped, trade, ownModel, prototype, intermittent, networkMs } = options;
  return (
    options.decide === true ||
    options.agreement === false ||
    options.expertise === false ||
    [dataClass, regulation, airGapped, trade, ownModel, prototype, intermittent, networkMs].some(
      (one) => one !== undefined,
    )
  );
}

function decisionOf(options: SizeOptions, money: MoneyReport, requestsPerSecond: number): Decision {
  const assumptions: string[] = [];
  const or = <T>(value: T | undefined, assumed: T, text: string): T => {
    if (value === undefined) assumptions.push(text);
    return value ?? assumed;
  };
  const inputs: DecisionInputs = {
    dataClass: or(options.dataClass, "internal", "internal data (--data-class)"),
    regulations: or(options.regulation, [], "no regulation (--regulation)"),
    airGapped: options.airGapped ?? false,
    processingAgreement: options.agreement ?? true,
    tokensPerDay: money.tokensPerDay,
    networkMs: or(options.networkMs, 200, "200 ms on the network (--network-ms)"),
    fineTunedOrOwnModels: options.ownModel ?? false,
    expertise: options.expertise ?? true,
    highAvailability: options.replicas > 1,
    stage: options.prototype === true ? "prototype" : "production",
    intellectualProperty: options.trade ?? false,
    requestsPerSecond: requestsPerSecond * money.utilisation,
    batchWork: options.offline ?? false,
    intermittent: options.intermittent ?? false,
  };
  if (options.agreement !== false) assumptions.push("a provider signs a processing agreement (--no-agreement)");
  if (options.expertise !== false) assumptions.push("someone runs GPUs, Linux and on-call (--no-expertise)");
  return { ...decisionSheet(inputs), assumptions };
}
